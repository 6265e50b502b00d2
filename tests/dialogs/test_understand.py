"""Dialog acts with their typing mistakes, and topics in words of one's own."""

import pytest

from dialogs.library import load
from dialogs.model import Act
from dialogs.understand import MARGIN, Understander, Understanding
from tests.dialogs.talks import ROOT

UNDERSTANDER = Understander.of(load(ROOT / "knowledge"))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Done!", "done"),
        ("OK", "done"),
        ("It DIDN’T work.", "stuck"),
        ("it didnt work", "stuck"),
        ("cna't find it", None),
        ("i wnat to tlak to a person", "talk-to-a-person"),
        ("I want to talk to person", "talk-to-a-person"),
        ("sya again", "repeat"),
        ("goback", "back"),
        ("dnoe", None),
        ("sone", None),
        ("baack", None),
        ("", None),
        ("…", None),
        ("?", "help"),
    ],
)
def test_an_act_is_known_by_its_whole_text(text: str, act: Act | None) -> None:
    assert UNDERSTANDER.act(text) == act


@pytest.mark.parametrize(
    "text",
    ["it did work", "that did work", "it does work", "this works", "i can find it", "I see it"],
)
def test_what_went_well_is_not_taken_for_a_mistyped_failure(text: str) -> None:
    assert UNDERSTANDER.act(text) == "done"


@pytest.mark.parametrize("text", ["i do see it", "i have an idea", "i have found it not there"])
def test_the_opposite_of_a_phrase_is_not_that_phrase(text: str) -> None:
    assert UNDERSTANDER.act(text) is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How do I add a Skype contact in Lync?", "add-skype-contact"),
        ("add a skpye contcat", "add-skype-contact"),
        ("add bob@contoso.com on skype", "add-skype-contact"),
        ("add a lync contact on skype", "add-lync-contact"),
        ("WHAT IS A MICROSOFT ACCOUNT", "what-is-a-microsoft-account"),
        ("hello", "greeting"),
        ("I need a human", "talk-to-a-person"),
    ],
)
def test_a_topic_is_known_by_its_words(text: str, topic: str) -> None:
    understood = UNDERSTANDER.understand(text)
    assert understood.decision == "answer"
    assert understood.guesses[0].topic == topic


@pytest.mark.parametrize("text", ["", "!", "🙂🙂", "flibbertigibbet", "done", "contoso"])
def test_what_is_about_nothing_known(text: str) -> None:
    assert UNDERSTANDER.understand(text).decision == "unknown"


def test_what_may_be_two_topics_is_asked_back() -> None:
    understood = UNDERSTANDER.understand("add contact skype lync")
    assert understood.decision == "choose"
    assert 2 <= len(understood.guesses) <= 3


def test_a_phrase_that_is_met_exactly_is_sure_though_another_is_near() -> None:
    phrases = {"now": ("which colours can a red and blue contact have in a list now",)}
    phrases["ever"] = ("which colours can a red and blue contact have in a list",)
    understood = Understander(phrases, {}).understand(phrases["ever"][0])
    assert [guess.topic for guess in understood.guesses] == ["ever", "now"]
    assert understood.guesses[0].score - understood.guesses[1].score < MARGIN
    assert understood.decision == "answer"


def test_short_words_are_not_repaired() -> None:
    assert not UNDERSTANDER.understand("ad a skype contact onn lync").repaired


def test_what_was_repaired_is_told() -> None:
    understood = UNDERSTANDER.understand("add a skpye contcat, bob@contoso.com")
    assert understood.words == ("add", "a", "skpye", "contcat")
    assert understood.repaired == {"skpye": "skype", "contcat": "contact"}


def test_nothing_is_understood_where_nothing_is_known() -> None:
    empty = Understander({}, {})
    assert empty.understand("add a skype contact") == Understanding(
        "unknown", words=("add", "a", "skype", "contact"), repaired={}
    )
