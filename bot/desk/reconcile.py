"""Asks a desk what happened there: a hook is not sent again, and none comes while we are away."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from bot.desk.desk import Later, Polled, Refused
from bot.desk.gate import LONGEST_ASKED
from bot.desk.inbound import noted
from bot.storage.cursors import Cursors
from bot.storage.store import Store

log = logging.getLogger(__name__)

MOST_ROUNDS = 1000
"""Times that a desk is asked in one run, in case its cursor never comes to rest."""


class Reconciler:
    """Hears from one desk what its hook did not bring; what is known already is no news.

    `news` is called when somebody is to be told, `observe` with `heard`, or `later` where the desk
    could not be asked. `seconds` only ever grow.
    """

    def __init__(
        self,
        desk: Polled,
        cursors: Cursors,
        store: Store,
        *,
        news: Callable[[], None],
        observe: Callable[[str], None],
        clock: Callable[[], datetime],
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._desk, self._cursors, self._store = desk, cursors, store
        self._news, self._observe, self._clock = news, observe, clock
        self._seconds, self._until = seconds, seconds()

    async def run_once(self) -> None:
        """Asks until nothing more has happened, unless the desk wants to be left alone."""
        if self._seconds() < self._until:
            return
        try:
            for _ in range(MOST_ROUNDS):
                if not await self._hear():
                    break
        except (Later, Refused) as failure:
            after = failure.after if isinstance(failure, Later) else None
            self._until = self._seconds() + min(after or 0.0, LONGEST_ASKED)
            self._observe("later")
            why = {"desk": self._desk.name, "why": str(failure)}
            log.warning("a desk could not be asked what happened", extra=why)
        except Exception:
            self._observe("later")
            raise
        else:
            self._observe("heard")

    async def _hear(self) -> bool:
        """Asks once; returns whether there may be more.

        Each event is noted before the cursor moves on, so that a kill between them loses none.
        """
        cursor = await self._cursors.of(self._desk.name)
        heard = await self._desk.heard(cursor)
        for event in heard.events:
            if await noted(event, self._store, self._clock()):
                self._news()
        if heard.cursor == cursor:
            return False
        await self._cursors.keep(self._desk.name, heard.cursor, self._clock())
        return bool(heard.events)
