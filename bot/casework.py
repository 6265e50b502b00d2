"""Cases on the command line: `python -m bot cases list | show | resend | export`.

Each returns the exit status: 0 all well, 1 there is no such case, or nothing to do.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from bot.commands import ready_database, say, tried
from bot.settings import Settings
from bot.storage.database import DatabaseStore, open_store
from bot.storage.outbox import Outbox
from bot.storage.records import Case, CaseState, Delivery

T = TypeVar("T")
Work = Callable[[DatabaseStore, Outbox], Awaitable[T]]
MOST = 1_000_000
"""Cases that are exported at most."""
SHOWN = 50
"""Cases that are listed unless all are asked for."""


def listed(
    settings: Settings, state: CaseState | None, *, as_json: bool, every: bool = False
) -> int:
    """The latest cases, or all, without what people wrote in them."""
    limit = MOST if every else SHOWN

    async def work(_: DatabaseStore, outbox: Outbox) -> Sequence[Case]:
        return await outbox.cases(limit + 1, state)

    cases = _done(settings, work)
    for case in cases[:limit]:
        print(_json(_brief(case)) if as_json else _line(case))
    if len(cases) > limit:
        say(f"These are the latest {limit}; --all lists all.")
    return 0


def show(settings: Settings, case_id: str, *, as_json: bool) -> int:
    """One case with all that a desk is sent, and how its delivery goes.

    The conversation that goes along is the body of its `create`, until the desk has it.
    """

    async def work(store: DatabaseStore, outbox: Outbox) -> tuple[Case | None, Sequence[Delivery]]:
        return await store.case(case_id), await outbox.deliveries(case_id)

    case, deliveries = _done(settings, work)
    if case is None:
        say(_unknown(case_id))
        return 1
    whole = {**_brief(case), "content": _content(case)}
    told = [asdict(delivery) for delivery in deliveries]
    if as_json:
        print(_json({**whole, "deliveries": told}))
        return 0
    print(_line(case))
    print(json.dumps(whole["content"], ensure_ascii=False, indent=2))
    for delivery in deliveries:
        print(_delivery_line(delivery))
    return 0


def resend(settings: Settings, case_id: str) -> int:
    """Has what a desk refused of a case sent again, by the service that runs.

    A case that waits for a desk that is not set any more goes to the one that is.
    """

    async def work(store: DatabaseStore, outbox: Outbox) -> int | None:
        case = await store.case(case_id)
        return await _resend(case, settings, outbox) if case else None

    sent = _done(settings, work)
    if sent is None:
        say(_unknown(case_id))
        return 1
    say(f"{sent} to be sent again." if sent else "Nothing of this case is parked.")
    return int(not sent)


def resend_parked(settings: Settings) -> int:
    """The same of every case of which something was refused, once its reason is mended."""

    async def work(store: DatabaseStore, outbox: Outbox) -> Sequence[int]:
        found = [await store.case(case_id) for case_id in await outbox.parked()]
        return [await _resend(case, settings, outbox) for case in found if case]

    sent = _done(settings, work)
    what = f"{sum(sent)} to be sent again, of {len(sent)} cases."
    say(what if sent else "Nothing is parked.")
    return int(not sent)


async def _resend(case: Case, settings: Settings, outbox: Outbox) -> int:
    """How many are to be sent again; says so where there may be a second ticket then."""
    desk = settings.desk or case.desk
    attempted = any(one.attempted_at for one in await outbox.deliveries(case.id))
    if case.desk != desk and not case.ticket and attempted:
        say(f"{case.desk} may have a ticket of it: an answer was lost. Look for {case.id} there.")
    return await outbox.resend(case.id, desk)


def export(settings: Settings) -> int:
    """All cases, one JSON object a line, as they were handed over, without the conversation."""

    async def work(_: DatabaseStore, outbox: Outbox) -> Sequence[Case]:
        return await outbox.cases(MOST)

    for case in _done(settings, work):
        print(_json({**_brief(case), "content": _content(case)}))
    return 0


def _done(settings: Settings, work: Work[T]) -> T:
    """What comes of it on the database of the settings."""

    async def run() -> T:
        store = open_store(settings.database_url)
        try:
            return await work(store, Outbox(store.transactions))
        finally:
            await store.close()

    if not tried(ready_database(settings)):
        raise SystemExit(1)
    return asyncio.run(run())


def _brief(case: Case) -> dict[str, Any]:
    names = ("id", "state", "desk", "ticket", "link", "person", "title", "at", "changed_at")
    return {name: getattr(case, name) for name in names}


def _content(case: Case) -> object:
    """What was handed over; of older cases without the place in which no transcript is kept."""
    content = json.loads(case.content)
    return {name: value for name, value in content.items() if (name, value) != ("transcript", "")}


def _line(case: Case) -> str:
    ticket = f"{case.desk} {case.ticket}" if case.ticket else case.desk
    return f"{case.id}  {case.state:9}  {case.at:%Y-%m-%d %H:%M}  {ticket}  {case.title}"


def _delivery_line(delivery: Delivery) -> str:
    state = "delivered" if delivery.done_at else "parked" if delivery.parked_at else "open"
    why = f"  {delivery.error}" if delivery.error else ""
    return f"{delivery.id}  {delivery.kind}  {state}  attempts: {delivery.attempts}{why}"


def _unknown(case_id: str) -> str:
    return f"There is no case {case_id}. `cases list` shows the latest."


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
