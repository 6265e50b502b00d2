"""What a delivery asks of its desk; however that fails, it is Refused or Later."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import ValidationError

from bot.desk.desk import Change, Desk, Later, Note, Placed, Refused, Ticket
from bot.storage.outbox import Claimed
from bot.storage.records import Delivery

log = logging.getLogger(__name__)

T = TypeVar("T")


class Requests:
    """Asks one desk, and waits `patience` seconds for each answer."""

    def __init__(self, desk: Desk, patience: float) -> None:
        self._desk, self._patience = desk, patience

    def quarantine(self, claimed: Claimed) -> float:
        """Seconds until the desk can be asked whether it has what may have reached it."""
        attempted_at = claimed.delivery.attempted_at
        if attempted_at is None or not self._desk.asks_first:
            return 0.0
        return self._desk.quarantine - (claimed.at - attempted_at).total_seconds()

    def asks_first(self, delivery: Delivery) -> bool:
        """Whether the desk may have this case already, and would not notice that it is the same."""
        ambiguous = delivery.attempted_at is not None
        return ambiguous and delivery.kind == "create" and self._desk.asks_first

    async def find(self, create: Delivery) -> Placed | None:
        """Asks whether the desk has a case. While it does not say, nobody knows, as before."""
        try:
            return await self.ask(lambda: self._desk.find(create.case_id))
        except Later as later:
            raise Later(str(later), later.after, ambiguous=True) from later

    def of(self, claimed: Claimed) -> Callable[[], Awaitable[Placed]]:
        """What the desk is to do. Raises Refused where what was stored makes no sense."""
        delivery, case = claimed.delivery, claimed.case
        if delivery.kind == "create":
            try:
                ticket = Ticket.model_validate_json(case.content)
            except ValidationError as error:
                raise Refused("what is stored is no ticket") from error
            whole = ticket.model_copy(update={"transcript": delivery.body})
            return lambda: self._desk.create(whole)
        return lambda: self._add(claimed)

    async def _add(self, claimed: Claimed) -> Placed:
        """Does to a ticket what its person did."""
        delivery, case = claimed.delivery, claimed.case
        placed = Placed(ticket=case.ticket, link=case.link)
        match delivery.kind:
            case "note":
                await self._desk.note(placed, Note(delivery.id, delivery.body))
            case "withdrawn" | "reopened" | "closed" as change:
                await self._desk.change(placed, Change(delivery.id, change))
        return placed

    async def ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """Asks the desk. Raises Refused or Later, however it fails."""
        try:
            async with asyncio.timeout(self._patience):
                return await request()
        except (Refused, Later):
            raise
        except TimeoutError as failure:
            raise Later("no answer in time", ambiguous=True) from failure
        except Exception as failure:
            log.exception("a desk failed in an unknown way", extra={"desk": self._desk.name})
            raise Later(type(failure).__name__, ambiguous=True) from failure
