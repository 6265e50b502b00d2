"""What people of the helpdesk see of a ticket, read by a user of theirs over the desk's own API."""

from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import ClientSession, encode_basic_auth, hdrs

from tests.bot.desk.trackers import RequestTrackerServer, RoundupServer


@dataclass(frozen=True)
class Seen:
    """A ticket, with its messages and files in the order in which they came."""

    number: str
    title: str
    status: str
    texts: list[str]
    files: list[str]
    kinds: list[str]
    """Content types of what is shown."""


class Agent(Protocol):
    """Somebody of the helpdesk."""

    async def numbers(self, case_id: str) -> list[str]:
        """The number of every ticket of a case."""

    async def tickets(self, case_id: str) -> list[Seen]:
        """Every ticket of a case."""

    async def close(self, number: str) -> None:
        """Resolves a ticket."""

    async def say(self, number: str, text: str) -> None:
        """Adds a message to a ticket."""


@dataclass(frozen=True)
class RoundupAgent:
    """The agent whom make_tracker.py has made."""

    server: RoundupServer
    session: ClientSession
    user: str = "agent"

    async def numbers(self, case_id: str) -> list[str]:
        found = await self.ask("GET", f"/issue?external_id:={quote(case_id, safe='')}")
        return [item["id"] for item in found["collection"]]

    async def tickets(self, case_id: str) -> list[Seen]:
        return [await self._seen(number) for number in await self.numbers(case_id)]

    async def close(self, number: str) -> None:
        await self._change(number, {"status": "resolved"})

    async def say(self, number: str, text: str) -> None:
        wanted = {"content": text, "author": self.user, "date": ".", "external_id": text}
        message = await self.ask("POST", "/msg", wanted)
        issue = await self.ask("GET", f"/issue/{number}")
        known = [item["id"] for item in issue["attributes"]["messages"]]
        await self._change(number, {"messages": [*known, message["id"]]})

    async def _change(self, number: str, wanted: dict[str, Any]) -> None:
        issue = await self.ask("GET", f"/issue/{number}")
        await self.ask("PUT", f"/issue/{number}", {**wanted, "@etag": issue["@etag"]})

    async def _seen(self, number: str) -> Seen:
        issue = (await self.ask("GET", f"/issue/{number}?@verbose=2"))["attributes"]
        messages = [await self._content("msg", item["id"]) for item in issue["messages"]]
        files = [await self._content("file", item["id"]) for item in issue["files"]]
        kinds = [
            (await self.ask("GET", f"/file/{item['id']}"))["attributes"]["type"]
            for item in issue["files"]
        ]
        return Seen(number, issue["title"], issue["status"]["name"], messages, files, kinds)

    async def _content(self, kind: str, number: str) -> str:
        return str((await self.ask("GET", f"/{kind}/{number}/content"))["data"])

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """The data of an answer."""
        password = self.server.said(f"{self.user}-password")
        origin = f"http://127.0.0.1:{self.server.port}"
        headers = {
            hdrs.AUTHORIZATION: encode_basic_auth(self.user, password),
            hdrs.ORIGIN: origin,
            hdrs.REFERER: f"{self.server.url}/",
            "X-Requested-With": "rest",
        }
        url = f"{self.server.url}/rest/data{path}"
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            said = await answer.json()
            assert answer.status < 300, said
            return said["data"]


@dataclass(frozen=True)
class RequestTrackerAgent:
    """The administrator whom RT comes with."""

    server: RequestTrackerServer
    session: ClientSession

    async def numbers(self, case_id: str) -> list[str]:
        text = case_id.replace("\\", "\\\\").replace("'", "\\'")
        query = quote(f"CF.{{ExternalId}} = '{text}'", safe="")
        found = await self.ask("GET", f"/tickets?query={query}&orderby=id&per_page=100")
        return [str(item["id"]) for item in found["items"]]

    async def tickets(self, case_id: str) -> list[Seen]:
        return [await self._seen(number) for number in await self.numbers(case_id)]

    async def close(self, number: str) -> None:
        await self.ask("PUT", f"/ticket/{number}", {"Status": "resolved"})

    async def say(self, number: str, text: str) -> None:
        wanted = {"Content": text, "ContentType": "text/plain"}
        await self.ask("POST", f"/ticket/{number}/correspond", wanted)

    async def comment(self, number: str, text: str) -> None:
        """Adds what is for colleagues alone."""
        wanted = {"Content": text, "ContentType": "text/plain"}
        await self.ask("POST", f"/ticket/{number}/comment", wanted)

    async def set(self, number: str, **wanted: object) -> None:
        """Changes a ticket."""
        await self.ask("PUT", f"/ticket/{number}", wanted)

    async def _seen(self, number: str) -> Seen:
        ticket = await self.ask("GET", f"/ticket/{number}")
        fields = "fields=ContentType,Content,Filename,Creator&per_page=100&orderby=id"
        found = await self.ask("GET", f"/ticket/{number}/attachments?{fields}")
        people = [part for part in found["items"] if part["Creator"]["id"] != "RT_System"]
        parts = [part for part in people if not part["ContentType"].startswith("multi")]
        texts = [part["Content"] for part in parts if not part["Filename"]]
        files = [part["Content"] for part in parts if part["Filename"]]
        kinds = [part["ContentType"] for part in parts]
        return Seen(str(number), ticket["Subject"], ticket["Status"], texts, files, kinds)

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of an answer."""
        headers = {hdrs.AUTHORIZATION: encode_basic_auth("root", "password")}
        url = f"{self.server.url}/REST/2.0{path}"
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            said = await answer.json()
            assert answer.status < 300, said
            return said
