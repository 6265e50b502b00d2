"""Tells conversations what happened without them: each thing once, and soon, also after a kill.

What there is to tell was kept with what it tells of. A turn of the same id is decided once, so that
whoever is cut short after the turn and tells it again tells nobody anything twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

from bot.desk.recording import shown
from bot.storage.inbox import Inbox, Letter
from bot.storage.records import Case, News
from dialogs.model import CaseNews, Due, Event

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Conversations that are told something at once: one that hangs holds up no other."""
LOOK_AGAIN = 0.2
"""Seconds after which what hangs keeps nobody from looking for what else is due."""
LEASE = timedelta(minutes=2)
"""How long what is being told is left alone by others; longer than a turn and its sending take."""
LONGEST_WAIT = 3600.0
"""Seconds until something that could not be told is tried again, at most."""


class Tells(Protocol):
    """What `Turns.tell` does."""

    def __call__(self, key: str, event_id: str, event: Event, /) -> Awaitable[bool]:
        """Tells an event in a stored conversation, once for each id; False: there is none."""


class Telling:
    """Tells what is due; `case` finds a case by its id."""

    def __init__(
        self, inbox: Inbox, case: Callable[[str], Awaitable[Case | None]], tell: Tells
    ) -> None:
        self._inbox, self._case, self._tell = inbox, case, tell

    async def run_once(self) -> None:
        """Tells until nothing is due: one thing at a time in each conversation."""
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            while True:
                for letter in await self._claim(AT_ONCE - len(under_way)):
                    task = group.create_task(self._deliver(letter))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                if not under_way:
                    return
                await asyncio.wait(under_way, timeout=LOOK_AGAIN)

    async def _claim(self, room: int) -> Sequence[Letter]:
        try:
            return await self._inbox.claim(room, LEASE) if room else ()
        except Exception:
            # To fail here would cut off what is under way.
            log.exception("nothing can be claimed to be told")
            return ()

    async def _deliver(self, letter: Letter) -> None:
        news = letter.news
        try:
            event = await self._event(news)
            if event and not await self._tell(news.key, news.id, event):
                log.warning("there is no conversation any more to be told", extra=_about(news))
            await self._inbox.forget(letter.seq)
        except Exception:
            # It is kept, and the others have nothing to do with it.
            log.exception("something could not be told", extra=_about(news))
            await self._put_off(letter)

    async def _put_off(self, letter: Letter) -> None:
        try:
            wait = min(2.0 ** min(letter.attempts, 20), LONGEST_WAIT)
            await self._inbox.put_off(letter.seq, wait)
        except Exception:
            # The database is away; its lease runs out.
            log.exception("what could not be told is not put off")

    async def _event(self, news: News) -> Event | None:
        """What there is to tell by now; a state that is over is not told late."""
        if news.kind == "follow up":
            return Due(news.about)
        case = await self._case(news.about)
        if case is None:
            return None
        if news.moved == "submitted" and case.state in {"withdrawn", "closed"}:
            return None  # its person wants nothing of it any more
        known, moved = shown(case), news.moved == case.state
        if news.moved == "submitted":  # that there is a ticket is news, whatever came before
            known, moved = known.model_copy(update={"state": news.moved}), True
        return CaseNews(known, news.comment, moved=moved) if moved or news.comment else None


def _about(news: News) -> dict[str, object]:
    """What a log may hold of news: nothing that tells whose they are."""
    return {"kind": news.kind, "about": news.about}
