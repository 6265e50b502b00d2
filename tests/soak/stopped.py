"""One case and two processes: the first stops while the desk is asked, and goes on much later.

Its lease has run out by then, the second has brought the case to the desk, and the request of the
first reaches the desk after all. What is left in the end is one ticket.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aiohttp import ClientSession, hdrs, web
from aiohttp.test_utils import TestServer

from tests.soak.assistant import Assistant, port
from tests.soak.faulty import Faulty, cut
from tests.soak.person import PEOPLE, Person
from tests.soak.run import DRAINING, POLL, POLLED
from tests.soak.trackers import Ticket, Tracker
from tests.soak.waiting import until

MAKES_A_TICKET = ("/issue", "/ticket")


@dataclass
class Holding(Faulty):
    """A relay that keeps the first request for a ticket until it is released; all others pass."""

    came: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    passed: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        makes = request.method == hdrs.METH_POST and request.path.endswith(MAKES_A_TICKET)
        if not makes or self.came.is_set():
            return await self._passed(request, body)
        self.came.set()
        await self.released.wait()
        await self._passed(request, body)
        self.passed.set()
        return cut(request)


@dataclass(frozen=True)
class Stopped:
    """What came of it: tickets when the desk had both requests, and after the poll; how often the
    person was told of one; how many leases the first process found lost."""

    before: list[Ticket]
    after: list[Ticket]
    told: int
    leases_lost: int

    @property
    def whole(self) -> bool:
        """One ticket, of which its person was told once; and there was a lease to lose."""
        return len(self.after) == self.told == self.leases_lost == 1

    def table(self, title: str) -> str:
        """What came of it, to be read by people."""
        rows = (
            ("tickets when the desk had both requests", len(self.before)),
            ("tickets after the poll", len(self.after)),
            ("times the person was told", self.told),
            ("leases found lost by the first process", self.leases_lost),
        )
        wide = max(len(name) for name, _ in rows)
        return "\n".join([title, *(f"  {name:<{wide}}  {value:>6}" for name, value in rows)])


async def stopped(tracker: Tracker, folder: Path, seed: str, patience: float) -> Stopped:
    """Runs it; `patience` is the assistant's for one answer of the desk, in seconds."""
    chance = Random(seed)
    async with ClientSession() as session, _holding(tracker, session) as (relay, address):
        settings = {
            **tracker.settings(address),
            "ASSISTANT_DESK_PATIENCE": f"{patience:g}",
            "ASSISTANT_DESK_POLL": f"{POLL:g}",
        }
        first = Assistant(folder, port(chance), settings=settings)
        second = Assistant(folder, port(chance), settings=settings)
        first.make()
        try:
            return await _run(first, second, tracker, relay, session)
        finally:
            for process in (first, second):
                await asyncio.to_thread(process.kill)


async def _run(
    first: Assistant,
    second: Assistant,
    tracker: Tracker,
    relay: Holding,
    session: ClientSession,
) -> Stopped:
    await asyncio.to_thread(first.start)
    person = Person(first.url, session, Random(1), PEOPLE[0])
    await person.hand_over("Stopped past its lease")
    await relay.came.wait()
    _signal(first, signal.SIGSTOP)
    await asyncio.to_thread(second.start)

    async def is_there() -> bool:
        return bool(await tracker.tickets(session)) and not second.waiting()

    await until(is_there, "the second process does not bring it to the desk", DRAINING)
    relay.released.set()
    await relay.passed.wait()
    before = await tracker.tickets(session)
    _signal(first, signal.SIGCONT)

    async def is_settled() -> bool:
        single = len(await tracker.tickets(session)) == 1
        return single and not second.untold() and bool(await _lost(first, session))

    await until(is_settled, "it does not settle", POLLED)
    told = await person.told()
    return Stopped(before, await tracker.tickets(session), len(told), await _lost(first, session))


@asynccontextmanager
async def _holding(tracker: Tracker, session: ClientSession) -> AsyncIterator[tuple[Holding, str]]:
    relay = Holding(f"http://127.0.0.1:{tracker.server.port}", session)
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", relay.handle)
    async with TestServer(app) as server:
        yield relay, str(server.make_url("")).rstrip("/")


def _signal(process: Assistant, number: signal.Signals) -> None:
    assert process.process
    os.killpg(process.process.pid, number)


async def _lost(process: Assistant, session: ClientSession) -> int:
    """How many deliveries a process has found to be somebody else's by then."""
    async with session.get(f"{process.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    lost = 'assistant_deliveries_total{outcome="lost"} '
    return sum(int(float(line.removeprefix(lost))) for line in lines if line.startswith(lost))
