"""What Request Tracker's scrip sends (deploy/request-tracker): that something happened there.

It does not say what: RT is asked for that (request_tracker_news.py). So whoever has got hold of the
scrip's secret can make us ask, and can tell nobody anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.desk.events import not_ahead, signed
from bot.desk.signature import Signer


class Ping(BaseModel):
    """All of a request; it may grow."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: Literal["ticket.changed"]
    timestamp: AwareDatetime


@dataclass(frozen=True)
class RequestTrackerPings:
    """Reads what an RT sends us."""

    signer: Signer
    desk: str = "rt"

    def __call__(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Returns where it is time to ask. Raises Forged and Malformed."""
        _, ping = signed(Ping, headers, body, now, self.signer)
        not_ahead(ping, ping.timestamp, now)
