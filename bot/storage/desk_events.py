"""What desks tell of cases, within the transaction of whoever keeps it."""

from datetime import datetime

from sqlalchemy import exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import inbox
from bot.storage.records import Case, DeskEvent, Noted
from bot.storage.rules import as_of, moved_to, news_of
from bot.storage.tables import cases, desk_events
from bot.storage.transactions import Now

E = desk_events.c


async def note(
    connection: AsyncConnection, event: DeskEvent, at: datetime, now: Now
) -> Noted | None:
    """Moves a case as its desk says, keeps the event's id, and what its person is to be told.

    None: the desk has no such case. The case's row is held, so that of the same event at once the
    second one finds the first.
    """
    case = await _held(connection, event)
    if case is None:
        return None
    if await _is_known(connection, event):
        return Noted(case, None, news=False)
    moved = moved_to(case, event)
    ids = {"desk": event.desk, "id": event.id, "case_id": event.case_id}
    await connection.execute(insert(desk_events).values(**ids, at=at))
    if moved:
        when = {"changed_at": as_of(event, at), "changed_by": "desk"}
        values = {"state": moved, "version": case.version + 1, **when}
        await connection.execute(update(cases).where(cases.c.id == case.id).values(values))
        case = await _held(connection, event)
        assert case
    if news := news_of(case, event, moved, at):
        await inbox.put(connection, news, due_at=now(0))
    return Noted(case, moved, news=bool(news))


async def _held(connection: AsyncConnection, event: DeskEvent) -> Case | None:
    query = select(cases).where(cases.c.id == event.case_id, cases.c.desk == event.desk)
    row = (await connection.execute(query.with_for_update())).mappings().one_or_none()
    return Case(**row) if row else None


async def _is_known(connection: AsyncConnection, event: DeskEvent) -> bool:
    known = exists().where(E.desk == event.desk, E.id == event.id)
    return bool((await connection.execute(select(known))).scalar_one())
