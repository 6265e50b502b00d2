"""What a conversation learns about accounts, and the audit of who asked about whom."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.directory.answer import Status, Unanswered
from bot.directory.rows import ACCOUNT, ON_PREMISES, ONLINE, SERVICE
from bot.directory.sip import strict
from dialogs.model import AccountCheck, Finding, PicStatus

audit = logging.getLogger("bot.directory.audit")

OUTCOMES = {True: "yes", False: "no", None: "unknown"}
UNKNOWN = Finding("unknown")


@dataclass(frozen=True)
class Accounts:
    """Looks accounts up for conversations; `status` asks the directory, None where there is none.

    `status` raises Unanswered, which is unknown to people: the cause stands in the log.
    """

    status: Callable[[str], Awaitable[Status]] | None

    async def find(self, want: PicStatus) -> Finding:
        """How an account stands. Who asked about somebody else is written down, whatever comes of
        it."""
        address = strict(want.address)
        if self.status is None or address is None:
            return UNKNOWN
        finding = await self._found(address)
        if want.by:
            verdict = finding.account.verdict if finding.account else "unanswered"
            audit.info("asked", extra={"caller": want.by, "about": address, "verdict": verdict})
        return finding

    async def _found(self, address: str) -> Finding:
        assert self.status
        try:
            return _finding(await self.status(address))
        except Unanswered:
            return UNKNOWN


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
