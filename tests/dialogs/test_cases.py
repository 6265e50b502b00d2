"""What a person does with cases, where talks do not reach; they play the rest."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.storage.records import CaseState, ToldState
from dialogs.case_ids import ids
from dialogs.case_news import LONGEST_COMMENT
from dialogs.library import load
from dialogs.model import (
    CaseNews,
    CaseShown,
    Finding,
    Found,
    Message,
    MyCases,
    Person,
    PicStatus,
    Press,
    SaidHere,
    Want,
)
from dialogs.own_cases import SHOWN, STATES
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
    found: dict[Want, Finding] = {MyCases(PERSON.owner): Finding("unknown")}

    outcome = player.assistant.answer(message, player.progress, found)
    assert "They are kept" in outcome.replies[0].text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LS-7Q2M-K9XD", "LS-7Q2M-K9XD"),
        ("#ls-7q2m-k9xd", "LS-7Q2M-K9XD"),
        ("Is it “ls-7q2m-k9xd”?", "LS-7Q2M-K9XD"),
        ("(LS-7Q2M-K9XD).", "LS-7Q2M-K9XD"),
        ("LS–7Q2M–K9XD", "LS-7Q2M-K9XD"),
        ("ls7q2mk9xd", "LS-7Q2M-K9XD"),
        ("ls-7q2mk9xd", "LS-7Q2M-K9XD"),
        ("my case ls 8nt0 r4tk, please", "LS-8NT0-R4TK"),
        ("LS 8nt0-r4tk", "LS-8NT0-R4TK"),
        ("LS-O1LI-abcd", "LS-0111-ABCD"),
        ("LS-ABCD-EFGH", "LS-ABCD-EFGH"),
        ("see ls abcd e9gh", ""),
        ("can ls 2013 talk to skype", ""),
        ("lsabcdefgh", ""),
        ("LS-0001: it works", "LS-0001"),
        ("LS-0001 here now", "LS-0001"),
        ("ls-7q2m-k9x", "LS-7Q2M-K9X"),
        ("ls-team-chat1", "LS-TEAM-CHAT1"),
        ("ls-1@contoso.com", ""),
        ("ls-7q2m-k9xd@contoso.com", ""),
        ("bob@ls-7q2m-k9xd.contoso.com", ""),
        ("https://desk/ls-7q2m-k9xd", ""),
        ("ls-7q2m-k9xd.contoso.com", ""),
        ("ls-team, lsass and ls -la", ""),
        ("ls-fe01", ""),
        ("also, tails", ""),
    ],
)
def test_the_id_of_a_case_is_found_however_it_is_written(text: str, found: str) -> None:
    assert " ".join(ids(text)) == found


def test_a_text_that_is_an_id_and_nothing_else_needs_no_digits_in_all_its_parts() -> None:
    assert ids("“ls abcd e9gh”") == ("LS-ABCD-E9GH",)


@pytest.mark.parametrize("text", ["LS-8NT0-R4TK", "Status of my case ls 8nt0 r4tk", "#Ls8nt0r4tk"])
def test_an_older_case_is_asked_for_by_its_id(text: str) -> None:
    player = standing()

    outcome = player.assistant.answer(Message(PERSON, text), player.progress, {})
    assert outcome.wants == (MyCases(PERSON.owner, "LS-8NT0-R4TK"),)


def test_news_ask_nothing_of_who_is_in_the_middle_of_a_procedure() -> None:
    player = standing()
    player.say("continue")
    hear(player, CaseNews(player.cases[0].model_copy(update={"state": "resolved"})))
    assert player.progress.asking is None

    player.say("no")
    assert player.cases[0].state == "recorded"


def test_a_question_of_the_desk_is_answered_on_one_card() -> None:
    player = standing()
    waiting = player.cases[0].model_copy(update={"state": "waiting"})
    hear(player, CaseNews(waiting, "Which version?"))

    words, state = player.replies
    assert (words.copy, words.buttons) == ("Which version?", ())
    assert [button.label for button in state.buttons] == ["Answer"]


def test_open_cases_come_first_and_only_some_are_shown() -> None:
    player = standing()
    closed = [CaseShown(id=f"LS-{n:04d}", title="Bob", state="closed") for n in range(2, 30)]
    player.cases += closed

    player.say("my cases")
    lines = [line for line in player.heard().splitlines() if line.startswith("- ")]
    assert [line[4:11] for line in lines[:3]] == ["LS-0001", "LS-0029", "LS-0028"]
    assert len(lines) == SHOWN
    assert "There are more." in player.heard()

    player.cases = player.cases[:SHOWN]
    player.say("my cases")
    assert "There are more." not in player.heard()


def test_a_long_note_is_kept_until_its_case_is_named() -> None:
    player = standing()
    player.cases += [player.cases[0].model_copy(update={"id": f"LS-{n:04d}"}) for n in range(2, 9)]
    note = "- first?\n- " + "x" * 3900
    player.say(f"add a note:\n{note}")
    assert player.progress.asking
    assert player.progress.asking.note == note

    done = player.say("ls-0002").done
    assert done
    assert (done.case, done.text) == ("LS-0002", note)


def test_a_case_that_is_mentioned_in_a_long_text_is_not_asked_for() -> None:
    text = "the icon of Bob is gone again today just as it was in case LS-0001"

    assert standing().say(text).understood != "case"
    assert standing().say(f"status: {text}").understood == "case"


def test_an_address_that_begins_like_the_wish_for_a_note_is_an_address() -> None:
    assert standing().say("add note@contoso.com on skype").done is None


def test_every_way_in_which_no_case_stands_as_is_wanted_has_its_words() -> None:
    assert set(LIBRARY.words.case.none_stands) == set(STATES)


@pytest.mark.parametrize(("state", "after"), [("waiting", "assigned"), ("submitted", "submitted")])
def test_a_note_answers_what_the_desk_has_asked(state: str, after: str) -> None:
    player = standing()
    player.cases[0] = player.cases[0].model_copy(update={"state": state, "by": "desk"})

    done = player.say("add a note: It is Lync 2013").done
    assert done
    assert (done.kind, done.state) == ("note", after)


def test_the_desk_was_faster_than_the_question_for_a_note() -> None:
    player = standing()
    player.say("add a note")
    player.cases[0] = player.cases[0].model_copy(update={"state": "closed", "by": "desk"})

    outcome = player.say("It works in the morning")
    assert outcome.done is None
    assert "the helpdesk was faster, and case LS-0001 is closed." in player.heard()


def test_the_desk_was_faster_than_who_has_the_card_before_them() -> None:
    player = standing()
    player.say("edit case")
    player.cases[0] = player.cases[0].model_copy(update={"state": "closed", "by": "desk"})

    values = {"title": "Bob is offline", "text": "On Monday"}
    player.hear(Message(PERSON, press=Press("save LS-0001", values=values)))
    assert "the helpdesk was faster, and case LS-0001 is closed." in player.heard()

    player.say("edit LS-0001")
    assert "Nothing has changed: case LS-0001 is closed." in player.heard()


def test_the_desk_was_faster_than_who_withdraws() -> None:
    player = standing()
    player.say("withdraw")
    player.cases[0] = player.cases[0].model_copy(update={"state": "resolved"})

    assert player.say("yes").done is None
    assert "Nothing has changed: case LS-0001 is resolved." in player.heard()


def test_news_of_a_case_leave_the_question_open_that_was_asked() -> None:
    player = standing()
    player.say("withdraw")
    news = CaseShown(id="LS-0001", title="", state="submitted", ticket="17")
    player.hear(replace(Message(PERSON), event=CaseNews(news)))
    assert "as ticket 17" in player.heard()

    assert player.say("yes").done
    assert "is withdrawn" in player.heard()


def hear(player: Player, news: CaseNews) -> None:
    player.hear(Message(PERSON, event=news))


def test_an_agents_words_are_shown_as_they_stand_and_bounded() -> None:
    player = standing()
    said = "**bold** [x](javascript:alert(1)) {case} withdraw LS-0001 " + "x" * 5000
    hear(player, CaseNews(player.cases[0], said, moved=False))

    [reply] = player.replies
    assert reply.text == "The helpdesk writes about case LS-0001:"
    assert reply.copy == said[: LONGEST_COMMENT - 1] + "…"
    assert [button.says for button in reply.buttons] == ["add a note LS-0001"]
    assert player.cases[0].state == "recorded"


def test_words_with_a_state_come_first_and_ask_nothing_else() -> None:
    player = standing()
    resolved = player.cases[0].model_copy(update={"state": "resolved"})
    hear(player, CaseNews(resolved, "It works again."))

    words, state = player.replies
    assert (words.copy, words.buttons) == ("It works again.", ())
    assert [button.label for button in state.buttons] == ["Yes", "No"]


def test_news_do_not_take_the_place_of_what_was_asked() -> None:
    player = standing()
    player.say("cancel")
    player.say("add a note")
    resolved = player.cases[0].model_copy(update={"state": "resolved"})
    hear(player, CaseNews(resolved))

    assert player.progress.asking
    assert player.progress.asking.kind == "note"


@pytest.mark.parametrize(("label", "by"), [("Yes", "reopened"), ("No", "withdrawn")])
def test_who_answers_too_late_is_told_how_the_case_stands(label: str, by: str) -> None:
    player = standing()
    hear(player, CaseNews(player.cases[0].model_copy(update={"state": "resolved"})))
    player.cases[0] = player.cases[0].model_copy(update={"state": by})

    assert player.say(f"[{label}]").done is None
    assert "Nothing has changed: case LS-0001 is" in player.heard()


def test_whether_it_works_is_answered_without_the_button() -> None:
    for said, kind in {"it works now": "closed", "still not": "reopened"}.items():
        player = standing()
        player.say("cancel")
        player.cases[0] = player.cases[0].model_copy(update={"state": "resolved"})
        hear(player, CaseNews(player.cases[0]))

        outcome = player.say(said)
        assert outcome.done
        assert (outcome.done.kind, outcome.done.state) == (kind, kind)


def test_every_state_that_a_desk_tells_has_its_words() -> None:
    words = LIBRARY.words.case

    assert set(get_args(ToldState)) <= set(words.news)
    assert set(get_args(CaseState)) == set(words.states)


def test_what_is_said_while_something_is_looked_up() -> None:
    said = assistant_of(LIBRARY).meanwhile

    assert "your account" in said(PERSON, PicStatus(PERSON.address))
    assert "that account" in said(PERSON, PicStatus("bob@contoso.com"))
    assert "your cases" in said(PERSON, MyCases(PERSON.owner))
    assert "our conversation" in said(PERSON, SaidHere("room"))


def test_a_conversation_of_which_nothing_is_kept_has_nothing_to_show() -> None:
    player = Player(assistant_of(LIBRARY, desk=True, transcripts="redacted"))
    player.say("talk to a person")
    player.lines.clear()
    player.say("[Show what is attached]")

    assert "Nothing has been said yet that could be attached." in player.heard()


def test_cases_that_are_found_too_late_are_not_told() -> None:
    """Their person was told to ask again."""
    player = standing()
    late: Found = {MyCases(PERSON.owner): Finding("found", cases=tuple(player.cases))}

    assert player.hear(Message(PERSON, late=late)).replies == ()


def test_nobody_has_the_cases_of_who_is_called_alike_elsewhere() -> None:
    owners = {
        Person("lync.user@fabrikam.com", channel="email").owner,
        Person("lync.user@fabrikam.com").owner,
        Person("1", channel="sms").owner,
        Person("1", channel="msteams").owner,
        Person("1", address="Lync.User@fabrikam.com", channel="msteams").owner,
    }
    assert len(owners) == 5
    assert Person("2", address="lync.user@fabrikam.com").owner in owners
