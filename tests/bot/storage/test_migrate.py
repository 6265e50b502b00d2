"""From no tables, or old ones, to those this program needs."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.storage.engine import engine_of
from bot.storage.migrate import Current, Fresh, Revision, Unknown, state, upgrade
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


async def test_to_ask_for_its_state_makes_no_sqlite_file(sqlite_url: str, tmp_path: Path) -> None:
    assert await state(sqlite_url) == Fresh()
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


async def test_what_a_newer_program_made_is_left_alone(database_url: str) -> None:
    await upgrade(database_url)
    await run(database_url, "UPDATE alembic_version SET version_num = '9999'")

    assert await state(database_url) == Unknown("9999")
    with pytest.raises(RuntimeError, match="9999"):
        await upgrade(database_url)


async def test_a_step_that_fails_leaves_nothing_behind(database_url: str) -> None:
    engine = engine_of(database_url)
    if file := engine.url.database if engine.dialect.name == "sqlite" else None:
        Path(file).parent.mkdir()
    await engine.dispose()
    await run(database_url, "CREATE TABLE entries (unexpected INTEGER)")

    with pytest.raises(Exception, match="entries"):
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
