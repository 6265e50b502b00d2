"""From the address of a database to an engine that treats it right."""

import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

SQLITE, POSTGRESQL = "sqlite+aiosqlite", "postgresql+asyncpg"

LONGEST_LOCK = 15.0
"""Seconds that a write to SQLite waits for those of other processes."""
MOST_CONNECTIONS = 5
"""To a SQLite file at once, all of them kept: to open one takes longer than a read that waits."""
LONGEST_CONNECT = 10.0
"""Seconds until PostgreSQL counts as out of reach."""
LONGEST_STATEMENT = 30.0
"""Seconds until a statement fails to which PostgreSQL does not answer; else a cut connection
would hold a turn, and its conversation, for as long as the network takes to notice."""


def address(url: str) -> URL:
    """Reads a database's address; the driver is ours to choose.

    Raises:
        ValueError: it is neither of a SQLite file nor of a PostgreSQL database.

    >>> str(address("sqlite:///var/assistant.db"))
    'sqlite+aiosqlite:///var/assistant.db'
    """
    read = make_url(url)
    match read.get_backend_name():
        case "sqlite" if read.database in {None, "", ":memory:"}:
            raise ValueError("sqlite needs a file, as in sqlite:///var/assistant.db")
        case "sqlite":
            return read.set(drivername=SQLITE)
        case "postgresql" | "postgres":
            query = dict(read.query)
            if "sslmode" in query:  # what libpq calls it, and providers put into addresses
                query["ssl"] = query.pop("sslmode")
            return read.set(drivername=POSTGRESQL, query=query)
        case other:
            raise ValueError(f"{other} is neither sqlite nor postgresql")


def engine_of(url: str, longest_statement: float | None = LONGEST_STATEMENT) -> AsyncEngine:
    """Builds an engine for a SQLite file or a PostgreSQL database; connects to nothing yet.

    With the execution option `writes`, a transaction takes SQLite's write lock when it begins.
    Without it SQLite is in autocommit, and a read never waits. Errors leave out the parameters of
    statements, which are what people wrote.
    """
    where = address(url)
    if where.drivername == POSTGRESQL:
        limits = {"timeout": LONGEST_CONNECT, "command_timeout": longest_statement}
        return create_async_engine(
            where, connect_args=limits, hide_parameters=True, pool_pre_ping=True
        )
    engine = create_async_engine(
        where,
        connect_args={"timeout": LONGEST_LOCK},
        hide_parameters=True,
        pool_size=MOST_CONNECTIONS,
        max_overflow=0,
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "invalidate", _let_go)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 is to begin no transaction of its own
    cursor = connection.cursor()
    _keep_log(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _keep_log(cursor: Any) -> None:
    """Turns the write-ahead log on; the file remembers it.

    Two processes that do so at once on a new file do not wait for each other: one is told that
    the file is locked. When it tries again, the other is done.
    """
    for _ in range(20):
        with suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA journal_mode=WAL")
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        # A plain BEGIN would take the lock at the first write only, and fail at once, however long
        # it may wait, where another process has written since the first read.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _let_go(connection: Any, _record: object, _error: object) -> None:
    # A statement that is cancelled costs the connection. Python closes it, but SQLite keeps it, and
    # its lock, while a cursor of it is alive: as long as somebody holds the error's traceback.
    connection.rollback()
