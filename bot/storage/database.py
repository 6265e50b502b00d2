"""The store in a database: SQLite or PostgreSQL, one code path."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import cases, desk_events, inbox
from bot.storage.engine import engine_of
from bot.storage.records import (
    Case,
    Conflict,
    Conversation,
    DeskEvent,
    Entry,
    Line,
    Loaded,
    Missed,
    Noted,
    Reference,
    Turn,
)
from bot.storage.rules import GRACE
from bot.storage.tables import conversations, entries, missed
from bot.storage.transactions import Now, Transactions

PURGED_AT_ONCE = 1000
"""Entries deleted in one transaction, so that no turn waits long for a purge."""

CONVERSATION = (
    conversations.c.key,
    conversations.c.version,
    conversations.c.progress,
    conversations.c.reference,
)
ENTRY = (
    entries.c.seq,
    entries.c.key,
    entries.c.direction,
    entries.c.activity,
    entries.c.text,
    entries.c.at,
    entries.c.attempts,
)

LATEST = (
    select(entries.c.direction, entries.c.text, entries.c.at)
    .where(entries.c.key == bindparam("key"))
    .order_by(entries.c.seq.desc())
    .limit(bindparam("limit"))
)
"""Built once: to build a statement takes a fifth of the time of this one."""


def open_store(url: str, now: Now | None = None) -> "DatabaseStore":
    """Opens the store at a database's address; it connects when it is first used.

    `now` stands in for the database's clock.

    Raises:
        ValueError: the address is neither of a SQLite file nor of a PostgreSQL database.
    """
    return DatabaseStore(engine_of(url), now)


class DatabaseStore:
    """Keeps conversations in a database whose tables are there already: see `migrate`.

    `transactions` are for others who write to the same database.
    """

    def __init__(self, engine: AsyncEngine, now: Now | None = None) -> None:
        self._engine = engine
        self.transactions = Transactions(engine, now)
        self._read, self._write = self.transactions.read, self.transactions.write

    async def load(self, key: str, activity_id: str) -> Loaded:
        """One statement."""
        seen = exists().where(entries.c.key == key, entries.c.activity_id == activity_id)
        query = select(*CONVERSATION, seen.label("seen")).where(conversations.c.key == key)
        async with self._read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Loaded(_conversation(row), row.seen) if row else Loaded(None, seen=False)

    async def commit(self, turn: Turn) -> Sequence[Entry]:
        """One transaction of three statements, more for a case; in SQLite one wait for the disk."""
        try:
            async with self._write() as connection:
                await _take_version(connection, turn)
                await connection.execute(insert(entries), _rows(turn))
                if turn.missed:
                    await connection.execute(insert(missed).values(asdict(turn.missed)))
                await cases.keep(connection, turn, self.transactions.now)
                for news in turn.news:
                    await inbox.put(connection, news)
                return await _unsent(connection, turn.key)
        except IntegrityError as error:
            raise Conflict("the conversation has begun, or one of the ids is known") from error

    async def unsent(self, key: str) -> Sequence[Entry]:
        """One statement, on the index of what waits."""
        async with self._read() as connection:
            return await _unsent(connection, key)

    async def mark_sent(self, seqs: Iterable[int], at: datetime) -> None:
        """What does not wait stays as it is."""
        await self._change(list(seqs), sent_at=at, due_at=None)

    async def put_off(self, seq: int, until: datetime) -> None:
        """What does not wait stays as it is."""
        await self._change([seq], due_at=until, attempts=entries.c.attempts + 1)

    async def give_up(self, seq: int, why: str) -> None:
        """What does not wait stays as it is."""
        await self._change([seq], refused=why, due_at=None)

    async def _change(self, seqs: Sequence[int], **values: Any) -> None:
        """Changes replies, but only such as wait: what was sent or refused stays so."""
        waiting = (entries.c.seq.in_(seqs), entries.c.due_at.is_not(None))
        if seqs:
            async with self._write() as connection:
                await connection.execute(update(entries).where(*waiting).values(**values))

    async def overdue(self, now: datetime, limit: int) -> Sequence[Conversation]:
        """One statement, on the index of what waits."""
        older = entries.alias()
        is_oldest = ~exists().where(
            older.c.key == entries.c.key,
            older.c.due_at.is_not(None),
            older.c.seq < entries.c.seq,
        )
        query = (
            select(*CONVERSATION)
            .join_from(entries, conversations)
            .where(entries.c.due_at <= now, is_oldest)
            .order_by(entries.c.due_at, entries.c.seq)
            .limit(limit)
        )
        async with self._read() as connection:
            return [_conversation(row) for row in await connection.execute(query)]

    async def history(self, key: str, after: int, limit: int) -> Sequence[Entry]:
        """One statement."""
        query = (
            select(*ENTRY)
            .where(entries.c.key == key, entries.c.seq > after, entries.c.activity != "")
            .order_by(entries.c.seq)
            .limit(limit)
        )
        async with self._read() as connection:
            return [Entry(*row) for row in await connection.execute(query)]

    async def lines(self, key: str, limit: int) -> Sequence[Line]:
        """One statement."""
        async with self._read() as connection:
            found = await connection.execute(LATEST, {"key": key, "limit": limit})
            latest = [Line(*row) for row in found]
        return latest[::-1]

    async def conversation(self, key: str) -> Conversation | None:
        """One statement."""
        query = select(*CONVERSATION).where(conversations.c.key == key)
        async with self._read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _conversation(row) if row else None

    async def missed(self, limit: int) -> Sequence[Missed]:
        """One statement."""
        query = select(missed.c.text, missed.c.place, missed.c.at)
        query = query.order_by(missed.c.seq.desc()).limit(limit)
        async with self._read() as connection:
            return [Missed(*row) for row in await connection.execute(query)]

    async def cases(self, person: str, limit: int) -> Sequence[Case]:
        """One statement."""
        async with self._read() as connection:
            return await cases.of_person(connection, person, limit)

    async def case(self, case_id: str) -> Case | None:
        """One statement."""
        async with self._read() as connection:
            return await cases.by_id(connection, case_id)

    async def note_event(self, event: DeskEvent, now: datetime) -> Noted | None:
        """One transaction."""
        async with self._write() as connection:
            return await desk_events.note(connection, event, now, self.transactions.now)

    async def purge(self, before: datetime) -> int:
        """Deletes little by little, so that no turn waits long."""
        old = select(entries.c.seq).where(entries.c.at < before, entries.c.due_at.is_(None))
        some = delete(entries).where(entries.c.seq.in_(old.limit(PURGED_AT_ONCE)))
        purged = 0
        while True:
            async with self._write() as connection:
                deleted = (await connection.execute(some)).rowcount
            purged += deleted
            if deleted < PURGED_AT_ONCE:
                break
        empty = ~exists().where(entries.c.key == conversations.c.key)
        idle = delete(conversations).where(
            conversations.c.updated_at < before, empty, ~inbox.IS_AWAITED, ~cases.IS_AWAITED
        )
        async with self._write() as connection:
            await connection.execute(idle)
            await connection.execute(delete(missed).where(missed.c.at < before))
        return purged

    async def purge_cases(self, before: datetime) -> int:
        """Deletes little by little, too."""
        purged = 0
        while True:
            async with self._write() as connection:
                deleted = await cases.purge(connection, before, PURGED_AT_ONCE)
            purged += deleted
            if deleted < PURGED_AT_ONCE:
                return purged

    async def ready(self) -> None:
        """Begins what a turn begins: a disk that takes no writes hinders us, as does no table."""
        async with self._write() as connection:
            await connection.execute(select(entries.c.seq).join(conversations).limit(1))

    async def close(self) -> None:
        """Closes the pool; in SQLite the last one out tidies the log away."""
        await self._engine.dispose()


async def _take_version(connection: AsyncConnection, turn: Turn) -> None:
    """Moves the conversation on to its next version; holds its row until the transaction ends."""
    values = {
        "version": turn.version + 1,
        "progress": turn.progress,
        "reference": json.dumps(turn.reference.model_dump()),
        "updated_at": turn.at,
    }
    if turn.version == 0:
        await connection.execute(insert(conversations).values(key=turn.key, **values))
        return
    at_version = (conversations.c.key == turn.key, conversations.c.version == turn.version)
    changed = await connection.execute(update(conversations).where(*at_version).values(**values))
    if changed.rowcount == 0:
        raise Conflict(f"the conversation is not at version {turn.version}")


def _rows(turn: Turn) -> list[dict[str, Any]]:
    """The entries of a turn: what came in, then the replies in their order."""
    came = turn.incoming
    every = {"key": turn.key, "at": turn.at, "attempts": 0}
    first = {"direction": "in", "activity_id": came.id, "due_at": None}
    reply = {"direction": "out", "activity_id": None, "due_at": turn.at + GRACE}
    return [
        {**every, **first, "activity": came.activity, "text": came.text},
        *({**every, **reply, "activity": r.activity, "text": r.text} for r in turn.replies),
    ]


async def _unsent(connection: AsyncConnection, key: str) -> Sequence[Entry]:
    waiting = (entries.c.key == key, entries.c.due_at.is_not(None))
    query = select(*ENTRY).where(*waiting).order_by(entries.c.seq)
    return [Entry(*row) for row in await connection.execute(query)]


def _conversation(row: Row[*tuple[Any, ...]]) -> Conversation:
    reference = Reference.model_validate(json.loads(row.reference))
    return Conversation(row.key, row.version, row.progress, reference)
