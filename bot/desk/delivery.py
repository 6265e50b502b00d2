"""Brings to a desk what is due there, and notes how it went: nothing is lost, nothing done twice.

An attempt is marked before its request, and a request is over before its lease is. So whoever
finds an attempt marked knows that it was cut short, and asks first where a desk needs that.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic
from uuid import uuid4

from bot.desk.desk import Desk, Later, Placed, Refused
from bot.desk.gate import LONGEST_ASKED, Gate
from bot.desk.requests import Requests
from bot.storage.outbox import Claimed, Outbox
from bot.timers import Alarm

log = logging.getLogger(__name__)

LONGEST_WAIT = 900.0
"""Seconds until a delivery is tried again at the latest, unless the desk asks for more."""
LOOK_AGAIN = 1.0
"""Seconds after which a slow request keeps nobody from looking for what has become due."""

Observe = Callable[[str], None]
"""Told how each delivery ended: `delivered`, `later`, `refused` or `lost` (the lease)."""


class LeaseLost(Exception):
    """Somebody else has the delivery now."""


class Courier:
    """Delivers to one desk; several processes may do so at once, each with its own.

    `placed` is called when a case has its ticket: its person is to be told.
    At most `parallel` deliveries are under way. The desk has `patience` seconds for an answer,
    less than `lease`. `seconds` only ever grow, `chance` is from 0 to 1, `owner` a new name each
    time.

    Raises:
        ValueError: a lease would be over before the desk has answered.
    """

    def __init__(
        self,
        desk: Desk,
        outbox: Outbox,
        placed: Callable[[], None],
        observe: Observe,
        *,
        parallel: int = 4,
        patience: float = 20.0,
        lease: float = 60.0,
        seconds: Callable[[], float] = monotonic,
        chance: Callable[[], float] = random.random,
        owner: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        if patience >= lease:
            raise ValueError(f"a lease of {lease} s is over before {patience} s of patience are")
        self._desk, self._outbox, self._placed, self._observe = desk, outbox, placed, observe
        self._requests = Requests(desk, patience)
        self._lease = timedelta(seconds=lease)
        self._chance, self._owner = chance, owner
        self._gate = Gate(desk.name, parallel, desk.requests, seconds)
        self.alarm = Alarm()
        """How the timer of `run_once` waits: what has become due can be delivered at once."""

    async def run_once(self) -> None:
        """Delivers what is due, until nothing is or the desk wants a pause; one run at a time."""
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            while True:
                owner = self._owner()
                for claimed in await self._claim(owner, len(under_way)):
                    task = group.create_task(self._deliver(claimed, owner))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                    task.add_done_callback(lambda _: self.alarm.ring())
                if not under_way:
                    return
                await self.alarm.nap(LOOK_AGAIN)

    async def _claim(self, owner: str, under_way: int) -> Sequence[Claimed]:
        if not (room := self._gate.room(under_way)):
            return ()
        try:
            claimed = await self._outbox.claim(owner, self._desk.name, room, self._lease)
        except Exception:
            # To fail here would cut off the requests that are under way.
            log.exception("nothing can be claimed", extra={"desk": self._desk.name})
            return ()
        self._gate.begin(len(claimed))
        return claimed

    async def _deliver(self, claimed: Claimed, owner: str) -> None:
        try:
            await self._settle(claimed, owner)
        except LeaseLost:
            self._observe("lost")
            log.warning("a lease was lost", extra=self._about(claimed))
        except Exception:
            # The database is away. The lease runs out, and the attempt is marked.
            log.exception("the end of a delivery is not noted", extra=self._about(claimed))

    async def _settle(self, claimed: Claimed, owner: str) -> None:
        """Delivers, and notes how it ended."""
        if (left := self._requests.quarantine(claimed)) > 0:
            why = "not asked yet whether the desk has it"
            await self._outbox.put_off(claimed.delivery.id, owner, left, why, ambiguous=True)
            return
        try:
            placed = await self._bring(claimed, owner)
        except Refused as refusal:
            self._gate.answered()
            await self._park(claimed, owner, refusal)
        except Later as later:
            self._gate.failed(claimed.delivery.id, later.after)
            await self._put_off(claimed, owner, later)
        else:
            self._gate.answered()
            await self._complete(claimed, owner, placed)

    async def _bring(self, claimed: Claimed, owner: str) -> Placed:
        """Has the desk do it, unless it is done. Raises Refused, Later or LeaseLost."""
        delivery = claimed.delivery
        if self._requests.asks_first(delivery) and (found := await self._requests.find(delivery)):
            return found
        request = self._requests.of(claimed)
        if not await self._outbox.mark_attempt(delivery.id, owner, self._lease):
            raise LeaseLost
        return await self._requests.ask(request)

    async def _complete(self, claimed: Claimed, owner: str, placed: Placed) -> None:
        delivery = claimed.delivery
        if not await self._outbox.complete(delivery.id, owner, placed.ticket, placed.link):
            raise LeaseLost
        self._observe("delivered")
        if delivery.kind == "create":
            self._placed()

    async def _put_off(self, claimed: Claimed, owner: str, later: Later) -> None:
        delivery = claimed.delivery
        wait = max(self._backoff(delivery.attempts), min(later.after or 0.0, LONGEST_ASKED))
        if later.ambiguous and self._desk.asks_first:
            wait = max(wait, self._desk.quarantine)
        log.warning("a delivery is put off", extra={**self._about(claimed), "why": str(later)})
        if not await self._outbox.put_off(
            delivery.id, owner, wait, str(later), ambiguous=later.ambiguous
        ):
            raise LeaseLost
        self._observe("later")

    async def _park(self, claimed: Claimed, owner: str, refusal: Refused) -> None:
        if not await self._outbox.park(claimed.delivery.id, owner, str(refusal)):
            raise LeaseLost
        self._observe("refused")
        log.error("a delivery is parked", extra={**self._about(claimed), "why": str(refusal)})

    def _backoff(self, attempts: int) -> float:
        """Seconds until the next attempt: doubled each time, and a part of it by chance, so that
        what failed together does not come back together."""
        longest: float = min(2.0 ** min(attempts, 10), LONGEST_WAIT)
        return longest * (0.5 + self._chance() / 2)

    def _about(self, claimed: Claimed) -> dict[str, object]:
        """What a log may hold of a delivery: nothing that tells whose it is."""
        delivery = claimed.delivery
        return {"desk": delivery.desk, "case": delivery.case_id, "kind": delivery.kind}
