"""The tables. `migrations` makes them; a test sees to it that both say the same."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

from bot.storage.rules import storable


class Words(TypeDecorator[str]):
    """Text of any length and any characters, of which what cannot be stored is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """From Python to the database."""
        return None if value is None else storable(value)


class Instant(TypeDecorator[datetime]):
    """A time in UTC, aware in Python.

    PostgreSQL has a type for it. SQLite has none: there it is `2026-11-03 09:15:00.000000`, always
    of that width, so that comparing the texts compares the times, and people can read both.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From Python to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a time zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database to Python."""
        if value is None:
            return None
        kept: datetime = value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value
        return kept.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("key", Words, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("progress", Words, nullable=False),
    Column("reference", Words, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", Words, ForeignKey("conversations.key"), nullable=False),
    Column("direction", String(3), nullable=False),
    Column("activity_id", Words),
    Column("activity", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Instant, nullable=False),
    # A reply waits to be sent for as long as `due_at` is set. That one column is the whole
    # condition of the partial index, which the planner sees only where no parameter is part of it.
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("refused", Words),
    # Without it SQLite gives the number of a purged entry to a new one, and who reads the
    # conversation back by number would not see that.
    sqlite_autoincrement=True,
)

missed = Table(
    "missed",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("text", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("at", Instant, nullable=False),
)

# A case outlives the transcript it came from: `key` leads to a conversation that may be purged.
cases = Table(
    "cases",
    metadata,
    Column("id", Words, primary_key=True),
    Column("key", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("desk", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("content", Words, nullable=False),
    Column("state", String(10), nullable=False),
    Column("ticket", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(6)),
    # What its person has changed the description to; `content` stays as it was handed over.
    Column("text", Words),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Words, primary_key=True),
    Column("case_id", Words, ForeignKey("cases.id"), nullable=False),
    Column("desk", Words, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("body", Words, nullable=False),
    # Within the case, from 0 for its `create`: two that race for a number conflict, so none can
    # appear behind one that was delivered already.
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    # It is open for as long as `due_at` is set; then either `done_at` is, or `parked_at`.
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("owner", Words),
    Column("lease_until", Instant),
    # Set before a request, and taken back where the desk plainly did not take it. Whoever claims
    # a delivery and finds it set does not know whether the desk has it.
    Column("attempted_at", Instant),
    Column("done_at", Instant),
    Column("parked_at", Instant),
    Column("error", Words),
)

# What desks have told, so that none of it counts twice, for as long as there is the case: who is
# asked again what happened may begin long before.
desk_events = Table(
    "desk_events",
    metadata,
    Column("desk", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("case_id", Words, nullable=False),
    Column("at", Instant, nullable=False),
)

# How far a desk has been asked what happened there, in words of its own.
desk_cursors = Table(
    "desk_cursors",
    metadata,
    Column("desk", Words, primary_key=True),
    Column("cursor", Words, nullable=False),
    Column("at", Instant, nullable=False),
)

# What conversations are yet to be told; a row goes when it is told. Whoever is telling it has set
# `due_at` to when others may try.
inbox = Table(
    "inbox",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("about", Words, nullable=False),
    Column("moved", String(10), nullable=False),
    Column("comment", Words, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    sqlite_autoincrement=True,
)

Index("ix_desk_events_case", desk_events.c.case_id)
Index("ix_inbox_due_at", inbox.c.due_at)
Index("ix_inbox_key_seq", inbox.c.key, inbox.c.seq)
Index("ix_missed_at", missed.c.at)
Index("ix_cases_person", cases.c.person, cases.c.at)
Index("uq_deliveries_case_seq", deliveries.c.case_id, deliveries.c.seq, unique=True)
Index(
    "ix_deliveries_open",
    deliveries.c.desk,
    deliveries.c.due_at,
    sqlite_where=deliveries.c.due_at.is_not(None),
    postgresql_where=deliveries.c.due_at.is_not(None),
)
Index(
    "ix_deliveries_parked",
    deliveries.c.case_id,
    sqlite_where=deliveries.c.parked_at.is_not(None),
    postgresql_where=deliveries.c.parked_at.is_not(None),
)
Index("ix_entries_key_seq", entries.c.key, entries.c.seq)
Index("ix_entries_at", entries.c.at)
Index(
    "ix_entries_waiting",
    entries.c.key,
    entries.c.seq,
    sqlite_where=entries.c.due_at.is_not(None),
    postgresql_where=entries.c.due_at.is_not(None),
)
Index(
    "uq_entries_activity",
    entries.c.key,
    entries.c.activity_id,
    unique=True,
    sqlite_where=entries.c.activity_id.is_not(None),
    postgresql_where=entries.c.activity_id.is_not(None),
)
