"""Is a user enabled? What the conversation and `check` ask, wherever the answer comes from."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Protocol

from bot.directory import answer
from bot.directory.answer import Fixes, Status, Unanswered
from bot.directory.facts import Account, Facts
from bot.directory.kept import Kept
from bot.directory.pause import Paused
from bot.directory.sip import strict
from bot.directory.source import Known, Source, Unreadable

log = logging.getLogger(__name__)

Observe = Callable[[str, float], None]
"""Told of each question: `answered` or `unknown`, and the seconds that it took."""


def unobserved(_: str, __: float) -> None:
    """Counts nothing."""


class Directory(Protocol):
    """Who is asked: an admin API over HTTP, or a source in this process."""

    async def status(self, address: str) -> Status | None:
        """The verdict on a user by their strict address; None: no such user. Raises Unanswered."""


@dataclass(frozen=True)
class InProcess:
    """A source in this process. `clock` tells the time in UTC."""

    source: Source
    fixes: Fixes
    clock: Callable[[], datetime]

    async def status(self, address: str) -> Status:
        """The verdict on a user; who is not found has one, too."""
        try:
            known = await self.source.user(address)
        except Unreadable as error:
            raise Unanswered(str(error)) from error
        return answer.status(known, self.fixes, self.clock())


class Lookup:
    """Asks a directory and keeps its answers for some seconds; who asks the same shares a call.

    `last_failure` says for operators why the last question had no answer; empty: it had one.
    `clock` tells the time in UTC, `seconds` only ever grow.
    """

    def __init__(
        self,
        directory: Directory,
        fixes: Fixes,
        clock: Callable[[], datetime],
        *,
        keep: float,
        seconds: Callable[[], float] = monotonic,
        observe: Observe = unobserved,
    ) -> None:
        self._directory, self._fixes = directory, fixes
        self._clock, self._seconds, self._observe = clock, seconds, observe
        self._kept = Kept[str, Status](self._ask, keep, seconds)
        self.last_failure = ""

    async def status(self, address: str) -> Status:
        """The verdict on a user; where there is none, it is `user_not_found`.

        Raises Unanswered where the directory has no answer that can be believed.
        """
        asked = strict(address)
        if asked is None:
            raise Unanswered("That is not an address that a directory may be asked about.")
        return await self._kept.get(asked)

    async def _ask(self, address: str) -> Status:
        begun, outcome = self._seconds(), "unknown"
        try:
            found = await self._directory.status(address)
            outcome = "answered"
        except Unanswered as failure:
            self._failed(failure)
            raise
        finally:
            self._observe(outcome, self._seconds() - begun)
        self._answered()
        return found or self._nobody(address)

    def _failed(self, failure: Unanswered) -> None:
        """Logs a cause once, and not with each question until it is mended."""
        if not isinstance(failure, Paused) and str(failure) != self.last_failure:
            self.last_failure = str(failure)
            log.warning("the directory gives no answer", extra={"why": str(failure)})

    def _answered(self) -> None:
        if self.last_failure:
            log.warning("the directory answers again")
        self.last_failure = ""

    def _nobody(self, address: str) -> Status:
        now = self._clock()
        facts = Facts(Account(address), found=False, today=now.date())
        return answer.status(Known(facts, "admin api", now), self._fixes, now)
