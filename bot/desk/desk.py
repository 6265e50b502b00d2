"""What a ticketing system is asked to do, in its narrowest form; a small file for each of them."""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from pydantic import BaseModel

from bot.storage.records import DeskEvent

ChangeKind = Literal["withdrawn", "reopened", "closed"]
"""What a person does with their own case."""


class Ticket(BaseModel, frozen=True):
    """A case as a desk is given it. All of it is plain text, of the lengths that people were told.

    `id` is the case's id and the idempotency key: the same id again is the same ticket. `requester`
    is the person's address, or what their channel calls them. `details` are lines of a name and a
    value. `queue`, `priority` and `group` come from the routing, empty: the desk's own default.
    `transcript` goes along as a text file, empty: none.
    """

    id: str
    title: str
    text: str
    requester: str
    name: str = ""
    details: tuple[tuple[str, str], ...] = ()
    queue: str = ""
    priority: str = ""
    group: str = ""
    transcript: str = ""


class Placed(BaseModel, frozen=True):
    """Where a case stands at a desk: the ticket's number there, and a link for people, or empty."""

    ticket: str
    link: str = ""


@dataclass(frozen=True)
class Note:
    """What a person adds to their case; the same id again is the same note."""

    id: str
    text: str


@dataclass(frozen=True)
class Change:
    """What a person does with their case; the same id again is the same doing of theirs."""

    id: str
    kind: ChangeKind


@dataclass(frozen=True)
class Heard:
    """What became of tickets at a desk, the oldest first, and where to go on the next time.

    `cursor` is the desk's own, of at most 100 characters; where it has moved there may be more.
    """

    events: tuple[DeskEvent, ...]
    cursor: str


class Refused(Exception):
    """A desk will never take this as it is; the text says why, for operators, and names nobody."""


class Later(Exception):
    """A desk did not take this now. The text says why, for operators, and names nobody.

    `after` is for how many seconds the desk wants to be left alone, None: it did not say. Where
    `ambiguous`, it may have taken it: the answer was lost.
    """

    def __init__(self, why: str, after: float | None = None, *, ambiguous: bool = False) -> None:
        super().__init__(why)
        self.after, self.ambiguous = after, ambiguous


class Desk(Protocol):
    """A ticketing system. Every method raises Refused or Later where it does not succeed.

    Of the three kinds of desks two make no second ticket of the same id by themselves: one that
    takes an idempotency key, and one with a unique field. `asks_first` marks the third kind, which
    is asked with `find` before something is tried again whose answer was lost, and not before
    `quarantine` seconds have passed: so long it may take to show what it was given.

    One delivery takes at most so many `requests`, the search before it among them.
    """

    name: str
    requests: int
    asks_first: bool
    quarantine: float

    async def create(self, ticket: Ticket) -> Placed:
        """Opens a ticket; for an id that is there already, the one that there is."""

    async def find(self, case_id: str) -> Placed | None:
        """The ticket of a case, None: there is none."""

    async def note(self, placed: Placed, note: Note) -> None:
        """Adds what a person says to a ticket."""

    async def change(self, placed: Placed, change: Change) -> None:
        """Does to a ticket what its person did to the case."""


@runtime_checkable
class Polled(Protocol):
    """A desk that can be asked what happened there; it raises Refused or Later as a Desk does."""

    name: str

    async def heard(self, cursor: str) -> Heard:
        """What happened after `cursor`; empty: nothing yet, only where to begin from now.

        An event has the id under which the desk's hook sends it, and the same cursor gives the same
        events. Of those that are kept late, in another order than they were numbered in, none is
        left out. At most a hundred come at once.
        """
