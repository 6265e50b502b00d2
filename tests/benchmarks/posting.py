"""Brings recorded cases to a receiver, in this process alone, and prints what that took as JSON.

    python -m tests.benchmarks.posting courier|desk|plain|service PARALLEL

The settings come from the environment. `courier` is ours as it is, on the outbox; `desk` posts by
our webhook desk without an outbox; `plain` posts the same signed bodies by plain aiohttp, which
keeps its connections. These two are soon done, and do it PASSES times over. `service` is the
courier as the service sets it up, with its timers, until all cases have their tickets. Nobody is
told of a ticket here: that is a turn of its own.
"""

# ruff: noqa: T201 — a benchmark prints its figures

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from time import perf_counter, process_time

import psutil  # type: ignore[import-untyped]  # it ships no types
from aiohttp import ClientSession, hdrs

from bot.clock import utc_now
from bot.desk import message
from bot.desk.delivery import Courier
from bot.desk.desk import Ticket
from bot.desk.signature import Signer
from bot.desks import LEASE, delivering, open_desk
from bot.health import Figures
from bot.settings import Settings, read_settings
from bot.storage.database import DatabaseStore, open_store
from bot.storage.outbox import Outbox
from bot.timers import Alarm, running

MOST = 1_000_000
PASSES = 5
SEEN_EVERY = 100
"""Cases between two looks at the memory."""


class Told:
    """Counts the cases that have their tickets, and sees how much memory there is meanwhile."""

    def __init__(self, all_of_them: int) -> None:
        self.number, self.all_of_them, self.over = 0, all_of_them, asyncio.Event()
        self.start = self.most = _mib()

    def __call__(self) -> None:
        self.number += 1
        if self.number % SEEN_EVERY == 0:
            self.most = max(self.most, _mib())
        if self.number == self.all_of_them:
            self.over.set()


class Watch:
    """CPU seconds of this process and seconds on the wall, from when it was made."""

    def __init__(self) -> None:
        self.cpu, self.wall = process_time(), perf_counter()

    def read(self) -> dict[str, float]:
        return {"cpu": process_time() - self.cpu, "wall": perf_counter() - self.wall}


async def by_courier(settings: Settings, store: DatabaseStore, parallel: int) -> dict[str, float]:
    outbox = Outbox(store.transactions)
    told, patience = Told((await outbox.waiting()).open), settings.desk_patience
    async with open_desk(settings) as desk:
        courier = Courier(
            desk,
            outbox,
            told,
            lambda _: None,
            parallel=parallel,
            patience=patience,
            lease=LEASE * patience,
        )
        watch = Watch()
        await courier.run_once()
        return {"cases": told.number, **watch.read()}


async def by_desk(settings: Settings, store: DatabaseStore, parallel: int) -> dict[str, float]:
    tickets = await _tickets(store)
    async with open_desk(settings) as desk:
        return await _timed([partial(desk.create, one) for one in tickets * PASSES], parallel)


async def by_plain(settings: Settings, store: DatabaseStore, parallel: int) -> dict[str, float]:
    signer = Signer(settings.read_webhook_secrets())
    async with ClientSession() as session:

        async def post(body: bytes, headers: dict[str, str]) -> None:
            async with session.post(settings.webhook_url, data=body, headers=headers) as answer:
                answer.raise_for_status()
                await answer.read()

        posts: list[Callable[[], Awaitable[None]]] = []
        for ticket in await _tickets(store):
            body = message.of_ticket(ticket)
            headers = signer.headers(message.key(ticket.id), body, utc_now())
            headers[hdrs.CONTENT_TYPE] = "application/json"
            posts.append(partial(post, body, headers))
        return await _timed(posts * PASSES, parallel)


async def by_service(settings: Settings, store: DatabaseStore, _: int) -> dict[str, float]:
    told = Told((await Outbox(store.transactions).waiting()).open)
    watch, work = Watch(), delivering(settings, store, Figures(""), told, Alarm())
    async with work as timers, running(timers):
        await told.over.wait()
    used = {"mib": _mib() - told.start, "peak": told.most - told.start}
    return {"cases": told.number, **watch.read(), **used}


WAYS = {"courier": by_courier, "desk": by_desk, "plain": by_plain, "service": by_service}


async def _timed(
    requests: Sequence[Callable[[], Awaitable[object]]], parallel: int
) -> dict[str, float]:
    """All requests, so many at once."""

    async def work(waiting: Iterator[Callable[[], Awaitable[object]]]) -> None:
        for request in waiting:
            await request()

    watch, waiting = Watch(), iter(requests)
    async with asyncio.TaskGroup() as group:
        for _ in range(parallel):
            group.create_task(work(waiting))
    return {"cases": len(requests), **watch.read()}


async def _tickets(store: DatabaseStore) -> list[Ticket]:
    cases = await Outbox(store.transactions).cases(MOST)
    return [Ticket.model_validate_json(case.content) for case in cases]


def _mib() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


async def main(way: str, parallel: int) -> None:
    settings = read_settings()
    store = open_store(settings.database_url)
    try:
        print(json.dumps(await WAYS[way](settings, store, parallel)))
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
