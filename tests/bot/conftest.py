"""What tests of bot/ share: the whole program, and one that listens."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Program, build
from bot.health import Figures
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests.fakes import Connector


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with all its knowledge, built once."""
    return build(Settings(data_dir=tmp_path_factory.mktemp("data")), MemoryStore())


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
