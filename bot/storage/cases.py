"""Cases and what desks are told of them, within the transaction of whoever keeps them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import inbox
from bot.storage.records import Case, CaseChange, NewCase, Order, Stale, Turn
from bot.storage.rules import ENDED, channel_of, is_answer
from bot.storage.tables import Words, cases, conversations, deliveries, desk_events
from bot.storage.transactions import Now

IS_AWAITED = exists().where(cases.c.key == conversations.c.key, cases.c.state.not_in(ENDED))
"""Of a conversation: news of a case may come there yet."""


async def keep(connection: AsyncConnection, turn: Turn, now: Now) -> None:
    """Keeps what a turn means for cases: the new one, what its person changed, the orders, and
    where they hear of them.

    Raises:
        Stale: a case is not at the version that is to be changed.
        LookupError: there is no case to give an order for.
        IntegrityError: an id is known, or another order for the case came at the same moment.
    """
    if turn.case:
        await _begin(connection, turn.case, turn)
        create = Order(turn.case.id, turn.case.id, "create", turn.case.transcript)
        await _order(connection, create, turn, now)
    for change in turn.changes:
        await _change(connection, change, turn)
    for order in turn.orders:
        await _order(connection, order, turn, now)
    await _bring(connection, turn)


async def _begin(connection: AsyncConnection, new: NewCase, turn: Turn) -> None:
    nothing_yet = {"state": "recorded", "ticket": "", "link": "", "version": 1}
    when = {"at": turn.at, "changed_at": turn.at}
    row = {**asdict(new), "key": turn.key, **nothing_yet, **when}
    del row["transcript"]  # it goes with the delivery
    await connection.execute(insert(cases), row)


async def _change(connection: AsyncConnection, change: CaseChange, turn: Turn) -> None:
    at_version = (cases.c.id == change.case_id, cases.c.version == change.from_version)
    words = {"title": change.title, "text": change.text}
    reads = {name: value for name, value in words.items() if value is not None}
    # Who adds to a case has not moved it: what its desk says of the time before counts yet.
    stays = or_(cases.c.state == change.state, literal(is_answer(change)))
    when = case((stays, cases.c.changed_at), else_=literal(turn.at, cases.c.at.type))
    who = case((stays, cases.c.changed_by), else_="person")
    moved = {"state": change.state, "changed_at": when, "changed_by": who}
    values = {**reads, **moved, "version": cases.c.version + 1}
    changed = await connection.execute(update(cases).where(*at_version).values(values))
    if changed.rowcount == 0:
        raise Stale(f"the case is not at version {change.from_version}")


async def _order(connection: AsyncConnection, order: Order, turn: Turn, now: Now) -> None:
    """Queues an order behind all others of its case; it is due at once."""
    earlier = select(func.count()).where(deliveries.c.case_id == cases.c.id)
    row = {
        deliveries.c.id: literal(order.id, Words),
        deliveries.c.case_id: cases.c.id,
        deliveries.c.desk: cases.c.desk,
        deliveries.c.kind: literal(order.kind),
        deliveries.c.body: literal(order.body, Words),
        deliveries.c.seq: earlier.scalar_subquery(),
        deliveries.c.at: literal(turn.at, cases.c.at.type),
        deliveries.c.due_at: now(0),
        deliveries.c.attempts: literal(0),
    }
    of_case = select(*row.values()).where(cases.c.id == order.case_id)
    queued = await connection.execute(insert(deliveries).from_select([*row], of_case))
    if queued.rowcount == 0:
        raise LookupError("there is no case of that id")


async def _bring(connection: AsyncConnection, turn: Turn) -> None:
    """Has cases, and what waits to be told of them, told of in this turn's conversation.

    The cases are held before what waits is looked for: who has news of one waits for us, or we have
    waited for them, and none stays behind. Two who bring several at once hold them in one order.
    """
    meant: ColumnElement[bool] = cases.c.id.in_([change.case_id for change in turn.changes])
    if turn.joined:
        begun_here = cases.c.key.startswith(channel_of(turn.key), autoescape=True)
        theirs = and_(cases.c.person == turn.joined, begun_here, cases.c.state.not_in(ENDED))
        meant = or_(meant, theirs)
    elif not turn.changes:
        return
    held = select(cases.c.id).where(meant).order_by(cases.c.id).with_for_update()
    ids = (await connection.execute(held)).scalars().all()
    await connection.execute(update(cases).where(cases.c.id.in_(ids)).values(key=turn.key))
    await inbox.bring(connection, ids, turn.key)


async def of_person(connection: AsyncConnection, person: str, limit: int) -> Sequence[Case]:
    """The cases of a person, the latest first."""
    query = select(cases).where(cases.c.person == person)
    query = query.order_by(cases.c.at.desc(), cases.c.id.desc()).limit(limit)
    return [Case(**row) for row in (await connection.execute(query)).mappings()]


async def by_ids(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, Case]:
    """Cases by their ids."""
    query = select(cases).where(cases.c.id.in_(ids))
    found = (await connection.execute(query)).mappings() if ids else ()
    return {row["id"]: Case(**row) for row in found}


async def by_id(connection: AsyncConnection, case_id: str) -> Case | None:
    """A case by its id."""
    # What is kept may be another id than was asked for: see `storable`.
    return next(iter((await by_ids(connection, [case_id])).values()), None)


async def purge(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Deletes cases with all that hangs on them, some at a time; returns how many.

    Nothing was done to them since that time, and their desk has been told all there is.
    """
    d = deliveries.c
    waits = or_(d.due_at.is_not(None), d.parked_at.is_not(None), d.at >= before)
    old = select(cases.c.id).where(
        cases.c.changed_at < before, ~exists().where(d.case_id == cases.c.id, waits)
    )
    ids = (await connection.execute(old.limit(limit))).scalars().all()
    if ids:
        for column in (d.case_id, desk_events.c.case_id, cases.c.id):
            await connection.execute(delete(column.table).where(column.in_(ids)))
    return len(ids)
