"""What desks tell of cases, within the transaction of whoever keeps it."""

from datetime import datetime
from typing import cast

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.records import Case, CaseState, DeskEvent, Noted
from bot.storage.rules import KNOWN_FOR, as_of, moved_to
from bot.storage.tables import cases, desk_events

E = desk_events.c


async def note(connection: AsyncConnection, event: DeskEvent, now: datetime) -> Noted | None:
    """Moves a case as its desk says, and keeps the event's id; None: the desk has no such case.

    The case's row is held, so that of the same event at once the second one finds the first.
    """
    await connection.execute(delete(desk_events).where(E.at < now - KNOWN_FOR))
    case = await _held(connection, event)
    if case is None:
        return None
    if (before := await _known(connection, event)) is not None:
        return Noted(case, cast(CaseState | None, before or None))
    moved = moved_to(case, event)
    ids = {"desk": event.desk, "id": event.id, "case_id": event.case_id}
    await connection.execute(insert(desk_events).values(**ids, state=moved or "", at=now))
    if moved:
        values = {"state": moved, "version": case.version + 1, "changed_at": as_of(event, now)}
        await connection.execute(update(cases).where(cases.c.id == case.id).values(values))
        case = await _held(connection, event)
        assert case
    return Noted(case, moved)


async def _held(connection: AsyncConnection, event: DeskEvent) -> Case | None:
    query = select(cases).where(cases.c.id == event.case_id, cases.c.desk == event.desk)
    row = (await connection.execute(query.with_for_update())).mappings().one_or_none()
    return Case(**row) if row else None


async def _known(connection: AsyncConnection, event: DeskEvent) -> str | None:
    """The state to which the same event moved the case; None: it is new."""
    query = select(E.state).where(E.desk == event.desk, E.id == event.id)
    return (await connection.execute(query)).scalar_one_or_none()
