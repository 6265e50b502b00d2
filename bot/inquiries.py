"""Finds out what a decision wants to know, and keeps nobody waiting for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from dialogs.model import Finding, Want

log = logging.getLogger(__name__)

UNKNOWN = Finding("unknown")
LATE = Finding("unknown", late=True)
MOST = 1000
"""Late answers that are waited for at a time; further ones are given up."""

Ask = Callable[[Want], Awaitable[Finding]]
Busy = Callable[[], Awaitable[None]]
Late = Callable[[Finding], Awaitable[None]]


@dataclass(frozen=True)
class Patience:
    """Seconds after which a person sees that work is under way, and after which it goes on without
    an answer; seconds for which a late answer is waited for."""

    notice: float = 0.7
    limit: float = 4.0
    longest: float = 60.0


class Inquiries:
    """Asks, and says unknown where the answer is late or cannot be had.

    `sleep` waits so many seconds.
    """

    def __init__(
        self,
        ask: Ask,
        patience: Patience,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._ask, self._patience, self._sleep = ask, patience, sleep
        self._waiting: set[asyncio.Task[None]] = set()
        self._overdue: set[Want] = set()

    async def find(self, want: Want, busy: Busy, late: Late) -> Finding:
        """What came of a wish, soon and without fail.

        `busy` is called once where it takes longer than a moment; `late` is told an answer that
        comes after the limit. Who has been kept waiting for an answer that is still to come does
        not wait for it as long again: messages of one conversation wait for each other.
        """
        asking = asyncio.create_task(self._answer(want))
        showing: asyncio.Task[None] | None = None
        try:
            if not await self._within(asking, self._patience.notice):
                if want in self._overdue:
                    return self._later(want, asking, late)
                showing = asyncio.create_task(_shown(busy))
                rest = self._patience.limit - self._patience.notice
                if not await self._within(asking, rest):
                    return self._later(want, asking, late)
            return asking.result()
        except asyncio.CancelledError:
            asking.cancel()
            raise
        finally:
            if showing:  # what is shown late would stand below the answer
                showing.cancel()

    async def aclose(self) -> None:
        """Gives up what is waited for."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    async def _answer(self, want: Want) -> Finding:
        try:
            return await self._ask(want)
        except Exception:
            # Whatever it is, it must not cost the person their turn: not to know is an answer.
            log.exception("nothing could be found out")
            return UNKNOWN

    async def _within(self, asking: asyncio.Task[Finding], seconds: float) -> bool:
        """Waits for an answer, but not longer than so many seconds."""
        nap = asyncio.ensure_future(self._sleep(seconds))
        try:
            await asyncio.wait({asking, nap}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
        return asking.done()

    def _later(self, want: Want, asking: asyncio.Task[Finding], late: Late) -> Finding:
        if len(self._waiting) >= MOST:
            asking.cancel()
            return UNKNOWN
        self._overdue.add(want)
        asking.add_done_callback(lambda _: self._overdue.discard(want))
        waiting = asyncio.create_task(self._told_later(asking, late))
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)
        return LATE

    async def _told_later(self, asking: asyncio.Task[Finding], late: Late) -> None:
        try:
            if await self._within(asking, self._patience.longest):
                await late(asking.result())
        except Exception:
            # Nobody waits for this; the person was told that the answer may not come.
            log.exception("a late answer could not be told")
        finally:
            asking.cancel()


async def _shown(busy: Busy) -> None:
    try:
        await busy()
    except Exception as failure:  # noqa: BLE001 - a channel can fail in any way
        log.warning("nobody saw that work is under way", extra={"why": type(failure).__name__})
