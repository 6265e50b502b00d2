"""Addresses of databases, and how SQLite is set up."""

import asyncio

import pytest
from sqlalchemy import event, text

from bot.storage.engine import MOST_CONNECTIONS, address, engine_of
from bot.storage.migrate import upgrade


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("sqlite:///var/a.db", "sqlite+aiosqlite:///var/a.db"),
        ("sqlite+aiosqlite:////srv/a.db", "sqlite+aiosqlite:////srv/a.db"),
        ("postgresql://bot@db/chat", "postgresql+asyncpg://bot@db/chat"),
        ("postgresql+asyncpg://bot@db/chat", "postgresql+asyncpg://bot@db/chat"),
        ("postgres://bot@db/chat", "postgresql+asyncpg://bot@db/chat"),
        (
            "postgresql+psycopg://db/chat?sslmode=require&application_name=bot",
            "postgresql+asyncpg://db/chat?application_name=bot&ssl=require",
        ),
    ],
)
def test_an_address_gets_our_driver(url: str, read: str) -> None:
    assert address(url).render_as_string(hide_password=False) == read


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://db/chat", "mysql is neither"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_other_addresses_are_refused(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        engine_of(url)


async def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    await upgrade(sqlite_url)
    engine = engine_of(sqlite_url)
    async with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [await connection.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    await engine.dispose()

    assert found == ["wal", 2, 1, 15_000]


async def test_a_read_waits_for_no_write(sqlite_url: str) -> None:
    await upgrade(sqlite_url)
    engine = engine_of(sqlite_url)
    async with engine.execution_options(writes=True).begin() as writer:
        await writer.execute(text("DELETE FROM conversations"))
        async with engine.connect() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM conversations")) == 0
    await engine.dispose()


async def test_many_reads_of_sqlite_at_once_share_few_connections(sqlite_url: str) -> None:
    await upgrade(sqlite_url)
    engine, opened = engine_of(sqlite_url), []
    event.listen(engine.sync_engine, "connect", lambda *_: opened.append(1))

    async def read() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    for _ in range(2):
        await asyncio.gather(*(read() for _ in range(4 * MOST_CONNECTIONS)))
    await engine.dispose()

    assert len(opened) == MOST_CONNECTIONS
