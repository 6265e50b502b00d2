"""`POST /api/desk/{desk}/events`: what a desk tells of a case reaches the case's person, once.

The event moves the case and is remembered in one transaction; then the person is told. Whoever
sends it again, since the answer was lost or was none, has the person told again, under the same id:
a turn of that id is decided once. So an event that was answered with 200 has been told.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.desk.events import Malformed
from bot.desk.recording import shown
from bot.desk.signature import Forged
from bot.storage.records import DeskEvent, Noted
from bot.storage.store import Store
from bot.web import problem
from dialogs.model import CaseNews

log = logging.getLogger(__name__)

Read = Callable[[Mapping[str, str], bytes, datetime], DeskEvent]
"""The event in a request, by a desk's own scheme; raises Forged and Malformed."""
TellNews = Callable[[str, str, CaseNews], Awaitable[object]]
"""Tells it in a conversation, once for each id. Where it fails, the sender is to try again."""


@dataclass(frozen=True)
class Inbound:
    """Takes the events of one desk by its name; of any other there is nothing here."""

    desk: str
    read: Read
    store: Store
    tell: TellNews
    clock: Callable[[], datetime]

    def routes(self) -> list[web.RouteDef]:
        """The one route."""
        return [web.post("/api/desk/{desk}/events", self.take)]

    async def take(self, request: web.Request) -> web.Response:
        """Answers 200 to all that is signed and can be read, also where it changes nothing."""
        if request.match_info["desk"] != self.desk:
            raise web.HTTPNotFound
        body, now = await request.read(), self.clock()
        try:
            event = self.read(request.headers, body, now)
        except Forged as forged:
            log.warning("an event is not believed", extra={"desk": self.desk, "why": str(forged)})
            return problem(401, "Not signed as it should be", str(forged))
        except Malformed as wrong:
            log.warning("an event cannot be read", extra={"desk": self.desk, "why": str(wrong)})
            return problem(400, "The event cannot be read", str(wrong))
        await self._note(event, now)
        return web.Response()

    async def _note(self, event: DeskEvent, now: datetime) -> None:
        noted = await self.store.note_event(event, now)
        if noted is None:
            log.info("an event of no case of ours", extra={"desk": event.desk})
            return
        case, news = noted.case, _news(event, noted)
        about = {"desk": event.desk, "case": case.id, "state": case.state}
        log.info("an event" if news else "an event that is no news", extra=about)
        if news:
            await self.tell(case.key, f"desk/{event.desk}/{event.id}", news)


def _news(event: DeskEvent, noted: Noted) -> CaseNews | None:
    """What there is to tell; a state that is over by now is not told late."""
    moved = noted.moved is not None and noted.moved == noted.case.state
    if not moved and not event.comment:
        return None
    return CaseNews(shown(noted.case), event.comment, moved=moved)
