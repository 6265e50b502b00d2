"""What a person does with cases, where talks do not reach; they play the rest."""

from dataclasses import replace

from dialogs.library import load
from dialogs.model import CaseShown, Finding, Message, MyCases, PicStatus, Want
from tests.dialogs.talks import PERSON, ROOT, Player, assistant_of

LIBRARY = load(ROOT / "knowledge")


def standing() -> Player:
    """Somebody who has just handed a case over."""
    player = Player(assistant_of(LIBRARY, desk=True))
    for text in ("add a skype contact", "talk to a person", "hand it over"):
        player.say(text)
    return player


def test_cases_that_cannot_be_read_are_said_to_be_kept() -> None:
    player = standing()
    message = Message(PERSON, "my cases")
    found: dict[Want, Finding] = {MyCases(PERSON.address): Finding("unknown")}

    outcome = player.assistant.answer(message, player.progress, found)
    assert "They are kept" in outcome.replies[0].text


def test_the_desk_was_faster_than_the_question_for_a_note() -> None:
    player = standing()
    player.say("add a note")
    player.cases[0] = player.cases[0].model_copy(update={"state": "closed"})

    outcome = player.say("It works in the morning")
    assert outcome.done is None
    assert "Nothing has changed: case LS-0001 is already closed." in player.heard()


def test_the_desk_was_faster_than_who_withdraws() -> None:
    player = standing()
    player.say("withdraw")
    player.cases[0] = player.cases[0].model_copy(update={"state": "resolved"})

    assert player.say("yes").done is None
    assert "is already resolved" in player.heard()


def test_news_of_a_case_leave_the_question_open_that_was_asked() -> None:
    player = standing()
    player.say("withdraw")
    news = CaseShown(id="LS-0001", title="", state="submitted", ticket="17")
    player.hear(replace(Message(PERSON), ticket=news))
    assert "as ticket 17" in player.heard()

    assert player.say("yes").done
    assert "is withdrawn" in player.heard()


def test_what_is_said_while_something_is_looked_up() -> None:
    said = assistant_of(LIBRARY).meanwhile

    assert "your account" in said(PERSON, PicStatus(PERSON.address))
    assert "that account" in said(PERSON, PicStatus("bob@contoso.com"))
    assert "your cases" in said(PERSON, MyCases(PERSON.address))
