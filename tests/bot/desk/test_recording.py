"""What becomes of a case that a person hands over."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk.desk import Ticket
from bot.desk.recording import Recorder, Route, shown
from bot.storage.records import Case, Reference
from dialogs.memory import Draft
from dialogs.model import Recorded

TO = Reference(channel="msteams", conversation="1", user_id="29:1", user_name="A user", locale="en")
DRAFT = Draft(
    title="Presence unknown",
    text="It began on Monday.",
    topic="presence-unknown",
    verdict="pic_policy_off",
    details=("From: lync.user@fabrikam.com", "Procedure: none: really"),
)
RECORDED = Recorded("LS-0000-0001", "lync.user@fabrikam.com", DRAFT, "User: hello")
ROUTES = {"pic_policy_off": Route("administrators", "high"), "presence-unknown": Route("users")}


def recorder(**changes: object) -> Recorder:
    whole: dict[str, Any] = {"desk": "roundup", "chance": bytes, **changes}
    return Recorder(**whole)


@pytest.mark.parametrize(
    ("drawn", "case_id"),
    [
        (bytes(5), "LS-0000-0000"),
        (b"\xff" * 5, "LS-ZZZZ-ZZZZ"),
        (bytes([0, 0, 0, 0x10, 0x41]), "LS-1240-0000"),
    ],
)
def test_an_id_can_be_said_on_the_telephone(drawn: bytes, case_id: str) -> None:
    assert recorder(chance=lambda number: drawn[:number]).new_id() == case_id


def test_a_case_carries_all_that_its_person_was_shown_and_where_they_are() -> None:
    case = recorder().case(RECORDED, TO)

    assert (case.id, case.person, case.desk, case.title) == (
        "LS-0000-0001",
        "lync.user@fabrikam.com",
        "roundup",
        "Presence unknown",
    )
    ticket = Ticket.model_validate_json(case.content)
    assert (ticket.id, ticket.title, ticket.text) == (case.id, DRAFT.title, DRAFT.text)
    assert case.transcript == "User: hello"
    assert "transcript" not in json.loads(case.content)
    assert ticket.details == (
        ("Procedure", "none: really"),
        ("Channel", "msteams"),
        ("Locale", "en"),
    )


@pytest.mark.parametrize(
    ("verdict", "topic", "queue"),
    [
        ("pic_policy_off", "presence-unknown", "administrators"),
        ("enabled", "presence-unknown", "users"),
        ("", "presence-unknown", "users"),
        ("", "", ""),
    ],
)
def test_a_case_goes_where_it_can_be_mended(verdict: str, topic: str, queue: str) -> None:
    draft = DRAFT.model_copy(update={"verdict": verdict, "topic": topic})
    case = recorder(routes=ROUTES).case(Recorded("LS-0000-0001", "u", draft), TO)

    assert Ticket.model_validate_json(case.content).queue == queue


@pytest.mark.parametrize(
    ("content", "changed", "text"),
    [
        ('{"text": "It began on Monday."}', None, "It began on Monday."),
        ('{"text": "It began on Monday."}', "On Tuesday.", "On Tuesday."),
        ("{}", None, ""),
        ("no ticket", None, ""),
    ],
)
def test_a_case_reads_as_its_person_has_changed_it(
    content: str, changed: str | None, text: str
) -> None:
    never = datetime(2026, 11, 22, tzinfo=UTC)
    case = Case(
        id="LS-0000-0001",
        key="",
        person="",
        desk="",
        title="",
        content=content,
        state="recorded",
        ticket="",
        link="",
        version=1,
        at=never,
        changed_at=never,
        text=changed,
    )

    assert shown(case).text == text
