"""A directory over real HTTP, on loopback, that misbehaves as directories and networks do."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Misbehaving:
    """Answers every question with what `answer` makes of it, and counts them.

    `method` is the method of HTTP with which it is asked.
    """

    answer: Answer
    requests: list[str] = field(default_factory=list)
    url: str = ""
    method: str = "GET"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request.path)
        return await self.answer(request)

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Misbehaving"]:
        """Listens on loopback, over TLS where it has a certificate."""
        app = web.Application()
        app.router.add_route(self.method, "/{path:.*}", self.handle)
        server = TestServer(app, scheme="https" if tls else "http")
        await server.start_server(ssl=tls, access_log=None)
        self.url = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            await server.close()


@asynccontextmanager
async def nobody() -> AsyncIterator[str]:
    """An address at which nothing listens, nor will: the port is taken."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@asynccontextmanager
async def speaking(words: bytes) -> AsyncIterator[str]:
    """The address of a server that speaks no HTTP: it says this, and no more."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(speak, "127.0.0.1") as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


# --- what it answers -------------------------------------------------------------------------


def says(status: int, body: str = "{}", headers: Mapping[str, str] | None = None) -> Answer:
    """The same to everybody."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body, headers=headers)

    return answer


async def cuts_off(request: web.Request) -> web.StreamResponse:
    """Promises more than it sends."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"address": ')
    assert request.transport
    request.transport.close()
    return response


async def never_ends(request: web.Request) -> web.StreamResponse:
    """Sends more and more."""
    response = web.StreamResponse()
    await response.prepare(request)
    with suppress(ConnectionError):
        while True:
            await response.write(b" " * 65536)
    return response
