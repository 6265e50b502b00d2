"""What tests of the directory share: a folder of exports, an admin API that listens, its log."""

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from time import monotonic
from typing import Any

import pytest
import stamina
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from bot.app import KNOWLEDGE
from bot.directory.callers import Allowance, Tokens
from bot.directory.client import ATTEMPTS
from bot.directory.issuer import Issuer
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


@dataclass
class Seconds:
    """A clock of seconds that stands still until it is moved on."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """The seconds by which answers are kept and pauses end."""
    return Seconds()


@pytest.fixture(autouse=True)
def _no_waits() -> Iterator[None]:
    """What is asked again is asked at once."""
    with stamina.set_testing(True, attempts=ATTEMPTS, cap=True):
        yield


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Who asks over HTTP."""
    async with ClientSession() as opened:
        yield opened


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
            issuer: Issuer | None = None,
        ) -> Http:
            clock = Clock()
            served = AdminApi(
                source=source or Snapshot(SAMPLE, clock),
                fixes=FIXES,
                tokens=Tokens(tokens or {}),
                allowance=Allowance(a_minute, seconds),
                clock=clock,
                issuer=issuer,
            )
            server = TestServer(served.application())
            await server.start_server(access_log=None)
            return await stack.enter_async_context(TestClient(server))

        yield start


@pytest.fixture
def audited(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, Any]]]:
    """Who asked about whom, as far as it was noted."""
    noted: list[dict[str, Any]] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            names = ("caller", "about", "status", "verdict")
            noted.append({name: vars(record)[name] for name in names})

    audit, handler = logging.getLogger("bot.directory.audit"), Noting()
    audit.addHandler(handler)
    with caplog.at_level(logging.INFO, "bot.directory.audit"):
        yield noted
    audit.removeHandler(handler)


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
