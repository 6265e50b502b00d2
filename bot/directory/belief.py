"""What is believed of an answer: its form, and that it follows from the checks that it carries."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.directory.answer import CheckShown, Refusal, SipDomains, Status, Unanswered
from bot.directory.rows import ACCOUNT, ON_PREMISES, ONLINE, ORGANISATION, SERVICE, Answer, Row, Who
from bot.directory.verdict import Result
from dialogs.verdicts import Verdict

Form = TypeVar("Form", bound=BaseModel)

ROWS = {row.id: row for row in (*ACCOUNT, *ON_PREMISES, *ONLINE, *ORGANISATION, SERVICE)}
ONLY_ONLINE = {row.id for row in ONLINE} - {row.id for row in ON_PREMISES}
ORDER: tuple[Result, ...] = ("fail", "unknown", "pass")
"""Of several results the first of these decides."""
TRUTH = {"fail": False, "unknown": None, "pass": True}
UNKNOWN_PATH = "It does not know the path (status 404). Check ASSISTANT_DIRECTORY_URL."


def user(status: int, body: bytes, address: str) -> Status | None:
    """The verdict on a user, of an answer with status 200 or 404; None: there is no such user.

    Raises Unanswered for what cannot be believed.
    """
    if status == 200:
        found = _read(Status, body)
        if found.address != address:
            raise Unanswered("It answered about somebody else.")
        if lie := contradiction(found):
            raise Unanswered(f"Its answer contradicts itself: {lie}.")
        return found
    if _read(Refusal, body).verdict == Verdict.USER_NOT_FOUND:
        return None
    raise Unanswered(UNKNOWN_PATH)


def sip_domains(status: int, body: bytes) -> tuple[str, ...]:
    """The organisation's SIP domains, in the same way."""
    if status == 200:
        return _read(SipDomains, body).sip_domains
    raise Unanswered(UNKNOWN_PATH)


def _read(form: type[Form], body: bytes) -> Form:
    try:
        return form.model_validate_json(body)
    except ValidationError:  # whose text holds what was answered, and about whom
        what = "Its answer has the wrong form. Is ASSISTANT_DIRECTORY_URL an admin API of ours?"
        raise Unanswered(what) from None


def contradiction(status: Status) -> str:
    """Which of its answers does not follow from the checks of a status; empty: each one does.

    Checks that we do not know may belong to any answer; those that are left out are unknown.
    """
    results = list(_results(status.checks))
    strange = [check.result for check in status.checks if check.id not in ROWS]
    answers: tuple[tuple[str, Answer, bool | None], ...] = (
        ("pic_enabled", "pic", status.pic_enabled),
        ("route_ready", "route", status.route_ready),
        ("service_available", "service", status.service_available),
    )
    for name, answer, told in answers:
        own = [result for row, result in results if row.answer == answer]
        if told not in {_all(own), *(_all([*own, other]) for other in strange)}:
            return name
    if (status.verdict, status.who) not in _headlines(status.pic_enabled, results):
        return "verdict"
    return ""


def _results(checks: tuple[CheckShown, ...]) -> Iterator[tuple[Row, Result]]:
    """The rows that we know with what came of them, and at the end those that are left out."""
    yield from ((ROWS[check.id], check.result) for check in checks if check.id in ROWS)
    shown = {check.id for check in checks}
    decide = ONLINE if shown & ONLY_ONLINE else ON_PREMISES
    yield from ((row, "unknown") for row in (*ACCOUNT, *decide, SERVICE) if row.id not in shown)


def _all(results: Iterable[Result]) -> bool | None:
    return TRUTH[min(results, key=ORDER.index)]


def _headlines(
    enabled: bool | None, results: list[tuple[Row, Result]]
) -> Iterator[tuple[str, Who | None]]:
    """What the verdict may be, with who can mend it."""
    asked = [(row, result) for row, result in results if not row.warning]
    for row, result in asked:
        if result == "fail":
            yield str(row.verdict), row.who
            return
    yield "enabled" if enabled else "unknown", None
    hinders = (row for row, result in asked if row.id == "home" and result == "unknown")
    yield from ((str(row.verdict), row.who) for row in hinders)
