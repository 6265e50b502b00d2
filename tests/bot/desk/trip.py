"""Cases that wait, a desk that does as told, and couriers between them."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from bot.desk.delivery import Courier
from bot.storage.database import DatabaseStore
from bot.storage.outbox import Outbox
from bot.storage.records import Case, Delivery, Order
from tests.bot.storage.turns import new_case, news_in, turn
from tests.fakes import PATIENCE, Chance, Clock, TicketDesk


@dataclass
class Trip:
    """Cases on their way to a desk. `rung` has a bell for each case that has its ticket, `ended`
    how each delivery ended; `courier` is one of several that may be at work."""

    kept: DatabaseStore
    outbox: Outbox
    clock: Clock
    desk: TicketDesk
    rung: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    owners: Chance = field(default_factory=Chance)

    def __post_init__(self) -> None:
        self.courier = self.another()

    def another(
        self,
        patience: float = 20.0,
        chance: float = 1.0,
        outbox: Outbox | None = None,
    ) -> Courier:
        """A courier as of another process."""
        return Courier(
            self.desk,
            outbox or self.outbox,
            lambda: self.rung.append("bell"),
            self.ended.append,
            patience=patience,
            seconds=lambda: self.clock.now.timestamp(),  # noqa: PLW0108 - it moves on
            chance=lambda: chance,
            owner=self.owners,
        )

    async def told(self) -> list[tuple[str, str]]:
        """What people are to be told: of which cases, and in which states they are."""
        news = await news_in(self.kept)
        assert len(news) == len(self.rung)
        return [(one.about, one.moved) for one in news]

    async def record(self, *ids: str) -> None:
        """Commits cases with these ids."""
        for case_id in ids:
            await self.kept.commit(turn(0, key=case_id, case=new_case(case_id)))

    async def order(self, *orders: Order) -> None:
        """Commits what the desk is to do for their persons."""
        await self.kept.commit(turn(0, key=orders[0].id, orders=orders))

    async def deliver(self, after: float = 0) -> None:
        """What the timer does, so many seconds later."""
        self.clock.advance(seconds=after)
        async with asyncio.timeout(PATIENCE):
            await self.courier.run_once()

    async def delivery(self, case_id: str = "case-1") -> Delivery:
        """The `create` of a case."""
        return (await self.outbox.deliveries(case_id))[0]

    async def case(self, case_id: str = "case-1") -> Case:
        """A case that there is."""
        case = await self.kept.case(case_id)
        assert case
        return case

    async def due_in(self) -> float:
        """Seconds until the `create` of the case is tried again."""
        due_at = (await self.delivery()).due_at
        assert due_at
        return (due_at - self.clock.now) / timedelta(seconds=1)
