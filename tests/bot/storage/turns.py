"""Turns to commit, with all that a test does not care about filled in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.storage.database import DatabaseStore
from bot.storage.inbox import NEWS
from bot.storage.memory import MemoryStore
from bot.storage.records import (
    CaseChange,
    Entry,
    Incoming,
    Missed,
    NewCase,
    News,
    Order,
    Outgoing,
    Reference,
    Turn,
)
from bot.storage.store import Store
from bot.storage.tables import inbox

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
SOMEBODY = Reference(
    channel="msteams",
    conversation="19:meeting@thread.v2",
    user_id="29:1bob",
    user_name="Bob",
    bot_id="28:bot",
    bot_name="Assistant",
    service_url="https://smba.example/emea/",
    locale="en-GB",
)


def later(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def turn(
    version: int,
    *replies: str,
    key: str = "bob",
    activity_id: str | None = None,
    at: datetime = NOON,
    reference: Reference = SOMEBODY,
    missed: str = "",
    case: NewCase | None = None,
    orders: tuple[Order, ...] = (),
    changes: tuple[CaseChange, ...] = (),
    news: tuple[News, ...] = (),
    joined: str = "",
) -> Turn:
    """A turn on a conversation at `version`; its activity is named after that unless told."""
    name = f"activity-{version}" if activity_id is None else activity_id
    return Turn(
        key=key,
        version=version,
        progress=f'{{"turn":{version}}}',
        reference=reference,
        incoming=Incoming(name, f"said {name}", f'{{"id":"{name}"}}'),
        replies=tuple(Outgoing(f'{{"text":"{reply}"}}', reply) for reply in replies),
        at=at,
        missed=Missed(missed, "tea/leaves", at) if missed else None,
        case=case,
        orders=orders,
        changes=changes,
        news=news,
        joined=joined,
    )


def new_case(
    id: str = "case-1",  # noqa: A002 - the field's name
    person: str = "bob@contoso.com",
    desk: str = "helpdesk",
) -> NewCase:
    """A case that somebody has."""
    content = f'{{"id":"{id}","title":"No Skype","text":"It is not there.","requester":"{person}"}}'
    return NewCase(id, person, desk, "No Skype", content)


async def news_in(store: Store) -> list[News]:
    """All that people are yet to be told, in the order in which it came."""
    if isinstance(store, MemoryStore):
        return list(store.news)
    assert isinstance(store, DatabaseStore)
    async with store.transactions.read() as connection:
        rows = (await connection.execute(select(*NEWS).order_by(inbox.c.seq))).all()
    return [News(*row) for row in rows]


def texts(entries: Iterable[Entry]) -> list[str]:
    """What some entries say."""
    return [entry.text for entry in entries]
