"""What stands between the assistant and a desk: it fails as networks do, and tells when to kill."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from aiohttp import ClientError, ClientSession, hdrs, web
from aiohttp.test_utils import TestServer

from tests.bot.desk.relay import FROM, HOPS, Relay

FAULTS = ["503", "429", "cut before", "cut after", "passed on late", "answered late"]
BLOCK = 40
"""Of so many requests each fault meets one, so that none is left out of a short run."""
SOON, LATE = 0.2, 1.5
"""Between these parts of the assistant's patience is what is late."""


@dataclass
class Strike:
    """What is to be done the moment a request that changes something is at a stage of its way.

    `arrived` is before the desk has it, `done` before the assistant has the answer.
    """

    stage: str
    act: Callable[[], None]
    done: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Faulty(Relay):
    """A relay that fails by chance, until it is `calm`; where it is
    `losing` a part of the answers, it fails in no other way."""

    chance: Random = field(default_factory=Random)
    patience: float = 3.0
    losing: float = 0.0
    calm: bool = False
    requests: int = 0
    in_flight: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    strike: Strike | None = None
    _block: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        """One request, its fault if it meets one, and the desk's answer if it has one."""
        body = await request.read()
        fault = "" if self.calm else self._drawn()
        self.requests += 1
        self.in_flight += 1
        try:
            self._at("arrived", request)
            return await self._answer(request, body, fault)
        except ClientError:  # the desk is away
            return cut(request)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: web.Request, body: bytes, fault: str) -> web.Response:
        match fault:
            case "503":
                return web.Response(status=503)
            case "429":
                after = str(self.chance.randint(0, 1))
                return web.Response(status=429, headers={hdrs.RETRY_AFTER: after})
            case "cut before":
                return cut(request)
            case "passed on late":
                await self._pause()
        answer = await self._passed(request, body)
        self._at("done", request)
        if fault == "cut after":
            return cut(request)
        if fault == "answered late":
            await self._pause()
        return answer

    async def _passed(self, request: web.Request, body: bytes) -> web.Response:
        own = {k: v for k, v in request.headers.items() if k not in HOPS | FROM}
        came_from = {k: self.target for k in request.headers if k in FROM}
        headers: Mapping[str, str]
        status, text, headers = await self._pass(
            request.method, request.raw_path, body, {**own, **came_from}
        )
        return web.Response(status=status, body=text, headers=headers)

    def _at(self, stage: str, request: web.Request) -> None:
        strike = self.strike
        if strike and strike.stage == stage and request.method != hdrs.METH_GET:
            self.strike = None
            strike.act()
            strike.done.set()

    def _drawn(self) -> str:
        """The fault that the next request meets, or none."""
        if self.losing:
            lost = self.chance.random() < self.losing
            self.faults["cut after"] += lost
            return "cut after" if lost else ""
        if not self._block:
            self._block = FAULTS + [""] * (BLOCK - len(FAULTS))
            self.chance.shuffle(self._block)
        if fault := self._block.pop():
            self.faults[fault] += 1
        return fault

    async def _pause(self) -> None:
        await asyncio.sleep(self.patience * self.chance.uniform(SOON, LATE))


def cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def failing(
    target: str, chance: Random, patience: float, losing: float = 0.0
) -> AsyncIterator[tuple[Faulty, str]]:
    """A faulty relay to a desk's origin, and the origin under which it is reached."""
    async with ClientSession() as session:
        relay = Faulty(target, session, chance=chance, patience=patience, losing=losing)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", relay.handle)
        async with TestServer(app) as server:
            yield relay, str(server.make_url("")).rstrip("/")
