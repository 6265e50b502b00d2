"""What conversations are yet to be told: put in with what it tells of, and gone once it is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.records import News
from bot.storage.tables import conversations, inbox
from bot.storage.transactions import Transactions

N = inbox.c
NEWS = tuple(N[field.name] for field in fields(News))


IS_AWAITED = exists().where(N.key == conversations.c.key)
"""Of a conversation: something is to be told there."""
HELD = 5
"""Attempts after which what cannot be told holds up nothing that came later."""


@dataclass(frozen=True)
class Letter:
    """News that is ours to tell for a while; `attempts` counts this one, too."""

    seq: int
    news: News
    attempts: int


async def put(
    connection: AsyncConnection, news: News, due_at: ColumnElement[Any] | None = None
) -> None:
    """Keeps news within the transaction of whoever has them; `due_at` in the place of their own."""
    values = {field.name: getattr(news, field.name) for field in fields(News)}
    if due_at is not None:
        values["due_at"] = due_at
    await connection.execute(insert(inbox).values(**values, attempts=0))


async def bring(connection: AsyncConnection, case_ids: Collection[str], key: str) -> None:
    """Has what waits to be told of these cases told in this conversation, in the same order.

    What somebody has begun to tell stays: only where it is told already is it not told again.
    """
    waits = (N.kind == "case", N.about.in_(case_ids), N.key != key, N.attempts == 0)
    if case_ids:
        await connection.execute(update(inbox).where(*waits).values(key=key))


class Inbox:
    """What is in a database to be told, for whoever tells it; times are the database's."""

    def __init__(self, transactions: Transactions) -> None:
        self._read, self._write = transactions.read, transactions.write
        self._now = transactions.now

    async def claim(self, limit: int, lease: timedelta) -> Sequence[Letter]:
        """Takes what is due for as long as the lease, of each conversation what comes first."""
        earlier = inbox.alias()
        is_behind = exists().where(
            and_(earlier.c.key == N.key, earlier.c.seq < N.seq),
            and_(earlier.c.kind == "case", earlier.c.attempts < HELD),
        )
        due = select(N.seq).where(N.due_at <= self._now(0), (N.kind != "case") | ~is_behind)
        due = due.order_by(N.due_at, N.seq).limit(limit)
        free = due.with_for_update(skip_locked=True).cte("free")
        leased = (
            update(inbox)
            .where(N.seq.in_(select(free.c.seq)))
            .values(due_at=self._now(lease.total_seconds()), attempts=N.attempts + 1)
            .returning(*NEWS, N.seq, N.attempts)
        )
        async with self._write() as connection:
            rows = (await connection.execute(leased)).all()
        return sorted(map(_letter, rows), key=lambda letter: letter.seq)

    async def forget(self, seq: int) -> None:
        """It is told."""
        async with self._write() as connection:
            await connection.execute(delete(inbox).where(N.seq == seq))

    async def put_off(self, seq: int, seconds: float) -> None:
        """It is due again in so many seconds."""
        later = update(inbox).where(N.seq == seq).values(due_at=self._now(seconds))
        async with self._write() as connection:
            await connection.execute(later)

    async def overdue(self) -> int:
        """How many could have been told by now."""
        query = select(func.count(literal(1))).where(N.due_at <= self._now(0))
        async with self._read() as connection:
            return (await connection.execute(query)).scalar_one()


def _letter(row: Row[Any]) -> Letter:
    return Letter(row.seq, News(*row[: len(NEWS)]), row.attempts)
