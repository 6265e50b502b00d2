"""From no tables, or old ones, to those this program needs."""

import asyncio
from pathlib import Path
from shutil import copytree

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.storage import migrate
from bot.storage.engine import engine_of
from bot.storage.migrate import (
    HISTORY,
    Behind,
    Current,
    Fresh,
    Revision,
    Unknown,
    state,
    upgrade,
)
from bot.storage.tables import metadata

FIRST = Revision("0001", "Conversations, and the activities that came in and go out.")


async def run(url: str, statement: str) -> None:
    engine = engine_of(url)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def test_a_fresh_database_becomes_current(database_url: str) -> None:
    assert await state(database_url) == Fresh()

    assert (await upgrade(database_url))[0] == FIRST

    assert await state(database_url) == Current()
    assert await upgrade(database_url) == ()


def test_to_ask_for_its_state_makes_no_sqlite_file(sqlite_url: str, tmp_path: Path) -> None:
    assert asyncio.run(state(sqlite_url)) == Fresh()
    assert not list(tmp_path.iterdir())


async def test_the_migrations_make_exactly_our_tables(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))

    await upgrade(database_url)

    engine = engine_of(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The history of a newer program: ours and one step more."""
    history = copytree(HISTORY, tmp_path / "migrations")
    (history / "versions" / "9999_more.py").write_text(
        """'''More of it.'''
from alembic import op
revision, down_revision = "9999", "0006"
def upgrade(): op.execute("CREATE TABLE more (id INTEGER)")
"""
    )
    return history


async def test_older_tables_get_what_is_missing(
    database_url: str, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgrade(database_url)
    monkeypatch.setattr(migrate, "HISTORY", newer)
    missing = (Revision("9999", "More of it."),)

    assert await state(database_url) == Behind(missing)
    assert await upgrade(database_url) == missing
    assert await state(database_url) == Current()


async def test_what_a_newer_program_made_is_left_alone(
    database_url: str, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as of_newer:
        of_newer.setattr(migrate, "HISTORY", newer)
        await upgrade(database_url)

    assert await state(database_url) == Unknown("9999")
    with pytest.raises(RuntimeError, match="9999"):
        await upgrade(database_url)


async def test_a_step_that_fails_leaves_nothing_behind(database_url: str) -> None:
    await upgrade(database_url)
    for table in ("alembic_version", *(table.name for table in reversed(metadata.sorted_tables))):
        await run(database_url, f"DROP TABLE {table}")
    await run(database_url, "CREATE TABLE entries (unexpected INTEGER)")

    with pytest.raises(DBAPIError, match="entries"):
        await upgrade(database_url)

    assert await state(database_url) == Fresh()
    await run(database_url, "DROP TABLE entries")
    assert (await upgrade(database_url))[0] == FIRST


@pytest.mark.parametrize("attempt", range(3))
async def test_of_upgrades_at_once_one_does_the_work(database_url: str, attempt: int) -> None:
    applied = await asyncio.gather(*(upgrade(database_url) for _ in range(5)))

    assert sorted(map(len, applied))[:4] == [0, 0, 0, 0]
    assert FIRST in max(applied, key=len)
    assert await state(database_url) == Current()
