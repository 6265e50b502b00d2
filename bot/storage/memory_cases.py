"""Cases in memory, kept and refused as a database does it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot.storage.records import (
    Case,
    CaseChange,
    Conflict,
    DeskEvent,
    NewCase,
    News,
    Noted,
    Order,
    Stale,
    Turn,
)
from bot.storage.rules import ENDED, as_of, channel_of, is_answer, moved_to, news_of, storable


class Cases:
    """All cases by id, what desks are to do about them in the order it was asked, and what their
    people are to be told."""

    def __init__(self) -> None:
        self.by_id: dict[str, Case] = {}
        self.orders: list[Order] = []
        self.news: list[News] = []
        self._events: set[tuple[str, str]] = set()

    def keep(self, turn: Turn) -> None:
        """Works on copies, so that a turn that is refused leaves nothing behind.

        Raises Conflict, Stale or LookupError, as `Store.commit` does.
        """
        by_id, orders = dict(self.by_id), list(self.orders)
        if turn.case:
            begun = _begun(turn.case, turn)
            if begun.id in by_id:
                raise Conflict("the case is known")
            by_id[begun.id] = begun
            create = Order(begun.id, begun.id, "create", turn.case.transcript)
            _queue(orders, create, by_id)
        for change in turn.changes:
            changed = _changed(by_id.get(storable(change.case_id)), change, turn)
            by_id[changed.id] = changed
        for order in turn.orders:
            _queue(orders, order, by_id)
        self.by_id, self.orders = by_id, orders
        self._bring(turn)
        self.news.extend(turn.news)

    def _bring(self, turn: Turn) -> None:
        """Has cases, and what waits to be told of them, told of in this turn's conversation."""
        joined, key = storable(turn.joined), storable(turn.key)
        ids = {storable(change.case_id) for change in turn.changes}
        if joined:
            theirs = (case for case in self.by_id.values() if case.person == joined)
            here = (case for case in theirs if case.key.startswith(channel_of(key)))
            ids |= {case.id for case in here if case.state not in ENDED}
        self.by_id |= {case_id: replace(self.by_id[case_id], key=key) for case_id in ids}
        self.news = [_brought(one, ids, key) for one in self.news]

    def note(self, event: DeskEvent, now: datetime) -> Noted | None:
        """Moves a case as its desk says; what the same event did before is not done again."""
        case = self.by_id.get(storable(event.case_id))
        if case is None or case.desk != event.desk:
            return None
        key = (event.desk, storable(event.id))
        if key in self._events:
            return Noted(case, None, news=False)
        self._events.add(key)
        if moved := moved_to(case, event):
            when, version = as_of(event, now), case.version + 1
            changes: Any = {"changed_at": when, "changed_by": "desk"}
            case = replace(case, state=moved, version=version, **changes)
            self.by_id[case.id] = case
        if news := news_of(case, event, moved, now):
            self.news.append(news)
        return Noted(case, moved, news=bool(news))

    def await_news(self, key: str) -> bool:
        """Whether something is to be told in a conversation, or may be yet."""
        waits = any(one.key == key and one.state not in ENDED for one in self.by_id.values())
        return waits or any(one.key == key for one in self.news)

    def of_person(self, person: str, limit: int) -> Sequence[Case]:
        """The cases of a person, the latest first."""
        theirs = [case for case in self.by_id.values() if case.person == person]
        return sorted(theirs, key=lambda case: (case.at, case.id), reverse=True)[:limit]


def _begun(new: NewCase, turn: Turn) -> Case:
    words: Any = {name: storable(value) for name, value in asdict(new).items()}
    del words["transcript"]  # it goes with the order
    return Case(
        **words,
        key=storable(turn.key),
        state="recorded",
        ticket="",
        link="",
        version=1,
        at=turn.at,
        changed_at=turn.at,
    )


def _changed(case: Case | None, change: CaseChange, turn: Turn) -> Case:
    if case is None or case.version != change.from_version:
        raise Stale(f"the case is not at version {change.from_version}")
    title = case.title if change.title is None else storable(change.title)
    text = case.text if change.text is None else storable(change.text)
    changed = replace(case, state=change.state, title=title, text=text, version=case.version + 1)
    if change.state == case.state or is_answer(change):
        return changed
    return replace(changed, changed_at=turn.at, changed_by="person")


def _brought(news: News, case_ids: Collection[str], key: str) -> News:
    meant = news.kind == "case" and news.about in case_ids
    return replace(news, key=key) if meant else news


def _queue(orders: list[Order], order: Order, by_id: dict[str, Case]) -> None:
    id_, case_id, body = map(storable, (order.id, order.case_id, order.body))
    if case_id not in by_id:
        raise LookupError("there is no case of that id")
    if any(known.id == id_ for known in orders):
        raise Conflict("the order is known")
    orders.append(Order(id_, case_id, order.kind, body))
