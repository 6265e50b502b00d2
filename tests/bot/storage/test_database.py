"""What only a store in a database has to prove: its cost, and that nothing unsettles it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.storage.database import DatabaseStore, open_store
from bot.storage.migrate import upgrade
from bot.storage.outbox import Outbox
from tests.bot.storage.turns import NOON, later, new_case, texts, turn

in_each_database = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[DatabaseStore]:
    opened = open_store(store_url)
    yield opened
    await opened.close()


@pytest.fixture
def statements(database: DatabaseStore) -> list[tuple[str, Any]]:
    """Every statement from here on, with its parameters."""
    heard: list[tuple[str, Any]] = []

    def hear(_1: object, _2: object, statement: str, parameters: Any, *_: object) -> None:
        heard.append((statement, parameters))

    event.listen(database._engine.sync_engine, "before_cursor_execute", hear)
    return heard


@in_each_database
async def test_a_turn_takes_few_statements(
    database: DatabaseStore, statements: list[tuple[str, Any]]
) -> None:
    [reply] = await database.commit(turn(0, "1"))
    statements.clear()

    await database.load("bob", "activity-1")
    assert [statement.split()[0] for statement, _ in statements] == ["SELECT"]
    statements.clear()

    await database.commit(turn(1, "2", "3", "4"))
    words = [statement.split()[0] for statement, _ in statements if "BEGIN" not in statement]
    assert words == ["UPDATE", "INSERT", "SELECT"]
    statements.clear()

    await database.mark_sent([reply.seq], NOON)
    await database.mark_sent([], NOON)
    words = [statement.split()[0] for statement, _ in statements if "BEGIN" not in statement]
    assert words == ["UPDATE"]


async def plans_of(database: DatabaseStore, statements: list[tuple[str, Any]]) -> list[str]:
    """How SQLite goes about what it was told."""
    plans = []
    async with database._engine.connect() as connection:
        for statement, parameters in list(statements):
            if statement.startswith(("SELECT", "UPDATE", "WITH")):
                explain = await connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", tuple(parameters)
                )
                plans += [row.detail for row in explain]
    return plans


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_no_turn_looks_through_a_whole_table(
    database: DatabaseStore, statements: list[tuple[str, Any]]
) -> None:
    [reply] = await database.commit(turn(0, "1"))
    await database.load("bob", "activity-1")
    await database.commit(turn(1, "2"))
    await database.unsent("bob")
    await database.put_off(reply.seq, later(60))
    await database.mark_sent([reply.seq], NOON)
    await database.history("bob", 0, 10)
    plans = await plans_of(database, statements)

    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT" not in plan]
    assert [plan for plan in plans if "ix_entries_waiting" in plan]
    assert [plan for plan in plans if "uq_entries_activity" in plan]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_no_delivery_looks_through_a_whole_table(
    database: DatabaseStore, statements: list[tuple[str, Any]]
) -> None:
    outbox = Outbox(database.transactions)
    await database.commit(turn(0, case=new_case()))
    await database.cases("bob@contoso.com", 10)
    assert await outbox.claim("ann", "helpdesk", 4, timedelta(seconds=60))
    assert await outbox.mark_attempt("case-1", "ann", timedelta(seconds=60))
    assert await outbox.complete("case-1", "ann", "T-1")
    await outbox.resend("case-1", "helpdesk")
    plans = await plans_of(database, statements)

    assert not [plan for plan in plans if plan.startswith(("SCAN cases", "SCAN deliveries"))]
    assert [plan for plan in plans if "ix_deliveries_open (desk=? AND due_at<?)" in plan]


@in_each_database
@pytest.mark.parametrize("cut", range(6))
async def test_a_turn_cut_short_is_whole_or_not_there(database: DatabaseStore, cut: int) -> None:
    moments = iter(range(1000))

    def pass_a_moment(*_: object) -> None:
        if next(moments) == cut:
            task.cancel()

    event.listen(database._engine.sync_engine, "before_cursor_execute", pass_a_moment)
    event.listen(database._engine.sync_engine, "commit", pass_a_moment)
    task = asyncio.create_task(database.commit(turn(0, "1")))
    end = await asyncio.gather(task, return_exceptions=True)

    # `end` holds the error, and with it whatever the error's traceback holds.
    loaded = await database.load("bob", "activity-0")
    assert loaded.seen == (loaded.conversation is not None)
    if not loaded.seen:
        assert isinstance(end[0], asyncio.CancelledError)
        await database.commit(turn(0, "1"))
    assert texts(await database.unsent("bob")) == ["1"]


async def test_without_a_table_nothing_goes_and_nothing_is_told(database_url: str) -> None:
    await upgrade(database_url)
    database = open_store(database_url)
    async with database._engine.begin() as connection:
        await connection.execute(text("DROP TABLE entries"))

    with pytest.raises(DBAPIError):
        await database.ready()
    with pytest.raises(DBAPIError) as failed:
        await database.commit(turn(0, "a secret"))

    assert "secret" not in str(failed.value)
    assert await database.conversation("bob") is None
    await database.close()


@in_each_database
async def test_a_time_without_a_time_zone_is_refused(database: DatabaseStore) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        await database.purge(NOON.replace(tzinfo=None))
