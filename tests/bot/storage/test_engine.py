"""Addresses of databases, and how SQLite is set up."""

import pytest
from sqlalchemy import text

from bot.storage.engine import address, engine_of
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
