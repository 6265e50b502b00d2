"""What tests of bot/ share: the whole program, and one that listens."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import settings

from bot.app import Program, build, web_app
from bot.health import Figures
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests.bot.caller import Caller, Http
from tests.fakes import Connector


class Serve(Protocol):
    """Starts a program on loopback, at a port of its own unless one is named."""

    def __call__(self, program: Program, port: int | None = None) -> Awaitable[Http]: ...


settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with all its knowledge but the notices, which have tests of their own."""
    hidden = frozenset({"all"})
    data_dir = tmp_path_factory.mktemp("data")
    return build(Settings(data_dir=data_dir, hidden_notices=hidden), MemoryStore())


@pytest.fixture
def program(built: Program, tmp_path: Path) -> Program:
    """The program with nothing in its store yet."""
    settings = built.settings.model_copy(update={"data_dir": tmp_path})
    figures = Figures(built.library.version)
    return replace(built, settings=settings, store=MemoryStore(), figures=figures)


@pytest.fixture
async def connector() -> AsyncIterator[Connector]:
    """A connector that must not have had anything to refuse of its own accord."""
    async with Connector.listening() as listening:
        yield listening
    assert not listening.refused


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a program on loopback; what was started ends with the test."""
    async with AsyncExitStack() as stack:

        async def start(program: Program, port: int | None = None) -> Http:
            server = TestServer(await web_app(program), port=port)
            await server.start_server(access_log=None)
            return await stack.enter_async_context(TestClient(server))

        yield start


@pytest.fixture
async def http(serve: Serve, program: Program) -> Http:
    """A client of the program."""
    return await serve(program)


@pytest.fixture
def caller(http: Http, connector: Connector) -> Caller:
    """A Lync user on a channel of the Bot Framework."""
    return Caller(http, connector)
