"""The values that are stored, and the two things a store can refuse."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class Reference(BaseModel, frozen=True):
    """Where a conversation is to be reached again: the Bot Framework's conversation reference.

    Field names are those of the protocol in snake case; `bot_id` and `user_id` are account ids,
    `activity_id` is what the person sent last, which replies refer to.
    """

    channel: str
    conversation: str
    activity_id: str = ""
    user_id: str
    user_name: str = ""
    bot_id: str = ""
    bot_name: str = ""
    service_url: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Conversation:
    """A stored conversation. `progress` is JSON; `version` rises by one with every commit."""

    key: str
    version: int
    progress: str
    reference: Reference


@dataclass(frozen=True)
class Incoming:
    """The activity a turn answers: its id is unique within its conversation.

    `activity` is what to keep of it as JSON for clients that read the conversation back.
    """

    id: str
    text: str = ""
    activity: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A reply shaped for its channel: the activity as JSON, and its plain text for transcripts."""

    activity: str
    text: str


@dataclass(frozen=True)
class Missed:
    """What was not understood, masked; `place` is where the person stood, or empty."""

    text: str
    place: str
    at: datetime


CaseState = Literal[
    "recorded", "submitted", "assigned", "waiting", "resolved", "closed", "withdrawn", "reopened",
    "parked",
]  # fmt: skip
"""`recorded` until the desk has answered, `waiting` for the person, `parked` where it refused."""


@dataclass(frozen=True)
class NewCase:
    """A case that a turn records. `id` is the idempotency key of its delivery, `person` whose case
    it is (`Person.owner`), `title` what they call it, `content` what a desk is sent, as JSON, but
    for the `transcript`, which is kept until the desk has it."""

    id: str
    person: str
    desk: str
    title: str
    content: str
    transcript: str = ""


@dataclass(frozen=True)
class Case:
    """A stored case. `version` rises with every change; `ticket` and `link` are the desk's, empty
    until it has answered. `key` is the conversation in which its person hears of it, `changed_by`
    who brought it to its state, None: neither of them, and `changed_at` when that was. `text` is
    what its person has changed the description to, None: it reads as in `content`."""

    id: str
    key: str
    person: str
    desk: str
    title: str
    content: str
    state: CaseState
    ticket: str
    link: str
    version: int
    at: datetime
    changed_at: datetime
    changed_by: Literal["person", "desk"] | None = None
    text: str | None = None


ToldState = Literal["assigned", "waiting", "resolved", "closed", "reopened"]
"""What a desk can say of a case."""


@dataclass(frozen=True)
class DeskEvent:
    """What a desk tells of a case: its new state, None: it tells none, and an agent's words.

    `id` is the same whenever the same event comes, `at` is when it happened, by the desk's clock.
    """

    id: str
    desk: str
    case_id: str
    state: ToldState | None
    comment: str
    at: datetime


@dataclass(frozen=True)
class Noted:
    """A case as it is now, the state to which an event moved it, None: it moved nothing, and
    whether there is `news` for its person: of an event that came before there is none."""

    case: Case
    moved: CaseState | None
    news: bool


@dataclass(frozen=True)
class News:
    """What a conversation is to be told of the assistant's own accord, once for each `id`.

    `about` is a case by its id, with the state to which it has `moved`, empty: it has not, and an
    agent's `comment`; or it is a follow-up by its id, which is due at `due_at`.
    """

    id: str
    key: str
    kind: Literal["case", "follow up"]
    about: str
    due_at: datetime
    moved: CaseState | Literal[""] = ""
    comment: str = ""


DeliveryKind = Literal["create", "note", "withdrawn", "reopened", "closed"]


@dataclass(frozen=True)
class Order:
    """Something that a turn has a desk do to a case: `id` is its idempotency key, for `create` the
    case's own; `body` is the text of a note, for `create` the transcript, else empty."""

    id: str
    case_id: str
    kind: DeliveryKind
    body: str = ""


@dataclass(frozen=True)
class CaseChange:
    """What a person does to their own case; `from_version` is that of the case they had seen.

    `title` and `text` are how it reads from then on, None: as before.
    """

    case_id: str
    from_version: int
    state: CaseState
    title: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What a desk is to be told of a case, and how far that is.

    `seq` is its place within the case, from 0 for the `create`. It is open while `due_at` is set;
    with `attempted_at`, too, the desk may have it: a request was begun, and nobody knows its end.
    `attempts` counts those that failed, and `error` says why the last one did, None: none has.
    """

    id: str
    case_id: str
    desk: str
    kind: DeliveryKind
    body: str
    seq: int
    at: datetime
    due_at: datetime | None
    attempts: int
    attempted_at: datetime | None
    done_at: datetime | None
    parked_at: datetime | None
    error: str | None


@dataclass(frozen=True)
class Turn:
    """Everything one turn commits, all of it or nothing.

    `version` is that of the conversation the decision was made on, 0 where there was none yet. A
    new case brings its own `create` along; orders are for cases that are there already; `news` is
    what the conversation is told later. `joined` is whose open cases (`Person.owner`) on this
    channel are told of here from now on, as those are that `changes` are of; empty: nobody's.
    """

    key: str
    version: int
    progress: str
    reference: Reference
    incoming: Incoming
    replies: tuple[Outgoing, ...]
    at: datetime
    missed: Missed | None = None
    case: NewCase | None = None
    orders: tuple[Order, ...] = ()
    changes: tuple[CaseChange, ...] = ()
    news: tuple[News, ...] = ()
    joined: str = ""


@dataclass(frozen=True)
class Entry:
    """One stored activity; `seq` grows over all conversations, in the order of commits."""

    seq: int
    key: str
    direction: Literal["in", "out"]
    activity: str
    text: str
    at: datetime
    attempts: int = 0


@dataclass(frozen=True)
class Line:
    """The text of an entry, as it stands in a transcript."""

    direction: Literal["in", "out"]
    text: str
    at: datetime


@dataclass(frozen=True)
class Loaded:
    """What a turn starts from: the conversation, if there is one, and whether this activity
    has been decided already."""

    conversation: Conversation | None
    seen: bool


class Conflict(Exception):
    """Another turn committed on this conversation first: load again and decide again."""


class Stale(Exception):
    """Somebody else changed the case first: look at it again before it is changed."""
