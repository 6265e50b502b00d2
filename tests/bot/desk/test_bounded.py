"""Text at the door of a desk: nothing but plain, and no longer than it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.bounded import latest, line, plain


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:b) **c** `d`",
        '=cmd|"/c calc"!A0',
        "a\n\tb",
        "👩‍🚀 é",
    ],
)
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(text, 100) == latest(text, 100) == text


def test_what_controls_a_screen_or_is_half_a_character_goes() -> None:
    assert plain("a\x00\x1b[31m\x7f\x9b\ud800b\r\nc\rd", 100) == "a[31mb\nc\nd"
    assert line("Subject\r\nBcc: bob@contoso.com\t!", 100) == "Subject Bcc: bob@contoso.com !"


def test_what_is_too_long_is_cut_where_it_matters_least() -> None:
    assert (plain("abcdef", 3), line("abcdef", 3), latest("abcdef", 3)) == ("ab…", "ab…", "…ef")
    assert (plain("abc", 3), line("abc", 3), latest("abc", 3)) == ("abc", "abc", "abc")


@given(st.text(st.characters(codec=None, exclude_categories=())), st.integers(1, 20))
def test_whatever_comes_can_be_sent_and_is_short(text: str, longest: int) -> None:
    for shown in (plain(text, longest), latest(text, longest), line(text, longest)):
        assert len(shown) <= longest
        shown.encode()
    assert "\n" not in line(text, longest)
