"""One run: cases are handed over while what serves them dies; then faults end, and we count."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic

from aiohttp import ClientSession

from tests.bot.desk.trackers import Server
from tests.soak.assistant import Assistant, port
from tests.soak.faulty import Faulty, Strike, failing
from tests.soak.figures import Figures, Size
from tests.soak.person import PEOPLE, Person
from tests.soak.trackers import Tracker
from tests.soak.waiting import until

STAGES = ("arrived", "done")
IN_FLIGHT = 30.0
"""Seconds in which a request to the desk has to come, for a kill while it is in flight."""
POLL, POLLED = 5.0, 60.0
"""Seconds between two polls of a desk, and in which the last of them has done its work."""
DRAINING = 600.0
"""Seconds for what is open in the end: a desk that is asked first is asked a minute later."""


@dataclass(frozen=True)
class Run:
    """What takes part.

    The same seed gives the same plan and the same faults; which request meets them is decided by
    the processes.
    """

    size: Size
    tracker: Tracker
    assistant: Assistant
    relay: Faulty
    session: ClientSession
    chance: Random
    figures: Figures = field(default_factory=Figures)
    people: list[Person] = field(default_factory=list)

    async def go(self) -> Figures:
        """Everything in its order. Raises TimeoutError where something does not come to its end."""
        began, plan = monotonic(), self._plan()
        await asyncio.to_thread(self.assistant.start)
        async with asyncio.TaskGroup() as people:
            for number, kind in enumerate(plan, start=1):
                self._send(people, self.size.cases * number // len(plan))
                await self._killed(kind)
            self._send(people, self.size.cases)
        await self._drained()
        await self._counted()
        self.figures.seconds = monotonic() - began
        return self.figures

    def _send(self, people: asyncio.TaskGroup, up_to: int) -> None:
        """Has so many people in all hand a case over."""
        while self.figures.asked < up_to:
            self.figures.asked += 1
            people.create_task(self._hand_over(self.figures.asked))

    def _plan(self) -> list[str]:
        """What is killed, one after the other; `struck` while the desk is asked."""
        size = self.size
        plan = ["struck"] * size.struck + ["assistant"] * (size.kills - size.struck)
        self.chance.shuffle(plan)
        for number in range(size.desk_kills):
            plan.insert((number + 1) * len(plan) // (size.desk_kills + 1), "desk")
        return plan

    async def _hand_over(self, number: int) -> None:
        title = f"Kill test, case {number}"
        chance = Random(f"{self.chance.random()}")
        person = Person(self.assistant.url, self.session, chance, PEOPLE[number % len(PEOPLE)])
        self.people.append(person)
        self.figures.receipts[title] = await person.hand_over(title)
        self.figures.troubled += person.troubled

    async def _killed(self, kind: str) -> None:
        """Kills something at a moment of that kind, and starts it again."""
        server: Server = self.tracker.server if kind == "desk" else self.assistant
        count = self._count_desk if kind == "desk" else self._count_assistant

        def kill() -> None:
            count()
            server.kill()

        if kind == "assistant":
            await self._next_receipt()
            kill()
        else:
            await self._strike(kill)
        await asyncio.to_thread(server.start)

    async def _strike(self, kill: Callable[[], None]) -> None:
        """Kills while a request is in flight; where none comes, when time is up."""
        self.relay.strike = strike = Strike(self.chance.choice(STAGES), kill)
        try:
            async with asyncio.timeout(IN_FLIGHT):
                await strike.done.wait()
        except TimeoutError:
            self.relay.strike = None
            kill()

    async def _next_receipt(self) -> None:
        """Returns when somebody has read a receipt, or everybody has."""
        before = len(self.figures.receipts)

        async def read() -> bool:
            now = len(self.figures.receipts)
            return now > before or now == self.figures.asked

        await until(read, "nobody has read a receipt")

    def _count_desk(self) -> None:
        self.figures.desk_kills += 1

    def _count_assistant(self) -> None:
        self.figures.kills += 1
        self.figures.struck += self.relay.in_flight > 0

    async def _drained(self) -> None:
        """Most comes to the desk in spite of the faults; they end, and so does the rest."""

        async def is_most_there() -> bool:
            return self.assistant.waiting() <= self.size.cases // 10

        await until(is_most_there, "too many deliveries do not come through", DRAINING)
        self.relay.calm = True

        async def is_quiet() -> bool:
            busy = self.relay.in_flight or self.assistant.waiting() or self.assistant.untold()
            return not busy

        await until(is_quiet, "deliveries are still open", DRAINING)

    async def _counted(self) -> None:
        """What is there in the end, as the desk itself tells it."""
        figures = self.figures
        figures.requests, figures.faults = self.relay.requests, self.relay.faults
        figures.parked, figures.errors = self.assistant.parked(), self.assistant.errors()
        figures.told = [one for person in self.people for one in await person.told()]
        await self._polled()

    async def _polled(self) -> None:
        """Waits for the assistant's poll to merge what is there twice, where a desk needs that."""
        figures, doubles = self.figures, set[str]()

        async def is_single() -> bool:
            figures.tickets = await self.tracker.tickets(self.session)
            doubles.update(figures.doubled)
            return not (self.tracker.merges and figures.doubled)

        with suppress(TimeoutError):  # what is still there twice is counted as such
            await until(is_single, "doubles are not merged", POLLED)
        figures.merged = len(doubles) if self.tracker.merges else None


@asynccontextmanager
async def prepared(size: Size, tracker: Tracker, folder: Path, seed: str) -> AsyncIterator[Run]:
    """A run against a tracker that runs, whose processes end with it."""
    chance = Random(seed)
    origin = f"http://127.0.0.1:{tracker.server.port}"
    between = failing(origin, Random(f"{seed}/faults"), size.patience, size.loses)
    async with ClientSession() as session, between as (relay, address):
        settings = {
            **tracker.settings(address),
            "ASSISTANT_DESK_PATIENCE": f"{size.patience:g}",
            "ASSISTANT_DESK_POLL": f"{POLL:g}",
        }
        assistant = Assistant(folder, port(chance), settings=settings)
        assistant.make()
        try:
            yield Run(size, tracker, assistant, relay, session, chance)
        finally:
            await asyncio.to_thread(assistant.kill)
