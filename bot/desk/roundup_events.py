"""What Roundup's detector tells about a ticket (deploy/roundup), as an event of ours.

It comes as a request of the tracker's, or is read where the tracker keeps it: the same JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.desk.bounded import plain
from bot.desk.events import LONGEST_COMMENT, Id, not_ahead, signed
from bot.desk.signature import Signer
from bot.storage.records import DeskEvent, ToldState

STATES: Mapping[str, ToldState] = {
    "chatting": "assigned",
    "in-progress": "assigned",
    "testing": "assigned",
    "need-eg": "waiting",
    "done-cbb": "resolved",
    "resolved": "resolved",
}
"""Statuses of the classic template; one that is not here (unread, deferred, a tracker's own) is no
news to the person."""


class Part(BaseModel):
    """What the detector sends may grow: what is not known is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Said(Part):
    """A message that was added, by the username of who wrote it."""

    author: str
    text: str


class Changed(Part):
    """A ticket as it is now; `case` is its external id."""

    case: Id
    status: str
    status_changed: bool
    messages: tuple[Said, ...] = ()


class Posted(Part):
    """All of an event."""

    type: Literal["ticket.changed"]
    timestamp: AwareDatetime
    data: Changed

    def event(self, key: str, own: str, desk: str = "roundup") -> DeskEvent:
        """The event of that id; `own` is our user there, whose words are no news."""
        state = STATES.get(self.data.status) if self.data.status_changed else None
        said = (one.text for one in self.data.messages if one.author != own)
        comment = plain("\n\n".join(said), LONGEST_COMMENT).strip()
        return DeskEvent(key, desk, self.data.case, state, comment, self.timestamp)


@dataclass(frozen=True)
class RoundupEvents:
    """Reads what a tracker tells us; `own` is our user there, whose words are no news."""

    signer: Signer
    own: str
    desk: str = "roundup"

    def __call__(self, headers: Mapping[str, str], body: bytes, now: datetime) -> DeskEvent:
        """An event, perhaps one of which there is nothing to tell. Raises Forged and Malformed."""
        key, posted = signed(Posted, headers, body, now, self.signer)
        return not_ahead(posted, posted.timestamp, now).event(key, self.own, self.desk)
