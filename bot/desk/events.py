"""What a desk tells about a ticket: who sent it is checked first, then whether it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot.desk.bounded import line, plain
from bot.desk.signature import WINDOW, Signer
from bot.storage.records import DeskEvent, ToldState

LARGEST_EVENT = 256 * 1024
"""Bytes of a request."""
LONGEST_STATE, LONGEST_COMMENT = 100, 10_000
"""Characters; a longer comment is cut."""

Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
]
State = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_STATE),
    AfterValidator(partial(line, longest=LONGEST_STATE)),
]
Comment = Annotated[str, AfterValidator(partial(plain, longest=LONGEST_COMMENT))]


STATES: Mapping[str, ToldState] = {state: state for state in get_args(ToldState)}
"""The words for a state in an event."""


M = TypeVar("M", bound=BaseModel)


class Malformed(Exception):
    """A request is signed as it should be and cannot be read; the text says why, for operators."""


class Event(BaseModel):
    """What became of a case at its desk: its new state, in the desk's own words, or a comment.

    `id` is the same whenever the same event is sent, and `at` is when it happened.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: Id
    case_id: Id
    state: State | None = None
    comment: Comment | None = None
    at: AwareDatetime

    @model_validator(mode="after")
    def _tells_something(self) -> Self:
        if not self.state and not self.comment:
            raise ValueError("neither a state nor a comment")
        return self


def read_event(headers: Mapping[str, str], body: bytes, now: datetime, signer: Signer) -> Event:
    """The event in a request. That it was not read before is for the caller to know, by its id.

    Raises Forged for what nobody signed, and Malformed for what cannot be read.
    """
    key, event = signed(Event, headers, body, now, signer)
    if event.id != key:
        raise Malformed("Its id is another one than its webhook-id.")
    return not_ahead(event, event.at, now)


def signed(
    form: type[M], headers: Mapping[str, str], body: bytes, now: datetime, signer: Signer
) -> tuple[str, M]:
    """The id of a request and what is in it; raises Forged and Malformed."""
    if len(body) > LARGEST_EVENT:
        raise Malformed(f"The body is larger than {LARGEST_EVENT} bytes.")
    key = signer.verify(headers, body, now)
    try:
        return key, form.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(_mistakes(error, form)) from error


def not_ahead(event: M, at: datetime, now: datetime) -> M:
    """The same event. Raises Malformed where it is said to be yet to happen."""
    if at > now + WINDOW:
        raise Malformed("It is said to happen in the future.")
    return event


@dataclass(frozen=True)
class WebhookEvents:
    """Reads what a receiver of our webhooks tells us, as docs/webhook.md describes it."""

    signer: Signer
    desk: str = "webhook"

    def __call__(self, headers: Mapping[str, str], body: bytes, now: datetime) -> DeskEvent:
        """An event. Raises Forged, and Malformed for an unknown state, too."""
        event = read_event(headers, body, now, self.signer)
        if event.state and event.state not in STATES:
            raise Malformed(f"Its state is none of {', '.join(STATES)}.")
        state = STATES[event.state] if event.state else None
        comment = event.comment or ""
        return DeskEvent(event.id, self.desk, event.case_id, state, comment, event.at)


def _mistakes(error: ValidationError, form: type[BaseModel]) -> str:
    """What is wrong, and where; without what was sent, as it might name somebody."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    told = (f"{_place(one['loc'], form)}: {one['msg']}" for one in found[:5])
    return f"It is no event. {'; '.join(told)}."


def _place(location: tuple[int | str, ...], form: type[BaseModel]) -> str:
    """A field of ours; another name is the sender's own text, as long as they like."""
    name = str(location[0]) if location else "all of it"
    return name if name in {*form.model_fields, "all of it"} else "another field"
