"""What is remembered of a conversation between two messages."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ValidationError


class Place(BaseModel, frozen=True):
    """One step of one procedure, by name."""

    procedure: str
    step: str


class Walk(BaseModel, frozen=True):
    """Where a person stands in a procedure.

    `topic` is the procedure they began (its title heads every card), `at` where they are now,
    `path` the cards they have passed, oldest first, `answers` what they said by question, and
    `given` what they said before they were asked. Where it is `put_off`, they have been asked again
    on another day, which happens once.
    """

    topic: str
    at: Place
    path: tuple[Place, ...] = ()
    answers: Mapping[str, str] = {}
    given: Mapping[str, str] = {}
    put_off: bool = False


class FollowUp(BaseModel, frozen=True):
    """A procedure that waits for somebody else to act; its person is asked again when it is due."""

    id: str
    walk: Walk


class Draft(BaseModel, frozen=True):
    """A case that a person has not handed over yet.

    `verdict` is that of their account check, where there was one; `details` are the lines that go
    along. `typed` names what of it they have put in their own words. `shown`: they have seen it as
    a form, without which nothing is recorded. `alone`: the conversation is not to go along.
    `warned`: they know that it looks as if a secret stood in it.
    """

    title: str
    text: str
    topic: str = ""
    verdict: str = ""
    details: tuple[str, ...] = ()
    typed: tuple[Literal["title", "text"], ...] = ()
    shown: bool = True
    alone: bool = False
    warned: bool = False


class Asking(BaseModel, frozen=True):
    """A question of the assistant's own that waits for an answer."""

    kind: Literal[
        "worked",
        "which topic",
        "switch",
        "resume",
        "which address",
        "which address back",
        "instead",
        "before sending",
        "case",
        "case title",
        "case text",
        "note",
        "which case",
        "edit title",
        "edit text",
        "withdraw",
        "resolved",
    ]
    topics: tuple[str, ...] = ()
    address: str = ""
    about: str = ""
    """What they were asked about, masked: nobody understood it where it was none of the topics."""
    case: str = ""
    """The case that the question is about."""
    wanted: str = ""
    """What is wanted of the case that is asked for, as it is said before its id."""
    note: str = ""
    """The note that goes to that case."""


class AccountCheck(BaseModel, frozen=True):
    """What was found out about an account by its SIP URI, and when (UTC, ISO 8601).

    `verdict` is a word of `dialogs.verdicts.Verdict`, or `enabled` or `unknown`, and `who` can mend
    it; `policy` governs the account by its `scope`. `results` tells `pass`, `fail` or `unknown` of
    each check, by the verdict it would lead to. `as_of` is from when the facts are.
    """

    address: str
    enabled: bool | None
    verdict: str
    at: str
    as_of: str
    who: str = ""
    policy: str = ""
    scope: str = ""
    source: str = ""
    results: tuple[tuple[str, str], ...] = ()


class Progress(BaseModel, frozen=True):
    """All that is remembered of a conversation between two messages; saved as JSON.

    `card` numbers the last card shown, so that a button of an earlier one can be told from it, and
    `forms` the last that showed a case to be handed over.
    `offered` is what the last buttons say, in order, for those who answer by number, and `labels`
    is what stands on them.
    `noticed` names the notices that were told. `account` is the last check of this person's own
    account. `follow_ups` are what they want to be asked again, the oldest first. `tried` names what
    was begun or offered: topics, and steps (`procedure/step`) whose way for when they do not work
    was; none of it is offered in a person's place again.
    """

    version: Literal[1] = 1
    walk: Walk | None = None
    paused: tuple[Walk, ...] = ()
    asking: Asking | None = None
    misunderstood: int = 0
    card: int = 0
    offered: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    account: AccountCheck | None = None
    draft: Draft | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    tried: tuple[str, ...] = ()
    forms: int = 0

    @classmethod
    def read(cls, text: str) -> "Progress":
        """Progress from its JSON; a fresh one where it was written by another version.

        Kept answers are worth less than a conversation that goes on, so nothing is raised.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return cls()

    def write(self) -> str:
        """Progress as JSON."""
        return self.model_dump_json()
