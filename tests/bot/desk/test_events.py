"""What a desk tells is read strictly: what is signed can still lie."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.desk.events import LARGEST_EVENT, LONGEST_COMMENT, Event, Malformed, read_event
from bot.desk.signature import Forged, Signer
from tests.bot.desk.test_signature import NEW, OLD, OTHER
from tests.fakes import NOON

SIGNER = Signer((NEW, OLD))
TOLD: dict[str, Any] = {
    "id": "event-1",
    "case_id": "case-1",
    "state": "resolved",
    "comment": "Solved.",
    "at": "2026-11-03T12:00:00Z",
}


def read(body: bytes, secret: str = NEW, key: str = "event-1") -> Event:
    """What is read of a request that is signed as it should be."""
    return read_event(Signer((secret,)).headers(key, body, NOON), body, NOON, SIGNER)


def told(**fields: Any) -> bytes:
    """An event in order, but for these fields; None: it is left out."""
    given = {name: value for name, value in (TOLD | fields).items() if value is not None}
    return json.dumps(given).encode()


def test_an_event() -> None:
    event = read(told(), OLD)

    assert (event.id, event.case_id, event.state) == ("event-1", "case-1", "resolved")
    assert (event.comment, event.at) == ("Solved.", datetime(2026, 11, 3, 12, tzinfo=UTC))
    with pytest.raises(ValidationError):
        event.state = "new"  # type: ignore[misc]


@pytest.mark.parametrize("left_out", ["state", "comment"])
def test_a_state_or_a_comment_is_enough(left_out: str) -> None:
    assert getattr(read(told(**{left_out: None})), left_out) is None


def test_a_comment_is_plain_and_bounded() -> None:
    event = read(told(comment="<b>\x1b[31m" + "x" * LONGEST_COMMENT, state="on\nhold"))

    assert event.comment
    assert event.comment.startswith("<b>[31mxx")
    assert (len(event.comment), event.state) == (LONGEST_COMMENT, "on hold")


@pytest.mark.parametrize("secret", [OTHER])
def test_what_is_forged_is_not_read(secret: str) -> None:
    with pytest.raises(Forged):
        read(b"no JSON either", secret)


def test_an_old_one_is_not_read() -> None:
    headers = SIGNER.headers("event-1", told(), NOON)
    with pytest.raises(Forged):
        read_event(headers, told(), NOON + timedelta(minutes=6), SIGNER)


LIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "all of it: Invalid JSON"),
    "no JSON": (b"<html>", "all of it: Invalid JSON"),
    "half of it": (told()[:-5], "all of it: Invalid JSON"),
    "another JSON": (b"[1]", "all of it: "),
    "nested without end": (b"[" * 100_000, "all of it: Invalid JSON: recursion limit"),
    "NaN": (told()[:-1] + b', "x": NaN}', "another field: Extra inputs"),
    "no case": (told(case_id=None), "case_id: Field required"),
    "an empty case": (told(case_id=""), "case_id: String should have at least 1"),
    "a long case": (told(case_id="c" * 201), "case_id: String should have at most 200"),
    "a case of two lines": (told(case_id="case\n1"), "case_id: String should match"),
    "a number for a text": (told(case_id=1), "case_id: Input should be a valid string"),
    "a list for a text": (told(comment=["x"]), "comment: Input should be a valid string"),
    "neither state nor comment": (told(state=None, comment=None), "neither a state nor"),
    "a comment of nothing": (told(state=None, comment="\x00"), "neither a state nor a comment"),
    "an empty state": (told(state=""), "state: String should have at least"),
    "a long state": (told(state="s" * 101), "state: String should have at most"),
    "another field": (told(bob="bob@contoso.com"), "another field: Extra inputs"),
    "a number for a time": (told(at=1793707200), "at: Input should be a valid datetime"),
    "a time of nowhere": (told(at="2026-11-03T12:00:00"), "at: Input should have timezone"),
    "no time": (told(at="soon"), "at: Input should be a valid datetime"),
    "the future": (told(at="2026-11-03T12:05:01Z"), "in the future"),
    "another id": (told(id="event-2"), "Its id is another one"),
    "half a character": (b'{"id": "\\ud800"}', "all of it: Invalid JSON"),
}


@pytest.mark.parametrize(("body", "why"), LIES.values(), ids=LIES)
def test_a_lie_is_refused_and_not_repeated(body: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why) as refused:
        read(body)

    assert "bob" not in str(refused.value)
    assert len(str(refused.value)) < 500


def test_a_huge_body_is_refused_before_anything_is_made_of_it() -> None:
    huge = b" " * (LARGEST_EVENT + 1)
    with pytest.raises(Malformed, match="larger than"):
        read_event({}, huge, NOON, SIGNER)
