"""What stands between the assistant and a desk, and loses answers when it is told to."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, ClientTimeout, hdrs, web
from aiohttp.test_utils import TestServer

HOPS = {hdrs.HOST, hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING, hdrs.CONNECTION}
FROM = {hdrs.ORIGIN, hdrs.REFERER}


@dataclass
class Relay:
    """Passes requests on; `loses` names by method and path those whose answers get lost."""

    target: str
    session: ClientSession
    loses: Callable[[str, str], bool] = lambda method, path: False
    seen: list[str] = field(default_factory=list)
    held: bool = False
    """Whether requests whose answers get lost are kept back, to be done by `release`."""
    kept: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        """One request and the desk's answer."""
        path, body = request.raw_path, await request.read()
        own = {k: v for k, v in request.headers.items() if k not in HOPS | FROM}
        came_from = {k: self.target for k in request.headers if k in FROM}
        self.seen.append(f"{request.method} {request.path}")
        lost = self.loses(request.method, request.path)
        if lost and self.held:
            self.kept.append((request.method, path, body, {**own, **came_from}))
        else:
            status, text, kind = await self._pass(request.method, path, body, {**own, **came_from})
        if lost:
            assert request.transport
            request.transport.abort()
            return web.Response()
        return web.Response(status=status, body=text, headers=kind)

    async def release(self) -> None:
        """Lets the desk do at last what was kept back."""
        while self.kept:
            status, *_ = await self._pass(*self.kept.pop(0))
            assert status < 300

    async def _pass(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        async with self.session.request(
            method,
            self.target + path,
            data=body,
            headers=headers,
            timeout=ClientTimeout(total=30),
            allow_redirects=False,
        ) as answer:
            kind = {k: v for k, v in answer.headers.items() if k in {hdrs.CONTENT_TYPE, hdrs.ETAG}}
            return answer.status, await answer.read(), kind


@asynccontextmanager
async def relaying(target: str) -> AsyncIterator[tuple[Relay, str]]:
    """A relay to a desk's origin, and the origin under which it is reached."""
    async with ClientSession() as session:
        relay = Relay(target, session)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", relay.handle)
        async with TestServer(app) as server:
            yield relay, str(server.make_url("")).rstrip("/")
