"""Answers as people type them."""

import pytest

from dialogs.addresses import AddressRules
from dialogs.answers import clean, following, pick, read

RULES = AddressRules()
OPTIONS = ["It is their Lync address", "I have another address", "They are on Skype, too"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("e-mail address", "bob@contoso.com", "bob@contoso.com"),
        ("e-mail address", "it is <Bob@Contoso.com>, I think", "Bob@contoso.com"),
        ("sip address", "sip:bob@contoso.com", "bob@contoso.com"),
        ("sip address", "bob(contoso.com)@msn.com", "bob(contoso.com)@msn.com"),
        ("free text", "  on Monday ", "on Monday"),
        ("free text", " ", None),
    ],
)
def test_an_answer_is_read_by_its_kind(kind: str, text: str, value: str | None) -> None:
    assert read(kind, text, RULES).value == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bob.smith", "skype-name"),
        ("bob@contoso.com or ted@contoso.com", "two-ats"),
        ("no address in here", "no-address"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(text: str, why: str) -> None:
    answer = read("e-mail address", text, RULES)
    assert answer.value is None
    assert answer.refused
    assert answer.refused.why == why


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("it is their lync address!", OPTIONS[0]),
        ("another address", OPTIONS[1]),
        ("well, they are on Skype, too", OPTIONS[2]),
        ("they are on skpye, too", OPTIONS[2]),
        ("it isn't their lync address", None),
        ("address", None),
        ("too", None),
        ("…", None),
    ],
)
def test_an_option_is_picked_by_its_words(text: str, option: str | None) -> None:
    assert pick(text, OPTIONS) == option


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("just one", "One"),
        ("all", "All, in every organisation"),
        ("al", None),
        ("one after the other was lost", None),
        ("in", None),
    ],
)
def test_a_short_option_is_picked_where_little_else_is_said(text: str, option: str | None) -> None:
    assert (
        pick(text, ["One", "Several in one organisation", "All, in every organisation"]) == option
    )


def test_what_two_options_hold_picks_neither() -> None:
    assert pick("a group of friends", ["Group of friends A", "Group of friends B"]) is None
    assert pick("Group of friends", ["Group of friends A", "Group of friends B"]) is None
    assert pick("Group of friendz A", ["Group of friends A", "Group of friends B"]) is None


def test_text_is_kept_without_what_nobody_typed() -> None:
    assert clean("bu\u0308cher\x00\ud800\x1b[1m\n\tok\x85") == "bücher[1m\n\tok"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Edit  the address", "the address"),
        ("edit: bob@contoso.com", "bob@contoso.com"),
        ("edit my case LS-0001", "LS-0001"),
        ("edit my cases", "my cases"),
        ("editor", None),
        ("I edit", None),
    ],
)
def test_what_follows_a_phrase_is_read_behind_the_longest(text: str, rest: str | None) -> None:
    assert following(text, ["edit", "edit my case"]) == rest
