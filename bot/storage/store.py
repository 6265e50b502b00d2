"""What the rest of the program may ask of a store; `memory` and `database` are the two we have."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.storage.records import (
    Case,
    Conversation,
    DeskEvent,
    Entry,
    Line,
    Loaded,
    Missed,
    Noted,
    Turn,
)


class Store(Protocol):
    """Keeps conversations. Every time is aware and in UTC; every method is safe to call at once.

    A conversation's key and an activity's id may take 1,000 bytes each in UTF-8. Of any text, what
    no database can keep comes back as �: NUL, and half a surrogate pair.
    """

    async def load(self, key: str, activity_id: str) -> Loaded:
        """What is known of a conversation, and whether an activity of it was decided before."""

    async def commit(self, turn: Turn) -> Sequence[Entry]:
        """Keeps a turn whole; returns all unsent replies of the conversation, oldest first.

        Raises:
            Conflict: the conversation is not at `turn.version` any more, or the activity, its case
                or an order is known, or another order for the same case came at the same moment.
            Stale: a case is not at the version that is to be changed.
            LookupError: there is no case of that id to give an order for.
        """

    async def unsent(self, key: str) -> Sequence[Entry]:
        """The replies of a conversation that wait to be sent, oldest first."""

    async def mark_sent(self, seqs: Iterable[int], at: datetime) -> None:
        """Notes that these replies reached their channel; passes over those that do not wait."""

    async def put_off(self, seq: int, until: datetime) -> None:
        """Notes a failed attempt to send a reply; it is due again at `until`."""

    async def give_up(self, seq: int, why: str) -> None:
        """Notes that a channel refused a reply for good; it is kept, and not tried again."""

    async def overdue(self, now: datetime, limit: int) -> Sequence[Conversation]:
        """Conversations whose oldest unsent reply is due by now, the longest due first.

        A reply is due 10 seconds after it was committed, since its own turn is sending it until
        then, and later at the time it was put off to. Younger replies wait behind the oldest.
        """

    async def history(self, key: str, after: int, limit: int) -> Sequence[Entry]:
        """The entries of a conversation with `seq > after` that carry an activity, oldest first."""

    async def lines(self, key: str, limit: int) -> Sequence[Line]:
        """The latest entries of a conversation, so many of them, oldest first."""

    async def conversation(self, key: str) -> Conversation | None:
        """A stored conversation by its key."""

    async def missed(self, limit: int) -> Sequence[Missed]:
        """What was not understood, the latest first."""

    async def cases(self, person: str, limit: int) -> Sequence[Case]:
        """The cases of a person, the latest first."""

    async def case(self, case_id: str) -> Case | None:
        """A case by its id."""

    async def note_event(self, event: DeskEvent, now: datetime) -> Noted | None:
        """Moves a case as its desk says, keeps the event's id, and what its person is to be told:
        all of it or nothing.

        The same id again changes nothing. None: that desk has no such case.
        """

    async def purge(self, before: datetime) -> int:
        """Deletes entries from before a time, but never an unsent reply; returns how many.

        The ids of those activities are forgotten. A conversation goes, and its progress, once it
        has no entries and no turn since that time, unless something is to be told there, or may be
        of a case. What was missed before it goes, too. Cases stay.
        """

    async def purge_cases(self, before: datetime) -> int:
        """Deletes cases to which nothing was done since a time, unless their desk has yet to be
        told something of them or has refused it; returns how many."""

    async def ready(self) -> None:
        """Returns where the store can serve; raises what hinders it where it cannot."""

    async def close(self) -> None:
        """Lets go of connections."""
