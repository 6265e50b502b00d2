"""The vocabulary of a conversation: what comes in, what happens, what is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from dialogs.memory import AccountCheck, Draft, Progress
from dialogs.reply import Reply

# --- what comes in --------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Who speaks, as the channel vouches for them; never taken from the text of a message.

    `address` is their sign-in address (SIP URI or Microsoft account), empty when the channel
    does not know it. `channel` is where their id means them, empty: our own chat page.
    """

    id: str
    name: str = ""
    address: str = ""
    channel: str = ""

    @property
    def owner(self) -> str:
        """Whose cases theirs are: by their address, or else by their id, which on another channel
        may be somebody else's, and may look like an address."""
        return self.address.casefold() or f"{self.channel}/{self.id}"


@dataclass(frozen=True)
class Press:
    """A button that was pressed: what it says, and the card it stood on (0: not on a card).

    `values` is what was typed into the card's fields, by their names, and `form` the number of a
    card that shows a case to be handed over (0: of none).
    """

    says: str
    card: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    form: int = 0


@dataclass(frozen=True)
class Message:
    """One thing that reached the assistant from a person, on any channel."""

    person: Person
    text: str = ""
    press: Press | None = None
    joined: bool = False
    """The person has just opened the conversation and has said nothing yet."""
    day: str = ""
    """The day on which it came (ISO 8601), by the clock of whoever took it; empty: not known."""
    event: "Event | None" = None
    """What happened without this person; nobody said anything."""
    late: "Found" = field(default_factory=dict)
    """What was found out after the message that wanted it had been answered without."""
    fresh: str = ""
    """An id for the case or the follow-up that this message may lead to."""
    conversation: str = ""
    """In which conversation it came; empty: in none that is kept."""


Act = Literal[
    "done",
    "back",
    "stuck",
    "cancel",
    "repeat",
    "start over",
    "continue",
    "yes",
    "no",
    "none",
    "keep",
    "convert",
    "convert back",
    "check",
    "hand over",
    "my cases",
    "add a note",
    "edit case",
    "withdraw",
    "close",
    "reopen",
    "change",
    "other way",
    "ask again",
    "do not ask",
    "help",
    "greeting",
    "thanks",
    "talk-to-a-person",
]
"""What people can want at any moment, whatever their words; the words stand in phrases.yaml."""
SHOWN_ACTS: tuple[Act, ...] = ("talk-to-a-person", "greeting", "thanks", "help", "cancel")
"""Dialog acts that are told from topics also in longer texts, and count as topics to those who ask
what is understood."""
OUTSIDE = "out-of-scope"
"""What is said of a text that no topic answers."""

# --- what happens ---------------------------------------------------------------------------


class CaseShown(BaseModel, frozen=True):
    """A case of a person's as it stands; `ticket` and `link` are the desk's, empty until it has
    answered. `state` is a word of words.yaml, and `by` who brought it about: `person`, `desk`, or
    empty, where nobody did. `text` is the description."""

    id: str
    title: str
    state: str
    ticket: str = ""
    link: str = ""
    version: int = 0
    by: str = ""
    text: str = ""


@dataclass(frozen=True)
class CaseNews:
    """What the desk has to tell of a case: how it stands now, where it has `moved`, and an agent's
    words, empty: none."""

    case: CaseShown
    comment: str = ""
    moved: bool = True


@dataclass(frozen=True)
class Due:
    """The time has come to ask again what was put off: a follow-up by its id."""

    follow_up: str


# --- what is wanted, found and decided -------------------------------------------------------


@dataclass(frozen=True)
class PicStatus:
    """The wish to know whether this user may talk to Skype users.

    `by` is who wants to know it of somebody else; empty: the user does.
    """

    address: str
    by: str = field(default="", compare=False)


@dataclass(frozen=True)
class MyCases:
    """The wish to know the cases of this person (see `Person.owner`), the latest of them and the
    one that is `named` by its id, empty: none."""

    person: str
    named: str = ""


@dataclass(frozen=True)
class SaidHere:
    """The wish to know what was said in a conversation."""

    conversation: str


Want = PicStatus | MyCases | SaidHere


@dataclass(frozen=True)
class Said:
    """One message of a conversation as plain text, `in` from the person or `out` to them.

    `at` is when it was kept (UTC, ISO 8601).
    """

    direction: Literal["in", "out"]
    text: str
    at: str


@dataclass(frozen=True)
class Finding:
    """What came of a wish: an outcome by name; `unknown` is always possible and is never no.

    `late` says that the answer may still come, with a `Message` of its own; `refused`, that no
    directory may be asked about such an address.
    """

    outcome: str
    account: AccountCheck | None = None
    late: bool = False
    cases: tuple[CaseShown, ...] = ()
    refused: bool = False
    too_often: bool = False
    said: tuple[Said, ...] = ()


Found = Mapping[Want, Finding]

Event = Reply | CaseNews | Due
"""What a conversation is told that nobody there has asked for just now: a message as it stands,
what became of a case, or that something is due."""


@dataclass(frozen=True)
class Missed:
    """What somebody said and was not understood, masked, for the authors of the knowledge.

    `place` is where they stood, as `procedure/step`, or empty.
    """

    text: str
    place: str = ""


@dataclass(frozen=True)
class Recorded:
    """A case that a person hands over: it is recorded with all that they were shown.

    `transcript` is what was said before, as plain text, empty: it does not go along.
    """

    id: str
    person: str
    draft: Draft
    transcript: str = ""


Transcripts = Literal["redacted", "whole", "none"]
"""How the conversation goes along with a case: without secrets and without addresses that the desk
does not need, without secrets alone, or not at all."""


@dataclass(frozen=True)
class Wording:
    """What a case says in its person's words."""

    title: str
    text: str


@dataclass(frozen=True)
class Done:
    """What a person does to their case as it stood at `version`: adds a note, withdraws it,
    closes it, or has it opened again.

    `state` is how it stands after that, `reads` what it says from then on, None: what it did. The
    desk is told of the latter by the note that goes with it.
    """

    case: str
    version: int
    kind: Literal["note", "withdrawn", "closed", "reopened"]
    state: str
    text: str = ""
    reads: Wording | None = None


@dataclass(frozen=True)
class Outcome:
    """What one message leads to.

    Where `wants` is not empty nothing has been decided yet: find the answers and ask again.
    """

    progress: Progress
    replies: tuple[Reply, ...] = ()
    wants: tuple[Want, ...] = ()
    understood: str = ""
    """What the message was taken for, in a word for logs and figures; never its text."""
    missed: Missed | None = None
    recorded: Recorded | None = None
    done: Done | None = None
    follow_up: str = ""
    """A follow-up by its id that is due tomorrow."""
    refused: PicStatus | None = None
    """Whose account somebody may not know of and asked for, to be written down."""
