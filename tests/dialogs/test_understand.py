"""Dialog acts with their typing mistakes, and topics in words of one's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.classifier import Model
from dialogs.lexicon import Lexicon
from dialogs.library import load
from dialogs.model import OUTSIDE, SHOWN_ACTS, Act
from dialogs.training import train
from dialogs.understand import (
    MARGIN,
    OFFERED,
    REJECTED,
    Guess,
    Understander,
    Understanding,
    examples,
)
from tests.dialogs.talks import ROOT, understander_of
from tests.dialogs.texts import TEXTS

LIBRARY = load(ROOT / "knowledge")
UNDERSTANDER = understander_of(LIBRARY)
EVERYTHING = {*LIBRARY.topics, *SHOWN_ACTS}


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
        ("ADD A LYNC CONTACT ON SKYPE!!", "add-lync-contact"),
        ("WHAT IS A MICROSOFT ACCOUNT", "what-is-a-microsoft-account"),
        ("what is the ? next to my contact", "question-mark-status"),
        ("my messages to her never arive, it says delivery faild", "messages-not-delivered"),
        ("which cmdlet do i need for the skype provider", "configure-skype-provider"),
        ("do we need lync 2013 for skype federation", "supported-server-versions"),
        ("hello", "greeting"),
        ("I need a human", "talk-to-a-person"),
        ("can I please speak with somebody who is real about that", "talk-to-a-person"),
        ("thanks a lot, you have helped me very much", "thanks"),
    ],
)
def test_a_topic_is_known_by_its_words(text: str, topic: str) -> None:
    understood = UNDERSTANDER.understand(text)
    assert understood.decision == "answer"
    assert understood.guesses[0].topic == topic
    assert understood.act == (topic if topic in SHOWN_ACTS else None)


@pytest.mark.parametrize("label", sorted(examples(LIBRARY)))
def test_each_phrasing_is_met_surely(label: str) -> None:
    for text in examples(LIBRARY)[label]:
        understood = UNDERSTANDER.understand(text)
        if label == OUTSIDE:
            assert understood.decision == "unknown", text
        else:
            assert (understood.decision, understood.guesses[0].topic) == ("answer", label), text


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("add a skype contact: bob@live.com", "add-skype-contact"),
        ("lync contact bob(contoso.com)@msn.com, add", "add-skype-contact-custom-domain"),
        ("add lync contact lync.user@fabrikam.com", "add-lync-contact"),
    ],
)
def test_an_address_tells_something_and_hides_nothing(text: str, topic: str) -> None:
    assert topic in [guess.topic for guess in UNDERSTANDER.understand(text).guesses]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "🙂🙂",
        "flibbertigibbet",
        "done",
        "contoso",
        "bob@contoso.com",
        "the printer is on fire",
        "how do i record a meeting in teams",
        "\u202eтест",
        "<bob@live.com>; ted@contoso.com",
    ],
)
def test_what_is_about_nothing_known(text: str) -> None:
    understood = UNDERSTANDER.understand(text)
    assert understood.decision == "unknown"
    assert understood.act is None


def test_what_may_be_two_topics_is_asked_back() -> None:
    understood = UNDERSTANDER.understand("skype and lync contacts")
    assert understood.decision == "choose"
    assert 2 <= len(understood.offered) <= OFFERED
    assert understood.act is None


def test_words_of_two_letters_are_not_repaired() -> None:
    assert not UNDERSTANDER.understand("ad a skype contact onn lync").repaired.keys() & {"ad"}


def test_what_was_repaired_is_told() -> None:
    understood = UNDERSTANDER.understand("add a skpye contcat, bob@contoso.com")
    assert understood.words == ("add", "a", "skpye", "contcat", "@other")
    assert understood.repaired == {"skpye": "skype", "contcat": "contact"}


# --- how it is decided -----------------------------------------------------------------------

TEXTS_BY_LABEL = {
    "tea": ("make tea", "boil leaves in water", "put the kettle on for tea"),
    "coffee": ("make coffee", "grind the beans", "put the beans in the mill for coffee"),
    OUTSIDE: ("buy a car", "the weather of tomorrow", "where is my hat"),
}


@pytest.fixture(scope="module")
def drinks() -> Model:
    return train(TEXTS_BY_LABEL, Lexicon())


def test_what_is_likely_outside_is_unknown(drinks: Model) -> None:
    understood = Understander({}, {}, Lexicon(), drinks).understand("where is my car")
    assert understood.outside >= REJECTED
    assert understood.decision == "unknown"


def test_a_phrasing_that_is_met_is_sure_though_another_topic_is_likely(drinks: Model) -> None:
    near = Understander({}, {}, Lexicon(), drinks).understand("make it")
    assert near.decision == "choose"
    assert near.guesses[0].score - near.guesses[1].score < MARGIN

    met = Understander({}, {"coffee": ("Make it!",)}, Lexicon(), drinks).understand("make it")
    assert met == Understanding("answer", (Guess("coffee", 1.0),), words=("make", "it"))


def test_nothing_is_understood_where_nothing_is_known(drinks: Model) -> None:
    understood = Understander({}, {}, Lexicon(), drinks).understand("xyz 77")
    assert understood == Understanding("unknown", words=("xyz", "77"))


def test_one_topic_alone_can_be_the_answer() -> None:
    model = train({"tea": ("make tea",), OUTSIDE: ("buy a hat",)}, Lexicon())
    understood = Understander({}, {}, Lexicon(), model).understand("tea, make it")
    assert understood.offered == ("tea",)
    assert understood.decision == "answer"


# --- whatever is sent ------------------------------------------------------------------------

HOSTILE = {
    "one letter": "a" * 100_000,
    "words": "skype lync " * 9_000,
    "unknown words": " ".join(f"skipe{'abcdefghij'[n % 10]}y" * (n % 3 + 1) for n in range(9_000)),
    "addresses": "bob@contoso.com " * 6_000,
    "other addresses": " ".join(f"bob{n}@contoso{n}.com" for n in range(5_000)),
    "at signs": "@" * 100_000,
    "question marks": "? " * 50_000,
    "brackets": "(" * 50_000 + ")" * 50_000,
    "control characters": "".join(map(chr, range(32))) * 3_000,
    "combining marks": "e" + "\u0301" * 100_000,
    "right to left": "\u202e\u200f contact \u202c" * 5_000,
    "mixed scripts": "скайп ｓｋｙｐｅ スカイプ שלום " * 4_000,
    "emoji": "🙂👍🏽👨‍👩‍👧" * 10_000,
    "punctuation": "!.,;:-–—…'’“”" * 8_000,
    "lone surrogates": "\ud800 skype" * 10_000,
    "expanding": "ﷺ" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_come_to_an_end(name: str) -> None:
    check(HOSTILE[name])


@given(TEXTS)
@settings(deadline=None)
def test_any_text_comes_to_a_decision(text: str) -> None:
    check(text)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_characters_come_to_a_decision(text: str) -> None:
    check(text)


def check(text: str) -> None:
    """What holds of every understanding."""
    understood = UNDERSTANDER.understand(text)
    scores = [guess.score for guess in understood.guesses]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in [*scores, understood.outside])
    assert {guess.topic for guess in understood.guesses} <= EVERYTHING
    assert len(scores) <= OFFERED
    assert (understood.decision == "unknown") or scores
    assert understood == UNDERSTANDER.understand(text)


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        ("request", "choose"),
        ("the request", "choose"),
        ("my request has never arrived at my colleague", "answer"),
        ("custom domain", "answer"),
        ("question mark", "answer"),
    ],
)
def test_a_word_or_two_are_asked_back_unless_they_are_a_phrasing(said: str, decision: str) -> None:
    assert UNDERSTANDER.understand(said).decision == decision
