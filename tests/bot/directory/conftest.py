"""What tests of the directory share: a folder of exports, and an admin API that listens."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from ssl import SSLContext
from time import monotonic
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.app import KNOWLEDGE
from bot.directory.callers import Allowance, Tokens
from bot.directory.lync import Lync
from bot.directory.remoting import Remoting
from bot.directory.server import AdminApi
from bot.directory.shell import Server
from bot.directory.snapshot import Snapshot
from bot.directory.source import Source
from dialogs.library import load
from tests.bot.caller import Http
from tests.bot.directory.lync_deployment import deployment
from tests.bot.directory.lync_server import PASSWORD, USER, Answers, LyncServer, listening
from tests.fakes import NOON, PATIENCE, Clock

SAMPLE = Path(__file__).parents[3] / "deploy" / "sample-directory"
TOKEN = "a token of the bot's own"
FIXES = load(KNOWLEDGE).fixes

Api = Callable[..., Awaitable[Http]]
Start = Callable[..., tuple[LyncServer, Lync]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the exports of one user, made at noon."""
    write(tmp_path, "Get-CsUser.csv", USERS)
    return tmp_path


USERS = """\
"SipAddress","Enabled","RegistrarPool","HostingProvider","ExternalAccessPolicy"
"sip:Lync.User@fabrikam.com","True","pool","SRV:",""
"""


def write(folder: Path, name: str, text: str | bytes, later: int = 0) -> Path:
    """Puts an export into a folder, so many seconds after noon."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(path, (NOON.timestamp() + later, NOON.timestamp() + later))
    return path


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    """Starts an admin API on loopback; what was started ends with the test."""
    async with AsyncExitStack() as stack:

        async def start(
            source: Source | None = None,
            tokens: dict[str, str] | None = None,
            a_minute: int = 1000,
            seconds: Callable[[], float] = lambda: 0.0,
        ) -> Http:
            clock = Clock()
            allowance = Allowance(a_minute, seconds)
            served = AdminApi(
                source or Snapshot(SAMPLE, clock), FIXES, Tokens(tokens or {}), allowance, clock
            )
            server = TestServer(served.application())
            await server.start_server(access_log=None)
            return await stack.enter_async_context(TestClient(server))

        yield start


@pytest.fixture
async def lync() -> AsyncIterator[Start]:
    """Starts a Lync server on loopback and asks it; both end with the test."""
    async with AsyncExitStack() as stack:

        def start(
            answers: Answers | None = None,
            seconds: Callable[[], float] = monotonic,
            tls: SSLContext | None = None,
            clock: Clock | None = None,
            **changes: Any,
        ) -> tuple[LyncServer, Lync]:
            peer = stack.enter_context(listening(LyncServer(answers or deployment()), tls))
            whole = {"url": peer.url, "user": USER, "password": PASSWORD, "auth": "basic"}
            server = Server(**{**whole, "limit": PATIENCE, **changes})
            asking = Lync(Remoting(server, seconds), clock or Clock(), seconds)
            stack.push_async_callback(asking.close)
            return peer, asking

        yield start
