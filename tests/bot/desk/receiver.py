"""A receiver of our webhooks on loopback, which behaves as a test says."""

import asyncio
import json
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """Takes what is signed with its secret, each id once, as docs/webhook.md asks of it.

    `next` is what becomes of the next requests, one each, instead of being taken.
    """

    secret: str
    tickets: dict[str, str] = field(default_factory=dict)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    next: deque[Behaviour] = field(default_factory=deque)
    url: str = ""

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Receiver"]:
        app = web.Application(client_max_size=1024**2)
        app.router.add_post("/hook", self._receive)
        server = TestServer(app, scheme="https" if tls else "http")
        await server.start_server(ssl=tls, access_log=None)
        self.url = str(server.make_url("/hook"))
        try:
            yield self
        finally:
            await server.close()

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        self.ids.append(request.headers["webhook-id"])
        return await (self.next.popleft() if self.next else self.take)(request)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Makes a ticket; answers 409 with the same one where it is there already."""
        body, key = await request.read(), request.headers["webhook-id"]
        try:
            Webhook(self.secret).verify(body, dict(request.headers))
        except Exception as error:  # noqa: BLE001 - the library raises whatever it meets
            self.refused.append(str(error))
            return web.Response(status=401)
        status = 409 if key in self.tickets else 201
        if status == 201:
            self.tickets[key] = f"INC-{len(self.tickets) + 1}"
            self.bodies.append(json.loads(body))
        number = self.tickets[key]
        told = {"ticket": number, "link": f"https://tickets.example.com/{number}"}
        return web.json_response(told, status=status)

    async def cut_before(self, request: web.Request) -> web.StreamResponse:
        """Cuts the connection and has made nothing of it."""
        assert request.transport
        request.transport.abort()
        return web.Response()

    async def cut_after(self, request: web.Request) -> web.StreamResponse:
        """Makes a ticket, and cuts the connection before it says so."""
        await self.take(request)
        return await self.cut_before(request)

    def slow(self, until: asyncio.Event) -> Behaviour:
        """Makes a ticket, and says nothing for as long."""

        async def behave(request: web.Request) -> web.StreamResponse:
            answer = await self.take(request)
            await until.wait()
            return answer

        return behave


def says(status: int, body: str = "", **headers: str) -> Behaviour:
    """The same to everybody; an underscore stands for a dash."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def behave(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body, headers=named)

    return behave
