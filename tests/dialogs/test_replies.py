"""The cards of the four kinds of step: what stands on them, and which buttons."""

from pathlib import Path

import pytest

from dialogs.reply import Reply
from tests.dialogs.sample import loaded
from tests.dialogs.talks import Player, assistant_of

BOOK = "Source: A book on tea (a publisher, May 2013)"


@pytest.fixture
def player(tmp_path: Path) -> Player:
    return Player(assistant_of(loaded(tmp_path)))


def card(player: Player, *said: str) -> Reply:
    """The card that is shown after this."""
    for text in said:
        player.say(text)
    return player.replies[-1]


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


def test_a_choice(player: Player) -> None:
    shown = card(player, "make tea")
    assert (shown.heading, shown.place) == ("Make tea", "Step 1 of about 3")
    assert (shown.text, shown.copy) == ("Is there any tea?", "")
    assert shown.source == f"{BOOK}, “Overview”", "of the procedure, as the step names none"
    assert labels(shown) == ["There is", "There is none", "Cancel", "Talk to a person"]
    assert [button.primary for button in shown.buttons] == [True, True, False, False]


def test_a_question(player: Player) -> None:
    shown = card(player, "make tea", "1")
    assert labels(shown) == ["Back", "I don't know it", "Cancel", "Talk to a person"]


def test_a_question_that_was_answered_before(player: Player) -> None:
    shown = card(player, "make tea", "1", "bob@live.com", "back")
    keep = ["Keep bob@live.com", "Back", "I don't know it", "Cancel", "Talk to a person"]
    assert labels(shown) == keep


def test_something_to_do(player: Player) -> None:
    shown = card(player, "make tea", "1", "bob@contoso.com")
    assert [reply.text for reply in player.replies] == [
        "Warm the cup of bob@contoso.com first.",
        "Boil **water**.",
    ]
    assert shown.copy == "bob(contoso.com)@msn.com"
    assert shown.place == "Step 3 of about 3"
    assert shown.source == f"{BOOK}, “Boiling water”"
    assert shown.picture
    assert shown.picture.alt.startswith("The Kettle window. Water is chosen")
    assert shown.picture.told == f"Picture: {shown.picture.alt}"
    assert player.replies[0].picture is None
    assert labels(shown) == ["Done", "Back", "This didn't work", "Cancel", "Talk to a person"]


def test_whether_it_worked(player: Player) -> None:
    shown = card(player, "make tea", "1", "bob@contoso.com", "done")
    assert (shown.heading, shown.place, shown.source) == ("Make tea", "", "")
    assert labels(shown) == ["Yes", "No", "Talk to a person"]


def test_the_first_step_has_no_way_back_and_each_card_has_a_number(player: Player) -> None:
    assert labels(card(player, "make coffee"))[:2] == ["Done", "This didn't work"]
    assert [card(player, "repeat").card for _ in range(3)] == [2, 3, 4]


def test_a_procedure_that_goes_on_in_another_keeps_its_title(player: Player) -> None:
    shown = card(player, "make tea", "1", "bob@contoso.com", "done", "no")
    assert (shown.heading, shown.text) == ("Make tea", "Grind the beans.")
    assert shown.source == BOOK, "of the procedure where it stands"


def test_an_article(player: Player) -> None:
    shown = card(player, "what is tea")
    assert (shown.heading, shown.text) == ("What is tea?", "**Tea** is made of leaves and water.")
    assert shown.source == BOOK
    assert shown.buttons == ()
