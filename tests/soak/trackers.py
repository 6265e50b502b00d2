"""The ticketing systems of a run: how the assistant reaches them, and what they have in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import ClientSession

from tests.bot.desk.seen import RequestTrackerAgent, RoundupAgent
from tests.bot.desk.trackers import RequestTrackerServer, RoundupServer, Server

PAGE = 100
QUEUE, FIELD = "Helpdesk", "ExternalId"


@dataclass(frozen=True)
class Ticket:
    """One ticket, as the desk itself shows it."""

    case_id: str
    title: str


class Tracker(Protocol):
    """A ticketing system that a run is made against."""

    @property
    def server(self) -> Server:
        """Its process."""

    def settings(self, origin: str) -> Mapping[str, str]:
        """The assistant's settings, with the desk at another origin."""

    @property
    def merges(self) -> bool:
        """Whether the assistant's poll merges what is there twice; the others have no need."""

    async def tickets(self, session: ClientSession) -> list[Ticket]:
        """Every ticket there is."""


@dataclass(frozen=True)
class RoundupTracker:
    """Roundup, whose unique field makes a case one ticket."""

    server: RoundupServer
    merges: bool = False

    def settings(self, origin: str) -> Mapping[str, str]:
        return {
            "ASSISTANT_DESK": "roundup",
            "ASSISTANT_ROUNDUP_URL": f"{origin}/tracker",
            "ASSISTANT_ROUNDUP_USER": "assistant",
            "ASSISTANT_ROUNDUP_PASSWORD": self.server.password,
        }

    async def tickets(self, session: ClientSession) -> list[Ticket]:
        agent, made = RoundupAgent(self.server, session), list[Ticket]()
        while True:
            page = f"@page_size={PAGE}&@page_index={len(made) // PAGE + 1}&@sort=id"
            found = await agent.ask("GET", f"/issue?@fields=external_id,title&{page}")
            items = found["collection"]
            made += [Ticket(item["external_id"], item["title"]) for item in items]
            if len(items) < PAGE:
                return made


@dataclass(frozen=True)
class RequestTrackerTracker:
    """Request Tracker, which is asked first, and whose late doubles are merged."""

    server: RequestTrackerServer
    merges: bool = True

    def settings(self, origin: str) -> Mapping[str, str]:
        return {
            "ASSISTANT_DESK": "rt",
            "ASSISTANT_RT_URL": origin,
            "ASSISTANT_RT_TOKEN": self.server.token,
            "ASSISTANT_RT_QUEUE": QUEUE,
        }

    async def tickets(self, session: ClientSession) -> list[Ticket]:
        agent, made = RequestTrackerAgent(self.server, session), list[Ticket]()
        query = quote(f"Queue = '{QUEUE}'", safe="")
        while True:
            page = f"orderby=id&per_page={PAGE}&page={len(made) // PAGE + 1}"
            found = await agent.ask("GET", f"/tickets?query={query}&{page}")
            made += [ticket(await agent.ask("GET", f"/ticket/{i['id']}")) for i in found["items"]]
            if len(found["items"]) < PAGE:
                return made


def ticket(shown: Mapping[str, Any]) -> Ticket:
    """A ticket as RT shows it."""
    values = {field["name"]: field["values"] for field in shown["CustomFields"]}
    return Ticket("".join(values.get(FIELD, ())), shown["Subject"])
