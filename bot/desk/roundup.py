"""Roundup over its REST interface: a unique field makes every case one ticket.

The tracker has `external_id` as the key of issues, messages and files (deploy/roundup). So each
part of a case is made once, whoever makes it how often: the second time is a 409, and what is there
is looked up. Only then the parts are joined.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import ClientSession, encode_basic_auth, hdrs
from pydantic import SecretStr, ValidationError
from yarl import URL

from bot.desk.desk import Change, ChangeKind, Heard, Later, Note, Placed, Refused, Ticket
from bot.desk.exchange import Answer, Exchange, Query, accepted, of_collection
from bot.desk.plain import CHANGED, description, line, plain
from bot.desk.position import Position
from bot.desk.roundup_events import Posted
from bot.outbound import PATIENCE
from bot.storage.records import DeskEvent

log = logging.getLogger(__name__)

STATUS: Mapping[ChangeKind, str] = {
    "withdrawn": "resolved",
    "closed": "resolved",
    "reopened": "chatting",
}
"""What a person does, as a status of the classic template."""
REQUESTS = 6
"""A message, a file and an issue, each of which is looked up where it is there already."""
ATTEMPTS = 4
"""How often a change is tried while others change the same ticket. Each time takes two requests,
and a message two: ten, as many as may be made at once after a pause."""
BROKEN = "Please check the server log"
"""What Roundup says of its own failures. It answers 400 to them, too, or 400 and no JSON."""
TRANSCRIPT = "transcript.txt"
EVENTS = "caseevent"
"""The class of what the detector tells."""
PAGE = 30
"""Events that are read at once: in JSON within JSON one of 10,000 emoji takes 120 kB."""


@dataclass  # not frozen, as the protocol's own attributes are not
class Roundup:
    """A tracker by its address without a slash at the end, as in http://127.0.0.1:3980/tracker."""

    exchange: Exchange
    user: str
    name: str = "roundup"
    requests: int = REQUESTS
    asks_first: bool = False
    quarantine: float = 0.0

    @classmethod
    def at(
        cls,
        url: str,
        user: str,
        password: SecretStr,
        session: ClientSession,
        patience: float = PATIENCE,
    ) -> "Roundup":
        """A tracker and our user there; `patience` are the seconds for one request."""
        headers: dict[str, str] = {
            hdrs.AUTHORIZATION: encode_basic_auth(user, password.get_secret_value()),
            hdrs.ORIGIN: str(URL(url).origin()),  # Roundup refuses what other sites could send
            hdrs.REFERER: f"{url}/",
            "X-Requested-With": "rest",
        }
        return cls(Exchange(session, url, headers, patience), user)

    async def create(self, ticket: Ticket) -> Placed:
        """Opens an issue with its message and transcript, if there is none."""
        message = await self._message(f"text:{ticket.id}", description(ticket))
        files = [await self._transcript(ticket)] if ticket.transcript else []
        wanted: Mapping[str, object] = {
            "title": line(ticket.title) or line(ticket.id),
            "messages": [message],
            "files": files,
            "assignedto": ticket.group,
            "priority": ticket.priority,
            "keyword": [ticket.queue] if ticket.queue else [],
        }
        return self._placed(await self._made("issue", ticket.id, wanted))

    async def find(self, case_id: str) -> Placed | None:
        """The issue whose external id is the case's."""
        number = await self._number("issue", case_id)
        return self._placed(number) if number else None

    async def note(self, placed: Placed, note: Note) -> None:
        """Adds a message to an issue; adding one that is there already changes nothing."""
        message = await self._message(f"note:{note.id}", plain(note.text))
        await self._added(placed, message)

    async def change(self, placed: Placed, change: Change) -> None:
        """Sets the status of an issue, and says in a message who wanted it.

        Both at once: a message alone makes Roundup open an issue that was resolved.
        """
        message = await self._message(f"change:{change.id}", CHANGED[change.kind])
        await self._added(placed, message, status=STATUS[change.kind])

    async def heard(self, cursor: str) -> Heard:
        """The events that the detector has kept, with the ids of its hook."""
        newest, at = await self._newest(), Position.read(cursor)
        if at is None or newest < at.last:  # the beginning, or a tracker from before a restore
            return Heard((), str(Position(newest)))
        upto = min(at.last + PAGE, newest)
        kept = await self._kept([*at.missing, *range(at.last + 1, upto + 1)])
        told = (self._told(kept[number]) for number in sorted(kept))
        events = (event for event in told if event and (event.state or event.comment))
        return Heard(tuple(events), str(at.after(kept, upto)))

    async def _message(self, key: str, text: str) -> str:
        # Without an author Roundup cannot tell whom to notify, and refuses the issue.
        return await self._made("msg", key, {"content": text, "author": self.user, "date": "."})

    async def _transcript(self, ticket: Ticket) -> str:
        content = plain(ticket.transcript)
        wanted = {"content": content, "name": TRANSCRIPT, "type": "text/plain"}
        return await self._made("file", f"transcript:{ticket.id}", wanted)

    async def _made(self, kind: str, key: str, wanted: Mapping[str, object]) -> str:
        """The number of an item of that key: a new one, or the one that there is."""
        given = {name: value for name, value in wanted.items() if value}
        wanted = {"external_id": key, **given}
        answer = of_collection(await self._ask(hdrs.METH_POST, f"/{kind}", wanted))
        if answer.status == 409 and (number := await self._number(kind, key)):
            return number
        return str(_accepted(answer, given)["data", "id"])

    async def _number(self, kind: str, key: str) -> str | None:
        # `:=` compares the whole text; `=` would find it anywhere in it.
        query = {"external_id:": key}
        answer = of_collection(await self._ask(hdrs.METH_GET, f"/{kind}", query=query))
        found: list[object] = _accepted(answer)["data", "collection"]
        return str(answer["data", "collection", 0, "id"]) if found else None

    async def _newest(self) -> int:
        """The number of the last event that is kept, 0: none is."""
        query = {"@sort": "-id", "@page_size": "1"}
        answer = await self._ask(hdrs.METH_GET, f"/{EVENTS}", query=query)
        if answer.status == 404 and _said(answer):  # a tracker's own words, so its address is right
            raise Refused(
                "It keeps no events: bring it up to date as deploy/roundup/README.md says."
            )
        found = _accepted(of_collection(answer))["data", "collection"]
        return int(answer["data", "collection", 0, "id"]) if found else 0

    async def _kept(self, numbers: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
        """The events of these numbers, as far as there are any."""
        if not numbers:
            return {}
        query = [("@fields", "event,told"), *(("id", str(number)) for number in numbers)]
        answer = await self._ask(hdrs.METH_GET, f"/{EVENTS}", query=query)
        return {int(item["id"]): item for item in _accepted(answer)["data", "collection"]}

    def _told(self, item: Mapping[str, str]) -> DeskEvent | None:
        """An event; None where it cannot be read, as it will not be read the next time either."""
        try:
            return Posted.model_validate_json(item["told"]).event(item["event"], self.user)
        except (ValidationError, LookupError):
            log.error("an event that Roundup keeps cannot be read", extra={"number": item["id"]})
            return None

    async def _added(self, placed: Placed, message: str, **more: str) -> None:
        """Has an issue show a message, and changes more of it; what is so already stays."""
        path = f"/issue/{placed.ticket}"
        for _ in range(ATTEMPTS):
            seen = _accepted(await self._ask(hdrs.METH_GET, path))
            known = [one["id"] for one in seen["data", "attributes", "messages"]]
            wanted = {"messages": list(dict.fromkeys([*known, message])), **more}
            match: dict[str, str] = {hdrs.IF_MATCH: seen.headers.get(hdrs.ETAG, "")}
            answer = await self._ask(hdrs.METH_PUT, path, wanted, headers=match)
            if answer.status != 412:
                _accepted(answer, wanted)
                return
        raise Later("Others keep changing the ticket.")

    async def _ask(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Query = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        where = f"/rest/data{path}"
        answer = await self.exchange.ask(method, where, body, query=query, headers=headers)
        if answer.status == 400 and (answer.json is None or BROKEN in _said(answer)):
            raise Later("It failed. Look into its own log.", ambiguous=body is not None)
        return answer

    def _placed(self, number: str) -> Placed:
        return Placed(ticket=number, link=f"{self.exchange.url}/issue{number}")


def _accepted(answer: Answer, given: Iterable[str] = ()) -> Answer:
    """An answer of success. Raises Refused, which names the properties that were not taken."""
    said = _said(answer)
    if wrong := [name for name in given if f"property {name}:" in said]:
        raise Refused(f"It does not know what we give as {', '.join(wrong)}.")
    return accepted(answer)


def _said(answer: Answer) -> str:
    """Why Roundup refuses, which can hold what people wrote."""
    match answer.json:
        case {"error": {"msg": str(why)}}:
            return why
    return ""
