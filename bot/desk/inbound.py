"""`POST /api/desk/{desk}/events`: what a desk tells of a case reaches the case's person, once.

The event moves the case, is remembered, and what the person is to be told is kept, in one
transaction. So an event that was answered with 200 will be told, and the same one again is no news.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.desk.events import Malformed
from bot.desk.signature import Forged
from bot.storage.records import DeskEvent
from bot.storage.store import Store
from bot.web import problem

log = logging.getLogger(__name__)

Read = Callable[[Mapping[str, str], bytes, datetime], DeskEvent | None]
"""The event in a request, by a desk's own scheme, None: something happened, and the desk is to be
asked what; raises Forged and Malformed."""


@dataclass(frozen=True)
class Inbound:
    """Takes the events of one desk by its name; of any other there is nothing here.

    `news` is called when somebody is to be told, `look` when the desk is to be asked.
    """

    desk: str
    read: Read
    store: Store
    news: Callable[[], None]
    look: Callable[[], None]
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
        if event is None:
            self.look()
        elif await noted(event, self.store, now):
            self.news()
        return web.Response()


async def noted(event: DeskEvent, store: Store, now: datetime) -> bool:
    """Notes an event, and returns whether somebody is to be told of it."""
    found = await store.note_event(event, now)
    if found is None:
        log.info("an event of no case of ours", extra={"desk": event.desk})
        return False
    about = {"desk": event.desk, "case": found.case.id, "state": found.case.state}
    log.info("an event" if found.news else "an event that is no news", extra=about)
    return found.news
