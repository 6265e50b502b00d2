"""Text as a desk is given it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.desk import Ticket
from bot.desk.plain import CUT, LONGEST_TITLE, description, line, plain


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\r\nb\rc\x85d\u2028e\u2029f\ng\th", "a\nb\nc\nd\ne\nf\ng\th"),
        ("a\x00\x07\x0b\x0c\x1b[1m\x7f\x9b", "a[1m"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("a\ud800b\ufffe", "ab"),
        ("👩‍👩‍👧 é <b>&amp;</b> =1+1 \"'", "👩‍👩‍👧 é <b>&amp;</b> =1+1 \"'"),
    ],
)
def test_control_characters_go_and_the_rest_stays(text: str, left: str) -> None:
    assert plain(text) == left


@given(st.text(), st.integers(min_value=3, max_value=300))
def test_a_line_is_one_and_not_too_long(text: str, longest: int) -> None:
    told = line(text, longest)

    assert len(told.encode()) <= longest
    assert "\n" not in told
    assert told == line(told, longest)


def test_a_line_that_is_too_long_ends_in_an_ellipsis() -> None:
    assert line("x" * LONGEST_TITLE) == "x" * LONGEST_TITLE
    assert line("x" * (LONGEST_TITLE + 1)) == "x" * (LONGEST_TITLE - 3) + CUT
    assert line("日本" * 100) == "日本" * 32 + "日" + CUT


def test_a_description_says_which_case_it_is_who_asks_and_what_is_known() -> None:
    details = (("Version", "2013"), ("A\nname", "two\nlines"))
    case = Ticket(
        id="LS-7Q2M-K9XD", title="t", text="It fails.\n", requester="bob", details=details
    )

    assert description(case) == (
        "It fails.\n\n\nCase: LS-7Q2M-K9XD\nRequester: bob\nVersion: 2013\nA name: two\nlines"
    )
