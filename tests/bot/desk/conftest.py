"""What tests of desks share: the page for receivers, deliveries, and the real ticketing systems."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.desk.desk import Desk
from bot.desk.request_tracker import RequestTracker
from bot.desk.roundup import Roundup
from bot.storage.database import DatabaseStore
from bot.storage.outbox import Outbox
from tests.bot.desk.hooks import Hooks
from tests.bot.desk.seen import Agent, RequestTrackerAgent, RoundupAgent
from tests.bot.desk.trackers import (
    RequestTrackerServer,
    RoundupServer,
    missing_request_tracker,
    missing_roundup,
)
from tests.bot.desk.trip import Trip
from tests.fakes import Clock, TicketDesk

KINDS = ["roundup", "rt"]

PAGE = (Path(__file__).parents[3] / "docs" / "webhook.md").read_text(encoding="utf-8")
[SNIPPET] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

IsOurs = Callable[..., bool]


@pytest.fixture(scope="session")
def is_ours() -> IsOurs:
    """The verifier exactly as it stands in the docs."""
    names: dict[str, Any] = {}
    exec(compile(SNIPPET, "docs/webhook.md", "exec"), names)
    verifier: IsOurs = names["is_ours"]
    return verifier


@pytest.fixture
def trip(kept: DatabaseStore, outbox: Outbox, clock: Clock) -> Trip:
    """To a desk that knows an id again."""
    return Trip(kept, outbox, clock, TicketDesk(clock))


@pytest.fixture
def asking(kept: DatabaseStore, outbox: Outbox, clock: Clock) -> Trip:
    """To a desk that has to be asked first."""
    return Trip(kept, outbox, clock, TicketDesk(clock, asks_first=True, requests=2))


@pytest.fixture(scope="session")
def roundup_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundupServer]:
    """A Roundup tracker that runs."""
    if why := missing_roundup():
        pytest.skip(why)
    server = RoundupServer(tmp_path_factory.mktemp("roundup"))
    server.make()
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def rt_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RequestTrackerServer]:
    """A Request Tracker that runs."""
    if why := missing_request_tracker():
        pytest.skip(why)
    server = RequestTrackerServer(tmp_path_factory.mktemp("rt"))
    server.make()
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """What requests go out by."""
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def roundup(roundup_server: RoundupServer, session: ClientSession) -> Roundup:
    """Roundup, as the assistant asks it."""
    password = SecretStr(roundup_server.password)
    return Roundup.at(roundup_server.url, "assistant", password, session)


@pytest.fixture
def rt(rt_server: RequestTrackerServer, session: ClientSession) -> RequestTracker:
    """Request Tracker, as the assistant asks it; what it was given shows at once."""
    desk = RequestTracker.at(rt_server.url, SecretStr(rt_server.token), "Helpdesk", session)
    return replace(desk, quarantine=0.0)


@pytest.fixture
async def hooks(roundup_server: RoundupServer) -> AsyncIterator[Hooks]:
    """Where the tracker sends its events."""
    async with Hooks.listening(roundup_server.receiver, "/api/desk/roundup/events") as hooks:
        yield hooks


@pytest.fixture
async def pings(rt_server: RequestTrackerServer) -> AsyncIterator[Hooks]:
    """Where Request Tracker sends that something happened."""
    async with Hooks.listening(rt_server.receiver, "/api/desk/rt/events") as hooks:
        yield hooks


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which of them."""
    name: str = request.param
    return name


@pytest.fixture
def desk(kind: str, request: pytest.FixtureRequest) -> Desk:
    """Each of them."""
    asked: Desk = request.getfixturevalue(kind)
    return asked


@pytest.fixture
def agent(kind: str, request: pytest.FixtureRequest, session: ClientSession) -> Agent:
    """Who works at that desk."""
    server = request.getfixturevalue(f"{kind}_server")
    return (
        RoundupAgent(server, session) if kind == "roundup" else RequestTrackerAgent(server, session)
    )
