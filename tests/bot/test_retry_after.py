"""When a server wants to be asked again, as far as it says so plainly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbound import LONGEST_WAIT, retry_after

DATE = "Tue, 03 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0.0),
        ("007", 7.0),
        (" 120 ", 120.0),
        ("3601", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("Tue, 03 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 03 Nov 2026 11:00:00 GMT", 0.0),
        ("Wed, 04 Nov 2026 12:00:00 GMT", LONGEST_WAIT),
        ("", None),
        ("-1", None),
        (" 1.5 ", 1.5),
        ("999999999999999999.5", LONGEST_WAIT),
        (".", None),
        ("1.", None),
        ("٣", None),
        ("inf", None),
        ("soon", None),
        ("²", None),
        ("Tue, 99 Nov 2026 12:00:30 GMT", None),
    ],
)
def test_what_is_said_plainly_is_heard(said: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": said, "Date": DATE}) == seconds


def test_a_date_without_the_servers_own_says_nothing() -> None:
    assert retry_after({"Retry-After": DATE}) is None
    assert retry_after({}) is None


@given(st.text(), st.text())
def test_whatever_is_said_nobody_waits_for_ever(said: str, date: str) -> None:
    found = retry_after({"Retry-After": said, "Date": date})

    assert found is None or 0 <= found <= LONGEST_WAIT
