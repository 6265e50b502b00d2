"""Request Tracker 5 over its REST interface 2.0, which has no key that makes a case one ticket.

So it is searched before anything is made, and tickets of the same case are merged into the oldest.
What RT is told is text/plain, so that HTML stays text. It sends no mail that we ask for, but a
queue's own rules may answer the requester.
"""

import logging
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiohttp import ClientSession, hdrs
from pydantic import SecretStr

from bot.desk.desk import Change, ChangeKind, Heard, Later, Note, Placed, Refused, Ticket
from bot.desk.exchange import NOWHERE, Answer, Exchange, Query, accepted, of_collection
from bot.desk.plain import CHANGED, description, line, plain
from bot.desk.position import Position
from bot.desk.request_tracker_answers import Transaction
from bot.desk.request_tracker_news import PAGE, News
from bot.outbound import PATIENCE

log = logging.getLogger(__name__)

REQUESTS = 5
"""A look into the history, a comment, and a status before and after it is set. A ticket takes four,
and a history of more than a hundred items one more for each hundred."""
QUARANTINE = 60.0
"""Seconds: longer than RT works on one request, so that a search then shows what came of it."""
STATUS: Mapping[ChangeKind, str] = {
    "withdrawn": "rejected",
    "closed": "resolved",
    "reopened": "open",
}
"""What a person does, as a status of RT's default lifecycle."""
PLAIN = "text/plain"
DEEPEST = 50
"""Pages of a ticket's history that are searched for a note."""
MAILBOX = re.compile(r"[\w.+'()=-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
LONGEST_MAILBOX = 120
"""Characters that RT keeps of an address."""
TOKEN = re.compile(r"1-([0-9]+)-[0-9a-f]{32}", re.IGNORECASE)
"""RT's token, in which the number of its user stands."""
MOST = 10
"""Transactions that are looked at in one go. RT is asked up to four times for each, 0.2 s each time
where it is slow: all of it stays below the patience for one answer."""


@dataclass  # not frozen, as the protocol's own attributes are not
class RequestTracker:
    """An RT by its address without a slash at the end; `field` is the custom field of case ids."""

    exchange: Exchange
    queue: str
    field: str = "ExternalId"
    own: str = ""
    """Our user's number there, empty: it is not known."""
    name: str = "rt"
    requests: int = REQUESTS
    asks_first: bool = True
    quarantine: float = QUARANTINE
    most: int = MOST

    @classmethod
    def at(
        cls,
        url: str,
        token: SecretStr,
        queue: str,
        session: ClientSession,
        *,
        field: str = "ExternalId",
        patience: float = PATIENCE,
    ) -> "RequestTracker":
        """An RT and our token there; `patience` are the seconds for one request."""
        headers: dict[str, str] = {hdrs.AUTHORIZATION: f"token {token.get_secret_value()}"}
        own = TOKEN.fullmatch(token.get_secret_value())
        exchange = Exchange(session, url, headers, patience)
        return cls(exchange, queue, field, own[1] if own else "")

    async def create(self, ticket: Ticket) -> Placed:
        """Opens a ticket; the one that there is, if there is one.

        The search afterwards proves that RT keeps the id, which it drops without a word where the
        queue lacks the field. It finds, too, who was as quick as we were.
        """
        if there := await self.find(ticket.id):
            return there
        accepted(await self.exchange.ask(hdrs.METH_POST, "/REST/2.0/ticket", self._wanted(ticket)))
        if made := await self.find(ticket.id):
            return made
        raise Refused(f"It does not keep the case's id: has the queue the field {self.field}?")

    async def find(self, case_id: str) -> Placed | None:
        """The oldest ticket of a case, into which later ones are merged."""
        numbers = await self._numbers(case_id)
        await self._merged(numbers)
        return self._placed(numbers[0]) if numbers else None

    async def merge_doubles(self, case_id: str) -> int:
        """Merges the tickets of a case into the oldest, and says how many have gone into it."""
        numbers = await self._numbers(case_id)
        await self._merged(numbers)
        return max(len(numbers) - 1, 0)

    async def note(self, placed: Placed, note: Note) -> None:
        """Comments on a ticket, unless that note is there.

        A comment, since RT mails correspondence to the requester, whose words these are.
        """
        await self._comment(placed, f"note {note.id}", note.text)

    async def change(self, placed: Placed, change: Change) -> None:
        """Says in a comment what the person did, and sets the status of a ticket."""
        await self._comment(placed, f"change {change.id}", CHANGED[change.kind])
        wanted, path = STATUS[change.kind], self._path(placed.ticket)
        if await self._status(path) == wanted:
            return
        accepted(await self.exchange.ask(hdrs.METH_PUT, path, {"Status": wanted}))
        if await self._status(path) != wanted:  # RT answers 200 to what it does not do, too
            raise Refused(f"It does not let us set the status {wanted}.")

    async def heard(self, cursor: str) -> Heard:
        """What transactions tell; and tickets of ours that came late become part of the oldest."""
        if not self.own:
            raise Refused("Its token is in another form than is known: whose doings are ours?")
        news, at = News(self.exchange, self.field, self.own), Position.read(cursor)
        if at is None:
            return Heard((), str(Position(await news.newest())))
        found = await news.since(at)
        if not found and (newest := await news.newest()) < at.last:  # it is from before a restore
            return Heard((), str(Position(newest)))
        new = [one for one in found if at.is_new(one.id)][: self.most]
        await self._merge_late(one for one in new if one.type == "Create")
        happened = (one for one in new if one.type != "Create")
        events = [event for one in happened for event in await news.events(one)]
        return Heard(tuple(events), str(at.after(one.id for one in new)))

    async def _merge_late(self, created: Iterable[Transaction]) -> None:
        """Merges what a process has made that was held up for longer than it had the case."""
        news = News(self.exchange, self.field, self.own)  # it sees them as they were before
        for one in created:
            ticket = await news.ticket(one.object_id)
            for case_id in ticket.cases(one) if ticket else []:
                try:
                    await self.merge_doubles(case_id)
                except Refused as refused:  # to hear nothing any more would not mend it
                    log.error("doubles stay", extra={"case": case_id, "why": str(refused)})

    def _wanted(self, ticket: Ticket) -> dict[str, object]:
        asked: dict[str, object] = {
            "Queue": ticket.queue or self.queue,
            "Subject": line(ticket.title) or line(ticket.id),
            "Content": self._content(ticket),
            "ContentType": PLAIN,
            "CustomFields": {self.field: ticket.id},
        }
        if ticket.priority:
            asked["Priority"] = ticket.priority
        if len(ticket.requester) <= LONGEST_MAILBOX and MAILBOX.fullmatch(ticket.requester):
            asked["Requestor"] = ticket.requester
        if ticket.transcript:
            content = b64encode(plain(ticket.transcript).encode()).decode()
            file = {"FileName": "transcript.txt", "FileType": PLAIN, "FileContent": content}
            asked["Attachments"] = [file]
        return asked

    def _content(self, ticket: Ticket) -> str:
        # RT knows no group as an owner, and forgets without a word what it cannot assign.
        more = f"\nGroup: {line(ticket.group)}" if ticket.group else ""
        return description(ticket) + more

    async def _numbers(self, case_id: str) -> list[int]:
        """The tickets of a case, the oldest first; what is merged into another is left out."""
        quoted = case_id.replace("\\", "\\\\").replace("'", "\\'")
        query = {
            "query": f"CF.{{{self.field}}} = '{quoted}'",
            "orderby": "id",
            "order": "ASC",
            "per_page": str(PAGE),
        }
        path = "/REST/2.0/tickets"
        found = of_collection(await self.exchange.ask(hdrs.METH_GET, path, query=query))
        answer = accepted(found)
        return sorted(int(answer["items", n, "id"]) for n in range(len(answer["items",])))

    async def _merged(self, numbers: list[int]) -> None:
        for later in numbers[1:]:
            wanted = {"MergeInto": numbers[0]}
            accepted(await self.exchange.ask(hdrs.METH_PUT, self._path(str(later)), wanted))

    async def _comment(self, placed: Placed, key: str, text: str) -> None:
        """Comments on a ticket, unless it has a comment of that subject."""
        mark = line(key)
        if await self._has(placed, mark):
            return
        wanted = {"Subject": mark, "Content": plain(text), "ContentType": PLAIN}
        path = f"{self._path(placed.ticket)}/comment"
        accepted(await self.exchange.ask(hdrs.METH_POST, path, wanted))

    async def _has(self, placed: Placed, subject: str) -> bool:
        """Whether a ticket's history has a message of that subject."""
        for page in range(1, DEEPEST + 1):
            query = {"fields": "Data", "per_page": str(PAGE), "page": str(page)}
            answer = await self._seen(f"{self._path(placed.ticket)}/history", query)
            items = answer["items",]
            if any((item.get("Data") or "").strip() == subject for item in items):
                return True
            if len(items) < PAGE:
                return False
        raise Later("The ticket's history is too long to be searched for a note.")

    async def _status(self, path: str) -> str:
        return str((await self._seen(path))["Status",])

    async def _seen(self, path: str, query: Query = None) -> Answer:
        """What stands at the path of a ticket. It is gone only where RT itself is there."""
        answer = await self.exchange.ask(hdrs.METH_GET, path, query=query)
        if answer.status in NOWHERE:
            of_collection(await self.exchange.ask(hdrs.METH_GET, "/REST/2.0/rt"))
        return accepted(answer)

    def _path(self, number: str) -> str:
        return f"/REST/2.0/ticket/{number}"

    def _placed(self, number: int) -> Placed:
        link = f"{self.exchange.url}/Ticket/Display.html?id={number}"
        return Placed(ticket=str(number), link=link)
