"""What a conversation learns about accounts, and the audit of who asked about whom."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.directory.answer import Status, Unanswered
from bot.directory.callers import Allowance
from bot.directory.rows import ACCOUNT, ON_PREMISES, ONLINE, SERVICE
from bot.directory.sip import LONGEST_LOGGED, strict
from dialogs.memory import AccountCheck
from dialogs.model import Finding, PicStatus

audit = logging.getLogger("bot.directory.audit")

OUTCOMES = {True: "yes", False: "no", None: "unknown"}
UNKNOWN = Finding("unknown")
REFUSAL = "refused"
"""The verdict in the audit log where nobody was asked."""
REFUSED = Finding("unknown", refused=True)
TOO_OFTEN = Finding("unknown", too_often=True)
A_MINUTE = 30
"""Accounts of others that one person may look up; more at once is no help but a list."""


@dataclass(frozen=True)
class Accounts:
    """Looks accounts up for conversations; `status` asks the directory, None where there is none.

    `status` raises Unanswered, which is unknown to people: the cause stands in the log. `allowance`
    is how often each person may ask about others.
    """

    status: Callable[[str], Awaitable[Status]] | None
    allowance: Allowance

    async def find(self, want: PicStatus) -> Finding:
        """How an account stands. Who asked about somebody else is written down, whatever comes of
        it."""
        address = strict(want.address)
        if want.by and self.allowance.wait(want.by) > 0:
            _note(want, REFUSAL)
            return TOO_OFTEN
        finding = await self._found(address) if address else REFUSED
        if want.by:
            unanswered = REFUSAL if finding.refused else "unanswered"
            _note(want, finding.account.verdict if finding.account else unanswered)
        return finding

    async def _found(self, address: str) -> Finding:
        if self.status is None:
            return UNKNOWN
        try:
            return _finding(await self.status(address))
        except Unanswered:
            return UNKNOWN


def note_refusal(want: PicStatus) -> None:
    """Writes down who asked about somebody else and may not."""
    _note(want, REFUSAL)


def _note(want: PicStatus, verdict: str) -> None:
    """Writes down who asked about whom; what is no address is cut, and its control characters are
    escaped."""
    about = strict(want.address) or ascii(want.address[:LONGEST_LOGGED])
    audit.info("asked", extra={"caller": want.by, "about": about, "verdict": verdict})


def _finding(status: Status) -> Finding:
    """A verdict as the conversation takes it; a check that it has no words for is left out."""
    verdicts = {row.id: str(row.verdict) for row in (*ACCOUNT, *ON_PREMISES, *ONLINE, SERVICE)}
    results = ((verdicts[c.id], c.result) for c in status.checks if c.id in verdicts)
    account = AccountCheck(
        address=status.address,
        enabled=status.pic_enabled,
        verdict=status.verdict,
        who=status.who or "",
        policy=status.policy.identity if status.policy else "",
        scope=status.policy.scope if status.policy else "",
        source=status.source,
        results=tuple(results),
        at=_utc(status.checked_at),
        as_of=_utc(status.as_of),
    )
    return Finding(OUTCOMES[status.pic_enabled], account)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
