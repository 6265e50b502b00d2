"""The one set of fakes. Each refuses what the real thing refuses."""

import asyncio
import json
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Literal

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import ColumnElement, literal

from bot.channels.render import shape
from bot.desk.desk import Change, Later, Note, Placed, Ticket
from bot.desk.desk import Refused as RefusedByDesk
from bot.desk.recording import Recorder, shown
from bot.storage.memory import MemoryStore
from bot.storage.records import Entry, Loaded, Outgoing, Reference, Turn
from bot.storage.store import Store
from bot.storage.tables import Instant
from dialogs.converse import Assistant
from dialogs.memory import Progress
from dialogs.model import Finding, Found, Message, MyCases, Outcome, Want
from dialogs.reply import Reply

Json = dict[str, Any]

PATIENCE = 10
"""Seconds after which a test that waits for something fails; on no way that succeeds."""
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)

# --- time and chance -------------------------------------------------------------------------


@dataclass
class Clock:
    """Stands still until it is moved on."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """By so many `seconds`, `hours`, …"""
        self.now += timedelta(**by)

    def told(self, seconds: float) -> ColumnElement[datetime]:
        """So many seconds from now, to a database that has no clock of its own."""
        return literal(self.now + timedelta(seconds=seconds), Instant())


class Chance:
    """Every id that it gives is the next one."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> str:
        return f"chance-{next(self._numbers)}"


class Naps:
    """Stands in for `asyncio.sleep`: nobody wakes before the test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._sleepers: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        """Sleeps until `pass_one`."""
        self.asked.append(seconds)
        woken = asyncio.Event()
        self._sleepers.put_nowait(woken)
        await woken.wait()

    async def begun(self) -> asyncio.Event:
        """Waits until somebody sleeps, and lets them."""
        async with asyncio.timeout(PATIENCE):
            return await self._sleepers.get()

    async def pass_one(self) -> None:
        """Waits until somebody sleeps, and wakes them."""
        (await self.begun()).set()


RECORDER = Recorder("roundup", random.SystemRandom().randbytes)
"""What records cases, for a desk that nobody asks."""


# --- what a turn stands on -------------------------------------------------------------------


class Killed(BaseException):
    """The end of a process: no `except Exception` can hold it up."""


Meanwhile = Callable[[], Awaitable[object]]


@dataclass
class Phone:
    """A channel in memory. `heard` is what the person has before their eyes, in that order.

    `next` is what becomes of the next sends, one each: it is raised, or done meanwhile, or nothing.
    """

    heard: list[str] = field(default_factory=list)
    next: deque[BaseException | Meanwhile | None] = field(default_factory=deque)

    def shape(self, reply: Reply, to: Reference) -> Outgoing:
        """As every channel without cards does."""
        return shape(reply, to)

    async def send(self, entry: Entry, to: Reference) -> None:
        """Shows the text, or fails as told."""
        event = self.next.popleft() if self.next else None
        if isinstance(event, BaseException):
            raise event
        if event:
            await event()
        self.heard.append(entry.text)

    async def busy(self, text: str, to: Reference) -> None:
        """Shows the sentence."""
        self.heard.append(text)


@dataclass
class Directory:
    """Answers what a decision wants to know; what it does not know is unknown.

    `next` is what becomes of the next questions, one each: it is raised, or done meanwhile.
    """

    known: dict[Want, str] = field(default_factory=dict)
    asked: list[Want] = field(default_factory=list)
    next: deque[Exception | Meanwhile] = field(default_factory=deque)
    store: Store | None = None

    async def find(
        self,
        want: Want,
        busy: Callable[[], Awaitable[None]],
        late: Callable[[Finding], Awaitable[None]],
    ) -> Finding:
        """Finds out, or breaks its promise never to fail; `busy` and `late` are what it was given.

        It calls neither: a test does.
        """
        self.busy, self.late = busy, late
        self.asked.append(want)
        event = self.next.popleft() if self.next else None
        if isinstance(event, Exception):
            raise event
        if event:
            await event()
        if isinstance(want, MyCases):
            mine = await self.store.cases(want.person, limit=9) if self.store else ()
            return Finding("found", cases=tuple(shown(case) for case in mine))
        return Finding(self.known.get(want, "unknown"))

    async def show(self) -> None:
        """Takes long, so that it is shown; for `next`."""
        await self.busy()


class Confused(Assistant):
    """An assistant with a defect, whose failure tells what the person wrote."""

    def answer(self, message: Message, progress: Progress, found: Found) -> Outcome:
        """Never."""
        raise LookupError(f"{message.person.address} wrote: {message.text}")


class BusyStore(MemoryStore):
    """A store in which others are at work, too: `meanwhile` happens after each of the next loads.

    `commits` are the turns it kept, and `trouble` is why it is not ready.
    """

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: deque[Meanwhile] = deque()
        self.trouble: Exception | None = None
        self.commits: list[Turn] = []

    async def load(self, key: str, activity_id: str) -> Loaded:
        """What was so before `meanwhile`."""
        loaded = await super().load(key, activity_id)
        if self.meanwhile:
            # What happens meanwhile loads, too, and nothing happens meanwhile to that.
            now, self.meanwhile = self.meanwhile, deque()
            await now.popleft()()
            self.meanwhile = now
        return loaded

    async def commit(self, turn: Turn) -> Sequence[Entry]:
        """Notes what was committed."""
        replies = await super().commit(turn)
        self.commits.append(turn)
        return replies

    async def ready(self) -> None:
        """Whether a test has broken it."""
        if self.trouble:
            raise self.trouble


# --- a ticketing system's side ----------------------------------------------------------------

Fate = Exception | Meanwhile | Literal["lost"]
"""What becomes of a request: it is raised, or done before it is answered, or it is taken and its
answer is lost."""


@dataclass
class TicketDesk:
    """A ticketing system in memory. The same id again is the same ticket, but for one that
    `asks_first`: that makes another, and shows a ticket only `shows_after` seconds after.

    `next` is what becomes of the next requests, one each. `asked` are all requests, in that order,
    `tickets` the case of each ticket, and `most` is how many requests it had at once.
    """

    clock: Clock
    asks_first: bool = False
    name: str = "helpdesk"
    requests: int = 1
    quarantine: float = 30.0
    shows_after: float = 20.0
    next: deque[Fate] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    tickets: list[tuple[str, datetime]] = field(default_factory=list)
    most: int = 0

    def __post_init__(self) -> None:
        self._under_way = 0
        self._came = asyncio.Condition()

    async def create(self, ticket: Ticket) -> Placed:
        """Opens a ticket."""
        async with self._request(f"create {ticket.id}"):
            if self.asks_first or (known := self._number(ticket.id)) is None:
                self.tickets.append((ticket.id, self.clock()))
                known = len(self.tickets)
            return Placed(ticket=f"T-{known}", link=f"https://desk.example/T-{known}")

    async def find(self, case_id: str) -> Placed | None:
        """The ticket of a case, if it shows already."""
        async with self._request(f"find {case_id}"):
            number = self._number(case_id)
            if number is None:
                return None
            shows_at = self.tickets[number - 1][1] + timedelta(seconds=self.shows_after)
            return Placed(ticket=f"T-{number}") if shows_at <= self.clock() else None

    async def note(self, placed: Placed, note: Note) -> None:
        """Adds to a ticket that there is."""
        async with self._request(f"note {placed.ticket} {note.id}: {note.text}"):
            self._require(placed)

    async def change(self, placed: Placed, change: Change) -> None:
        """Changes a ticket that there is."""
        async with self._request(f"{change.kind} {placed.ticket} {change.id}"):
            self._require(placed)

    async def received(self, number: int) -> None:
        """Waits until it has had so many requests."""
        async with asyncio.timeout(PATIENCE), self._came:
            await self._came.wait_for(lambda: len(self.asked) >= number)

    def _number(self, case_id: str) -> int | None:
        ids = [known for known, _ in self.tickets]
        return ids.index(case_id) + 1 if case_id in ids else None

    def _require(self, placed: Placed) -> None:
        if placed.ticket not in {f"T-{number + 1}" for number in range(len(self.tickets))}:
            raise RefusedByDesk("there is no such ticket")

    @asynccontextmanager
    async def _request(self, what: str) -> AsyncIterator[None]:
        """Takes a request, and does with it as told."""
        async with self._came:
            self.asked.append(what)
            self._came.notify_all()
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        try:
            fate = self.next.popleft() if self.next else None
            if isinstance(fate, Exception):
                raise fate
            if callable(fate):
                await fate()
            yield
            if fate == "lost":
                raise Later("the connection was cut", ambiguous=True)
        finally:
            self._under_way -= 1


# --- the Bot Framework's side ----------------------------------------------------------------

Answer = int | Literal["cut"]
"""What a connector does with a post: a status, or to cut the connection."""


@dataclass(frozen=True)
class Post:
    """An activity that a connector took."""

    conversation: str
    reply_to: str
    activity: Json

    @property
    def text(self) -> str:
        """What the person reads or hears of it; nothing where it only shows that somebody types."""
        if self.activity["type"] == "typing":
            return ""
        return str(self.activity.get("text") or self.activity["summary"])

    @property
    def buttons(self) -> list[Json]:
        """The actions of its card."""
        cards = [attached["content"] for attached in self.activity.get("attachments", ())]
        sets = [item for card in cards for item in card["body"] if item["type"] == "ActionSet"]
        return [action for one in sets for action in one["actions"]]


class Connector:
    """A channel's connector service on loopback, which takes activities over real HTTP.

    As the real one, it refuses what is not JSON, has no type, or is addressed to nobody.
    `refused` says what it refused of its own accord; `answers` are the next answers, one a post,
    and whatever it takes stands in `posts`.
    """

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.refused: list[str] = []
        self.answers: deque[Answer] = deque()
        self.dialled = 0
        self.says: bytes | None = None
        self._came = asyncio.Condition()
        app = web.Application()
        app.router.add_post("/v3/conversations/{room}/activities", self._take)
        app.router.add_post("/v3/conversations/{room}/activities/{reply_to}", self._take)
        self._server = TestServer(app)

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator["Connector"]:
        """One that listens, on a port of its own, until the end of the block."""
        connector = cls()
        await connector._server.start_server(access_log=None)
        try:
            yield connector
        finally:
            await connector._server.close()

    @property
    def url(self) -> str:
        """Its service URL."""
        return str(self._server.make_url("/"))

    @property
    def texts(self) -> list[str]:
        """What it was given to show, in that order."""
        return [post.text for post in self.posts]

    async def received(self, number: int) -> list[Post]:
        """The posts, as soon as there are so many."""
        async with asyncio.timeout(PATIENCE), self._came:
            await self._came.wait_for(lambda: len(self.posts) >= number)
        return self.posts

    async def _take(self, request: web.Request) -> web.Response:
        self.dialled += 1
        answer = self.answers.popleft() if self.answers else 201
        if answer == "cut":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if answer != 201:
            elsewhere = {"Location": str(request.url)} if 300 <= answer < 400 else {}
            return web.json_response({"error": {}}, status=answer, headers=elsewhere)
        return await self._taken(request)

    async def _taken(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return self._refuse(415, f"content type {request.content_type}")
        activity = await request.json()
        for field_of_it in ("type", "from", "recipient", "conversation"):
            if not (isinstance(activity, dict) and activity.get(field_of_it)):
                return self._refuse(400, f"no {field_of_it}")
        room, reply_to = request.match_info["room"], request.match_info.get("reply_to", "")
        async with self._came:
            self.posts.append(Post(room, reply_to, activity))
            self._came.notify_all()
        body = (
            json.dumps({"id": f"reply-{len(self.posts)}"}).encode()
            if self.says is None
            else self.says
        )
        return web.Response(body=body, status=201, content_type="application/json")

    def _refuse(self, status: int, why: str) -> web.Response:
        self.refused.append(why)
        return web.json_response({"error": {"message": why}}, status=status)
