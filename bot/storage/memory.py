"""The store in memory: for tests, for trying out knowledge, and for measuring what is no store."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count, islice

from bot.storage.memory_cases import Cases
from bot.storage.records import (
    Case,
    Conflict,
    Conversation,
    DeskEvent,
    Entry,
    Line,
    Loaded,
    Missed,
    News,
    Noted,
    Order,
    Turn,
)
from bot.storage.rules import GRACE, storable


@dataclass
class Row:
    """An entry and what becomes of it; a reply waits to be sent for as long as `due_at` is set."""

    entry: Entry
    activity_id: str | None = None
    due_at: datetime | None = None
    sent_at: datetime | None = None
    refused: str | None = None


@dataclass
class Talk:
    """A conversation with its entries; `rows` and `waiting` are in the order of `seq`."""

    conversation: Conversation
    updated_at: datetime
    rows: list[Row] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    waiting: dict[int, Row] = field(default_factory=dict)


class MemoryStore:
    """Keeps conversations for as long as it lives. No method ever waits, so each is whole."""

    def __init__(self) -> None:
        self._talks: dict[str, Talk] = {}
        self._waiting: dict[int, Talk] = {}
        self._missed: list[Missed] = []
        self._cases = Cases()
        self._seqs = count(1)

    async def load(self, key: str, activity_id: str) -> Loaded:
        """Two look-ups in dictionaries."""
        talk = self._talks.get(storable(key))
        if talk is None:
            return Loaded(None, seen=False)
        return Loaded(talk.conversation, seen=storable(activity_id) in talk.decided)

    async def commit(self, turn: Turn) -> Sequence[Entry]:
        """Checks all there is to refuse before it keeps anything."""
        key, activity_id = storable(turn.key), storable(turn.incoming.id)
        talk = self._talks.get(key)
        if turn.version != (talk.conversation.version if talk else 0):
            raise Conflict(f"the conversation is not at version {turn.version}")
        if talk and activity_id in talk.decided:
            raise Conflict("the activity is known")
        self._cases.keep(turn)
        now = Conversation(key, turn.version + 1, storable(turn.progress), turn.reference)
        if talk is None:
            talk = self._talks[key] = Talk(now, turn.at)
        talk.conversation, talk.updated_at = now, turn.at
        self._append(talk, turn, activity_id)
        if missed := turn.missed:
            kept = replace(missed, text=storable(missed.text), place=storable(missed.place))
            self._missed.append(kept)
        return _unsent(talk)

    def _append(self, talk: Talk, turn: Turn, activity_id: str) -> None:
        came, key = turn.incoming, talk.conversation.key
        activity, text = storable(came.activity), storable(came.text)
        entry = Entry(next(self._seqs), key, "in", activity, text, turn.at)
        talk.rows.append(Row(entry, activity_id))
        talk.decided.add(activity_id)
        for reply in turn.replies:
            activity, text = storable(reply.activity), storable(reply.text)
            entry = Entry(next(self._seqs), key, "out", activity, text, turn.at)
            row = Row(entry, due_at=turn.at + GRACE)
            talk.rows.append(row)
            talk.waiting[entry.seq] = row
            self._waiting[entry.seq] = talk

    async def unsent(self, key: str) -> Sequence[Entry]:
        """What waits is kept by itself."""
        talk = self._talks.get(storable(key))
        return _unsent(talk) if talk else []

    async def mark_sent(self, seqs: Iterable[int], at: datetime) -> None:
        """What does not wait stays as it is."""
        for seq in seqs:
            if row := self._settle(seq):
                row.sent_at = at

    async def give_up(self, seq: int, why: str) -> None:
        """What does not wait stays as it is."""
        if row := self._settle(seq):
            row.refused = storable(why)

    def _settle(self, seq: int) -> Row | None:
        """Takes a reply from those that wait."""
        talk = self._waiting.pop(seq, None)
        if talk is None:
            return None
        row = talk.waiting.pop(seq)
        row.due_at = None
        return row

    async def put_off(self, seq: int, until: datetime) -> None:
        """What does not wait stays as it is."""
        if talk := self._waiting.get(seq):
            row = talk.waiting[seq]
            row.due_at = until
            row.entry = replace(row.entry, attempts=row.entry.attempts + 1)

    async def overdue(self, now: datetime, limit: int) -> Sequence[Conversation]:
        """Looks at conversations in which something waits, and at no others."""
        talks = {talk.conversation.key: talk for talk in self._waiting.values()}
        oldest = [next(iter(talk.waiting.values())) for talk in talks.values()]
        due = [(row.due_at, row.entry) for row in oldest if row.due_at and row.due_at <= now]
        due.sort(key=lambda found: (found[0], found[1].seq))
        return [self._talks[entry.key].conversation for _, entry in due[:limit]]

    async def history(self, key: str, after: int, limit: int) -> Sequence[Entry]:
        """Finds its place by bisection."""
        talk = self._talks.get(storable(key))
        rows = talk.rows if talk else []
        start = bisect_right(rows, after, key=lambda row: row.entry.seq)
        later = (rows[place].entry for place in range(start, len(rows)))
        return list(islice((entry for entry in later if entry.activity), limit))

    async def lines(self, key: str, limit: int) -> Sequence[Line]:
        """From the end of a list."""
        talk = self._talks.get(storable(key))
        rows = talk.rows[-limit:] if talk else []
        return [Line(row.entry.direction, row.entry.text, row.entry.at) for row in rows]

    async def conversation(self, key: str) -> Conversation | None:
        """A look-up in a dictionary."""
        talk = self._talks.get(storable(key))
        return talk.conversation if talk else None

    async def missed(self, limit: int) -> Sequence[Missed]:
        """From the end of a list."""
        return list(islice(reversed(self._missed), limit))

    @property
    def orders(self) -> Sequence[Order]:
        """All that desks are to do, in that order, each new case's `create` included."""
        return self._cases.orders

    @property
    def news(self) -> Sequence[News]:
        """All that conversations are to be told."""
        return self._cases.news

    async def cases(self, person: str, limit: int) -> Sequence[Case]:
        """Looks at all cases."""
        return self._cases.of_person(storable(person), limit)

    async def case(self, case_id: str) -> Case | None:
        """A look-up in a dictionary."""
        return self._cases.by_id.get(storable(case_id))

    async def note_event(self, event: DeskEvent, now: datetime) -> Noted | None:
        """Three look-ups in dictionaries."""
        return self._cases.note(event, now)

    async def purge(self, before: datetime) -> int:
        """Looks at everything; a turn never does."""
        purged = 0
        self._missed = [missed for missed in self._missed if missed.at >= before]
        for talk in list(self._talks.values()):
            purged += _purge(talk, before)
            awaited = self._cases.await_news(talk.conversation.key)
            if not talk.rows and talk.updated_at < before and not awaited:
                del self._talks[talk.conversation.key]
        return purged

    async def purge_cases(self, before: datetime) -> int:
        """None: what a desk has yet to be told stays, and no desk is ever told anything."""
        return 0

    async def ready(self) -> None:
        """Always."""

    async def close(self) -> None:
        """Nothing to let go of."""


def _unsent(talk: Talk) -> list[Entry]:
    return [row.entry for row in talk.waiting.values()]


def _purge(talk: Talk, before: datetime) -> int:
    """Forgets old entries that do not wait, and the ids of those activities."""
    kept = [row for row in talk.rows if row.due_at or row.entry.at >= before]
    purged = len(talk.rows) - len(kept)
    talk.rows = kept
    talk.decided = {row.activity_id for row in kept if row.activity_id is not None}
    return purged
