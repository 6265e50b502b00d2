"""What desks have yet to be told, and who is telling it: leased, in order, and never dropped.

A lease keeps others off while a desk is asked. Whoever loses it can change nothing any more. All
times are the database's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    case,
    distinct,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import inbox
from bot.storage.cases import by_id, by_ids
from bot.storage.records import Case, CaseState, Delivery, News
from bot.storage.tables import cases, deliveries
from bot.storage.transactions import Transactions

D = deliveries.c
DELIVERY = tuple(D[field.name] for field in fields(Delivery))
CREATE, OLDER = deliveries.alias(), deliveries.alias()
IS_KNOWN = exists().where(CREATE.c.id == D.case_id, CREATE.c.done_at.is_not(None))
"""The desk has the case."""
IS_BEHIND = exists().where(
    OLDER.c.case_id == D.case_id, OLDER.c.due_at.is_not(None), OLDER.c.seq < D.seq
)
"""Something else of the case comes first."""
NONE = ""
"""The desk of what is recorded while none is set."""
SETTLED: Mapping[str, None] = {"due_at": None, "owner": None, "lease_until": None}


@dataclass(frozen=True)
class Claimed:
    """A delivery that is ours until the lease ends, the case it is about, and when that began.

    It is *ambiguous* where `delivery.attempted_at` is set: somebody began a request, and nobody
    knows whether the desk has it.
    """

    delivery: Delivery
    case: Case
    at: datetime


@dataclass(frozen=True)
class Waiting:
    """How many cases have something open and something parked, and the age of the oldest that is
    open in seconds, 0: there is none."""

    open: int
    parked: int
    oldest: float


class Outbox:
    """The deliveries in a database, for whoever brings them to the desks.

    An owner is a name that is used for one claim and no other, so that nobody takes what they
    claimed before for what they claim now.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._read, self._write = transactions.read, transactions.write
        self._now = transactions.now

    async def claim(self, owner: str, desk: str, limit: int, lease: timedelta) -> Sequence[Claimed]:
        """Leases what is due at a desk, the longest due first, and of each case only what is next.

        Nothing of a case comes before its `create` is done; else what is parked holds up nothing.
        """
        # As a query of its own the choice is made once. Within IN, PostgreSQL may make it again
        # for every row, and lease more than the limit.
        free = _free(desk, self._now(0)).limit(limit).with_for_update(skip_locked=True).cte("free")
        leased = (
            update(deliveries)
            .where(D.id.in_(select(free.c.id)))
            .values(owner=owner, lease_until=self._now(lease.total_seconds()))
            .returning(*DELIVERY, self._now(0))
        )
        async with self._write() as connection:
            rows = (await connection.execute(leased)).all()
            return await _with_cases(connection, [(Delivery(*row[:-1]), row[-1]) for row in rows])

    async def mark_attempt(self, delivery_id: str, owner: str, lease: timedelta) -> bool:
        """Notes that a request begins now, and leases anew; False: the lease is lost."""
        until = self._now(lease.total_seconds())
        values = {"attempted_at": self._now(0), "lease_until": until}
        async with self._write() as connection:
            return await _change(connection, delivery_id, owner, values) is not None

    async def complete(
        self, delivery_id: str, owner: str, ticket: str = "", link: str = ""
    ) -> Case | None:
        """Notes that a desk has it; None: the lease is lost, and nothing was changed.

        With a `create` come the ticket and the link. Its case is `submitted` then, unless the
        person has done something to it meanwhile; they are to be told. Returns the case as it is
        now.
        """
        # The desk has the transcript now, and here nobody needs it any more.
        kept = case((D.kind == "create", ""), else_=D.body)
        done = {**SETTLED, "done_at": self._now(0), "error": None, "body": kept}
        async with self._write() as connection:
            row = await _change(connection, delivery_id, owner, done)
            if row is None:
                return None
            if row.kind != "create":
                return await by_id(connection, row.case_id)
            placed = {"ticket": ticket, "link": link}
            moved = await self._move(connection, row.case_id, "recorded", "submitted", **placed)
            await inbox.put(connection, _placed(moved), due_at=self._now(0))
            return moved

    async def put_off(
        self,
        delivery_id: str,
        owner: str,
        seconds: float,
        error: str,
        *,
        ambiguous: bool = False,
    ) -> bool:
        """Notes why it did not succeed; it is due again in so many seconds. False: lease lost.

        Unless its end was `ambiguous`, the desk plainly does not have it.
        """
        again = {"due_at": self._now(seconds), "attempts": D.attempts + 1, "error": error}
        clear = {} if ambiguous else {"attempted_at": None}
        async with self._write() as connection:
            values = {**SETTLED, **again, **clear}
            return await _change(connection, delivery_id, owner, values) is not None

    async def park(self, delivery_id: str, owner: str, error: str) -> bool:
        """Keeps what a desk will never take, until it is sent again; False: the lease is lost.

        A case whose `create` is parked is `parked`, unless something was done to it meanwhile, and
        its person is to be told: by an id that is always the same, so that a conversation is told
        once. An attempt stays marked: sent again, a desk that has to be asked first is asked.
        """
        parked = {**SETTLED, "parked_at": self._now(0), "error": error}
        async with self._write() as connection:
            row = await _change(connection, delivery_id, owner, parked)
            if row is not None and row.kind == "create":
                moved = await self._move(connection, row.case_id, "recorded", "parked")
                if moved.state == "parked":
                    await inbox.put(connection, _parked(moved), due_at=self._now(0))
            return row is not None

    async def resend(self, case_id: str, desk: str) -> int:
        """Makes due now what is parked of a case; returns how many deliveries that are.

        A case that waits for another desk than this one, which has no ticket of it, goes to this
        one; what waits of it counts, too.
        """
        again = {**SETTLED, "due_at": self._now(0), "parked_at": None, "attempts": 0}
        async with self._write() as connection:
            moved = await self._redirect(connection, case_id, desk)
            meant = D.done_at.is_(None) if moved else D.parked_at.is_not(None)
            sent = update(deliveries).where(D.case_id == case_id, meant).values(again)
            sent = sent.returning(D.kind)
            kinds = (await connection.execute(sent)).scalars().all()
            if "create" in kinds:
                await self._move(connection, case_id, "parked", "recorded")
            return len(kinds)

    async def take_over(self, desk: str) -> int:
        """Has a desk get what was recorded while none was set; returns how many cases those are.

        Nobody has ever attempted any of it, so that none of it can be there twice.
        """
        undone = (D.desk == NONE, D.done_at.is_(None))
        async with self._write() as connection:
            meant = update(cases).where(cases.c.desk == NONE).values(desk=desk)
            taken = (await connection.execute(meant)).rowcount
            await connection.execute(update(deliveries).where(*undone).values(desk=desk))
            return taken

    async def parked(self) -> Sequence[str]:
        """The ids of all cases of which something is parked, in the order in which they came."""
        has = exists().where(D.case_id == cases.c.id, D.parked_at.is_not(None))
        query = select(cases.c.id).where(has).order_by(cases.c.at, cases.c.id)
        async with self._read() as connection:
            return (await connection.execute(query)).scalars().all()

    async def elsewhere(self, desk: str) -> Mapping[str, int]:
        """How many cases wait for desks other than this one, by desk: nobody brings them there."""
        number = func.count(distinct(D.case_id))
        query = select(D.desk, number).where(D.due_at.is_not(None), D.desk != desk)
        async with self._read() as connection:
            rows = (await connection.execute(query.group_by(D.desk))).all()
        return {row[0]: row[1] for row in rows}

    async def waiting(self) -> Waiting:
        """One statement, on the indexes of what is open and what is parked."""
        is_open, is_parked = D.due_at.is_not(None), D.parked_at.is_not(None)
        number = func.count(distinct(D.case_id))
        query = select(
            select(number).where(is_open).scalar_subquery(),
            select(number).where(is_parked).scalar_subquery(),
            select(func.min(D.at)).where(is_open).scalar_subquery(),
            self._now(0),
        )
        async with self._read() as connection:
            opened, parked, oldest, now = (await connection.execute(query)).one()
        # What turns commit bears the time of their own clock, which may be ahead.
        age = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
        return Waiting(opened, parked, age)

    async def cases(self, limit: int, state: CaseState | None = None) -> Sequence[Case]:
        """Cases of all people, those of one state alone where it is named, the latest first."""
        query = select(cases).order_by(cases.c.at.desc(), cases.c.id.desc()).limit(limit)
        query = query.where(cases.c.state == state) if state else query
        async with self._read() as connection:
            return [Case(**row) for row in (await connection.execute(query)).mappings()]

    async def deliveries(self, case_id: str) -> Sequence[Delivery]:
        """All that a desk was or will be told of a case, in that order."""
        query = select(*DELIVERY).where(D.case_id == case_id).order_by(D.seq)
        async with self._read() as connection:
            return [Delivery(*row) for row in await connection.execute(query)]

    async def _redirect(self, connection: AsyncConnection, case_id: str, desk: str) -> bool:
        """Has a case go to a desk where it has no ticket at its own; returns whether it had one
        of another name."""
        case_of = (cases.c.id == case_id, cases.c.desk != desk, cases.c.ticket == "")
        changed = await connection.execute(update(cases).where(*case_of).values(desk=desk))
        if not changed.rowcount:
            return False
        undone = (D.case_id == case_id, D.done_at.is_(None))
        await connection.execute(update(deliveries).where(*undone).values(desk=desk))
        return True

    async def _move(
        self,
        connection: AsyncConnection,
        case_id: str,
        before: CaseState,
        after: CaseState,
        **more: str,
    ) -> Case:
        """Moves a case on; what its person has done to it stays. Returns it as it is now."""
        is_before = cases.c.state == before
        state = case((is_before, after), else_=cases.c.state)
        # A time that was no change would make older what the desk has yet to tell of before it.
        changed_at = case((is_before, self._now(0)), else_=cases.c.changed_at)
        values = {"state": state, "version": cases.c.version + 1, "changed_at": changed_at}
        changed = update(cases).where(cases.c.id == case_id).values(**values, **more)
        moved = await connection.execute(changed.returning(*cases.c))
        return Case(**moved.mappings().one())


def _free(desk: str, now: ColumnElement[datetime]) -> Select[str]:
    """What may be claimed at a desk."""
    return (
        select(D.id)
        .where(D.desk == desk, D.due_at <= now)
        .where(or_(D.lease_until.is_(None), D.lease_until <= now))
        .where(or_(D.kind == "create", IS_KNOWN), ~IS_BEHIND)
        .order_by(D.due_at, D.seq, D.id)
    )


def _placed(case: Case) -> News:
    """That a case has its ticket, however it stands: what else became of it is told by itself."""
    news_id = f"{case.id}/{case.version}"
    return News(news_id, case.key, "case", case.id, case.changed_at, moved="submitted")


def _parked(case: Case) -> News:
    """That the desk did not take a case."""
    return News(f"{case.id}/parked", case.key, "case", case.id, case.changed_at, moved="parked")


async def _change(
    connection: AsyncConnection, delivery_id: str, owner: str, values: Mapping[str, Any]
) -> Row[str, str] | None:
    """Changes an open delivery if it is the owner's; None: it is not."""
    ours = (D.id == delivery_id, D.owner == owner, D.due_at.is_not(None))
    change = update(deliveries).where(*ours).values(**values).returning(D.kind, D.case_id)
    return (await connection.execute(change)).one_or_none()


async def _with_cases(
    connection: AsyncConnection, leased: Sequence[tuple[Delivery, datetime]]
) -> Sequence[Claimed]:
    """What was leased, in the order in which it was due, with the cases."""
    ids = {delivery.case_id for delivery, _ in leased}
    found = await by_ids(connection, ids)
    leased = sorted(leased, key=lambda pair: (pair[0].due_at or pair[1], pair[0].seq))
    return [Claimed(delivery, found[delivery.case_id], now) for delivery, now in leased]
