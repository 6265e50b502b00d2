"""What became of tickets in Request Tracker, from its transactions, which are numbered.

Comments are internal in RT: they are not even asked for. Of an agent's words only correspondence is
told, which RT mails to the requester, too.
"""

import logging
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from aiohttp import hdrs
from pydantic import TypeAdapter, ValidationError

from bot.desk.bounded import plain
from bot.desk.desk import Later, Refused
from bot.desk.events import LONGEST_COMMENT
from bot.desk.exchange import Answer, Exchange, Forbidden, accepted, of_collection
from bot.desk.markup import text_of
from bot.desk.position import Position
from bot.desk.request_tracker_answers import Attached, Part, Row, Transaction
from bot.desk.request_tracker_tickets import Ticket, merges_of
from bot.storage.records import DeskEvent, ToldState

log = logging.getLogger(__name__)

STATES: Mapping[str, ToldState] = {
    "open": "assigned",
    "stalled": "waiting",
    "resolved": "resolved",
    "rejected": "resolved",
    "deleted": "closed",
}
"""Statuses of RT's default lifecycle; one that is not here (new, a queue's own) is no news."""
BEGUN = frozenset({"new", "open"})
"""In these it is news that somebody takes a ticket: one that is resolved is not opened by that."""
NOBODY = "Nobody"
PAGE = 100
"""Items of a list that RT gives at once, at most."""
LARGEST_PART = 1024 * 1024
"""Bytes of a message's text; a longer one is passed over."""
SECOND = timedelta(seconds=1, microseconds=-1)
"""RT knows the second in which something happened. It counts as the end of it, lest it be taken for
older than what the person did in the same second."""
ROW = "EffectiveId,Status,Owner,Requestor,CustomFields"
TRANSACTION = "Type,NewValue,ObjectId,Creator,Created"
ATTACHED = "ContentType,Filename,ContentLength"

P = TypeVar("P", bound=Part)


@dataclass
class News:
    """One look at what happened; `own` is our user's number, whose doings are no news.

    A ticket is asked for once in a look, whatever happened to it.
    """

    exchange: Exchange
    custom_field: str
    own: str
    tickets: dict[int, Ticket | None] = field(default_factory=dict)

    async def newest(self) -> int:
        """The number of the last transaction that may concern us, 0: there is none."""
        found = await self._transactions(self._ours("id > 0"), order="DESC", per_page="1")
        return found[0].id if found else 0

    async def since(self, at: Position) -> list[Transaction]:
        """What is new after a position, and the one that it is at, as long as there is that."""
        wanted = [f"id >= {at.last}", *(f"id = {number}" for number in sorted(at.missing))]
        found = await self._transactions(self._ours(" OR ".join(wanted)))
        if any(one.id < at.last and one.id not in at.missing for one in found):
            raise Refused("It does not search transactions: is it older than RT 5.0?")
        return found

    async def ticket(self, number: int) -> Ticket | None:
        """The ticket of that number; None where there is none for us to see."""
        if number not in self.tickets:
            self.tickets[number] = await self._ticket(number)
        return self.tickets[number]

    async def events(self, happened: Transaction) -> list[DeskEvent]:
        """What there is to tell, of each case that the ticket is for."""
        ticket = await self.ticket(happened.object_id)
        cases = ticket.cases(happened) if ticket else []
        if not ticket or not cases:
            return []
        state, comment = _state(happened, ticket), ""
        if happened.type == "Correspond" and not ticket.is_by_requester(happened):
            comment = plain(await self._words(happened.id), LONGEST_COMMENT).strip()
        if not state and not comment:
            return []
        key, at = f"txn-{happened.id}", happened.created + SECOND
        return [DeskEvent(f"{key}/{case}", "rt", case, state, comment, at) for case in cases]

    async def _ticket(self, number: int) -> Ticket | None:
        # Where a query names EffectiveId, RT leaves in what was merged into another ticket.
        found = await self._rows(f"EffectiveId > 0 AND id = {number}")
        if not found:
            return await self._deleted(number)
        effective = found[0].effective_id
        rows = tuple(await self._rows(f"EffectiveId = {effective}"))
        merged = [f"ObjectId = {row.id}" for row in rows if row.id != effective]
        happened = await self._transactions(_merges(merged)) if merged else []
        now = next((row for row in rows if row.id == effective), found[0])
        return Ticket(now, rows, merges_of(happened), self.custom_field)

    async def _deleted(self, number: int) -> Ticket | None:
        """A ticket that no search finds any more, if it may be seen at all."""
        try:
            answer = await self.exchange.ask(hdrs.METH_GET, f"/REST/2.0/ticket/{number}")
        except Forbidden:
            return None
        if answer.status == 404:
            return None
        [row] = _read(Row, [{**accepted(answer).json, "EffectiveId": number}])
        return Ticket(row, (row,), {}, self.custom_field)

    async def _words(self, number: int) -> str:
        """The text of a message: its plain part, or what its HTML shows."""
        path = f"/transaction/{number}/attachments"
        answer = accepted(await self._list(path, {"fields": ATTACHED}))
        parts = [one for one in _read(Attached, answer["items",]) if not one.filename]
        for kind in ("text/plain", "text/html"):
            for part in (one for one in parts if (one.content_type or "").lower() == kind):
                if part.content_length > LARGEST_PART:
                    log.warning("a message is too long to be told", extra={"transaction": number})
                    continue
                text = await self._content(part.id)
                return text if kind == "text/plain" else text_of(text)
        return ""

    async def _content(self, number: int) -> str:
        path = f"/REST/2.0/attachment/{number}"
        answer = accepted(await self.exchange.ask(hdrs.METH_GET, path))
        return b64decode(answer["Content",] or "").decode(errors="replace")

    async def _rows(self, query: str) -> list[Row]:
        answer = of_collection(await self._list("/tickets", {"query": query, "fields": ROW}))
        return _read(Row, accepted(answer)["items",])

    async def _transactions(self, query: str, **more: str) -> list[Transaction]:
        asked = {"query": query, "fields": TRANSACTION, **more}
        answer = of_collection(await self._list("/transactions", asked))
        return _read(Transaction, accepted(answer)["items",])

    async def _list(self, path: str, query: Mapping[str, str]) -> Answer:
        asked = {"orderby": "id", "order": "ASC", "per_page": str(PAGE), **query}
        return await self.exchange.ask(hdrs.METH_GET, f"/REST/2.0{path}", query=asked)

    def _ours(self, which: str) -> str:
        """Transactions that can be news, and the tickets that we have made."""
        told = "Type = 'Status' OR Type = 'Correspond' OR (Type = 'Set' AND Field = 'Owner')"
        by_others = f"Creator != {self.own} AND ({told})"
        by_us = f"Creator = {self.own} AND Type = 'Create'"
        return f"ObjectType = 'RT::Ticket' AND ({which}) AND (({by_others}) OR ({by_us}))"


def _merges(tickets: Sequence[str]) -> str:
    which = " OR ".join(tickets)
    return f"ObjectType = 'RT::Ticket' AND Type = 'AddLink' AND Field = 'MergedInto' AND ({which})"


def _state(happened: Transaction, ticket: Ticket) -> ToldState | None:
    if happened.type == "Status":
        return STATES.get(happened.new_value or "")
    taken = happened.type == "Set" and ticket.now.owner.id != NOBODY
    return "assigned" if taken and ticket.now.status in BEGUN else None


def _read(form: type[P], items: object) -> list[P]:
    """Items of an answer. Raises Later where they are none."""
    try:
        return TypeAdapter(list[form]).validate_python(items)  # type: ignore[valid-type]
    except ValidationError as error:
        why = "Its answer has another form than is known. Is its address right?"
        raise Later(why) from error
