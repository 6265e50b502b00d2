"""How a database is read and written, and what time it says it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, func, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.tables import Instant

Now = Callable[[float], ColumnElement[datetime]]
"""The time so many seconds from now, as an expression that stands in a statement."""


class Transactions:
    """Reads and writes on an engine; whoever writes to one database shares one of these.

    `now` is the database's own clock unless a test brings another: the clocks of several replicas
    need not agree on when a lease is over.
    """

    def __init__(self, engine: AsyncEngine, now: Now | None = None) -> None:
        sqlite = engine.dialect.name == "sqlite"
        self.now = now or (_sqlite_now if sqlite else _postgresql_now)
        self._reads = engine if sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writes = engine.execution_options(writes=True)
        # SQLite has one writer. Who waits here is woken in turn; who waits at the file is not.
        self._turnstile: AbstractAsyncContextManager[object] = (
            asyncio.Lock() if sqlite else nullcontext()
        )

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection on which every statement stands alone."""
        return self._reads.connect()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: all of the block or nothing."""
        async with self._turnstile, self._writes.begin() as connection:
            yield connection


def _sqlite_now(seconds: float) -> ColumnElement[datetime]:
    """A text as `Instant` stores it; SQLite's clock tells milliseconds."""
    told = func.strftime("%Y-%m-%d %H:%M:%f", "now", f"{seconds:+.3f} seconds")
    return type_coerce(told.concat("000"), Instant)


def _postgresql_now(seconds: float) -> ColumnElement[datetime]:
    """The time when the statement began: that of a transaction that had to wait is too old."""
    began = func.statement_timestamp(type_=DateTime(timezone=True))
    return type_coerce(began + timedelta(seconds=seconds), Instant)
