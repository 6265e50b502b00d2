"""Where a desk's hooks arrive, as the assistant takes them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

PATIENCE = 20.0
"""Seconds in which a hook has to arrive."""


@dataclass
class Hooks:
    """Takes events, as the assistant does, and answers with a status."""

    status: int = 202
    events: asyncio.Queue[tuple[dict[str, str], bytes]] = field(default_factory=asyncio.Queue)

    async def next(self) -> tuple[dict[str, str], bytes]:
        """The headers and the body of the next one."""
        async with asyncio.timeout(PATIENCE):
            return await self.events.get()

    async def take(self, request: web.Request) -> web.Response:
        headers = {k.lower(): v for k, v in request.headers.items()}
        self.events.put_nowait((headers, await request.read()))
        return web.Response(status=self.status)

    @classmethod
    @asynccontextmanager
    async def listening(cls, port: int, path: str) -> AsyncIterator["Hooks"]:
        """One that listens on loopback."""
        hooks, app = cls(), web.Application()
        app.router.add_post(path, hooks.take)
        async with TestServer(app, port=port):
            yield hooks
