"""What a desk tells reaches its person once, whatever is forged, lost, repeated or out of order."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from bot.app import Program, assistant_of
from bot.clock import utc_now
from bot.desk.events import WebhookEvents
from bot.desk.inbound import Inbound
from bot.desk.request_tracker_events import RequestTrackerPings
from bot.desk.roundup_events import RoundupEvents
from bot.desk.signature import Signer
from bot.desks import inbound, recorder
from bot.settings import Settings
from bot.storage.database import open_store
from bot.storage.memory import MemoryStore
from bot.storage.migrate import upgrade
from bot.storage.records import Case
from bot.storage.store import Store
from bot.timers import Alarm
from bot.web import LARGEST_BODY, problems
from tests.bot.caller import Caller, Http
from tests.bot.conftest import Serve
from tests.bot.desk.test_signature import NEW, OTHER
from tests.bot.storage.turns import NOON, later, new_case, news_in, turn
from tests.fakes import Clock, Connector

PATH = "/api/desk/webhook/events"
TOLD: dict[str, Any] = {
    "id": "event-1",
    "case_id": "case-1",
    "state": "assigned",
    "at": "2026-11-03T12:00:30Z",
}
POSTED: dict[str, Any] = {
    "ticket": "17",
    "case": "case-1",
    "by": "agent",
    "status": "need-eg",
    "status_changed": True,
    "messages": [{"id": "5", "author": "agent", "text": "Which one?"}],
}


@dataclass
class Sender:
    """A desk that tells what happens there; `rung` has a bell for whatever somebody is to be told,
    and an eye for each time that the desk is to be asked."""

    http: Http
    store: Store
    clock: Clock
    rung: list[str] = field(default_factory=list)

    async def posts(
        self, event: object, secret: str = NEW, at: float = 0, path: str = PATH, key: str = ""
    ) -> int:
        """Sends an event that was signed so many seconds from now; returns the status."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        key = key or (event["id"] if isinstance(event, dict) and "id" in event else "event-1")
        when = self.clock() + timedelta(seconds=at)
        headers = Signer((secret,)).headers(key, body, when)
        async with self.http.post(path, data=body, headers=headers) as answer:
            if answer.status >= 400:
                assert answer.content_type == "application/problem+json"
                assert (await answer.json())["status"] == answer.status
            return answer.status

    async def told(self) -> list[tuple[str, str, str]]:
        """What people are to be told: the id of each message, the new state, an agent's words."""
        news = await news_in(self.store)
        assert self.rung == ["bell"] * len(news)
        return [(one.id, one.moved, one.comment) for one in news]

    async def case(self) -> Case:
        """The case as it stands."""
        case = await self.store.case("case-1")
        assert case
        return case


async def listening(store: Store, clock: Clock, read: Any) -> AsyncIterator[Sender]:
    """The route alone, for a store that has one case of the desk's."""
    sender = Sender(http=None, store=store, clock=clock)  # type: ignore[arg-type]
    bell, eye = partial(sender.rung.append, "bell"), partial(sender.rung.append, "eye")
    await store.commit(turn(0, case=new_case(desk=read.desk), at=NOON - timedelta(hours=1)))
    taking = Inbound(read.desk, read, store, bell, eye, clock)
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[problems])
    app.router.add_routes(taking.routes())
    clock.advance(seconds=60)
    async with TestClient(TestServer(app)) as http:
        sender.http = http
        yield sender


@pytest.fixture
async def sender(store: Store, clock: Clock) -> AsyncIterator[Sender]:
    """A receiver of our webhooks, with each store."""
    async for one in listening(store, clock, WebhookEvents(Signer((NEW,)))):
        yield one


@pytest.fixture
async def quick(clock: Clock) -> AsyncIterator[Sender]:
    """The same with the store in memory."""
    async for one in listening(MemoryStore(), clock, WebhookEvents(Signer((NEW,)))):
        yield one


@pytest.fixture
async def tracker(clock: Clock) -> AsyncIterator[Sender]:
    """A tracker of Roundup."""
    read = RoundupEvents(Signer((NEW,)), "assistant")
    async for one in listening(MemoryStore(), clock, read):
        yield one


async def test_an_event_moves_the_case_and_is_told(sender: Sender) -> None:
    assert await sender.posts(TOLD | {"comment": "It is your turn."}) == 200

    case = await sender.case()
    assert (case.state, case.version, case.changed_at) == ("assigned", 2, later(30))
    told = [("desk/webhook/event-1", "assigned", "It is your turn.")]
    assert await sender.told() == told


async def test_the_same_event_at_once_counts_once(sender: Sender) -> None:
    assert set(await asyncio.gather(*(sender.posts(TOLD) for _ in range(5)))) == {200}

    assert (await sender.case()).version == 2
    assert await sender.told() == [("desk/webhook/event-1", "assigned", "")]


@pytest.mark.parametrize(
    ("secret", "at", "status"),
    [(OTHER, 0, 401), (NEW, -301, 401), (NEW, 301, 401), (NEW, -299, 200), (NEW, 299, 200)],
)
async def test_what_is_forged_old_or_early_is_refused(
    quick: Sender, secret: str, at: float, status: int
) -> None:
    assert await quick.posts(TOLD, secret, at) == status

    assert ((await quick.case()).state == "assigned") == (status == 200)


async def test_what_is_not_signed_at_all_is_refused(quick: Sender) -> None:
    async with quick.http.post(PATH, json=TOLD) as answer:
        assert answer.status == 401
    async with quick.http.get(PATH) as answer:
        assert answer.status == 405


@pytest.mark.parametrize(
    "event",
    [b"", b"{", b"[1]", TOLD | {"at": "soon"}, TOLD | {"state": "exploded"}, TOLD | {"more": 1},
     TOLD | {"at": "2026-11-03T12:10:00Z"}],
)  # fmt: skip
async def test_what_cannot_be_read_is_refused(quick: Sender, event: object) -> None:
    assert await quick.posts(event) == 400

    assert not await quick.told()
    assert (await quick.case()).version == 1


async def test_what_is_huge_is_not_read(quick: Sender) -> None:
    assert await quick.posts(b" " * (LARGEST_BODY + 1)) == 413


@pytest.mark.parametrize("desk", ["roundup", "rt", "webhook2", "%00"])
async def test_of_another_desk_there_is_nothing_here(quick: Sender, desk: str) -> None:
    assert await quick.posts(TOLD, path=f"/api/desk/{desk}/events") == 404


async def test_an_unknown_case_is_harmless_and_not_written_down(
    quick: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    unknown = TOLD | {"case_id": "bob@contoso.com", "comment": "Hello Bob"}
    assert await quick.posts(unknown) == 200

    assert not await quick.told()
    assert "event" in caplog.text
    logged = " ".join(str(vars(record)) for record in caplog.records if "bot" in record.name)
    assert "contoso" not in logged
    assert "Hello" not in logged


async def test_what_comes_out_of_order_does_not_move_it_back(quick: Sender) -> None:
    assert await quick.posts(TOLD | {"id": "event-2", "state": "resolved"}) == 200
    older = TOLD | {"at": "2026-11-03T12:00:10Z", "comment": "I am looking at it."}
    assert await quick.posts(older) == 200
    assert await quick.posts(TOLD | {"id": "event-3", "state": "closed"}) == 200
    assert await quick.posts(TOLD | {"id": "event-4", "at": "2026-11-03T12:00:50Z"}) == 200

    assert (await quick.case()).state == "closed"
    assert [(moved, comment) for _, moved, comment in await quick.told()] == [
        ("resolved", ""),
        ("", "I am looking at it."),
        ("closed", ""),
    ]


# --- what a tracker of Roundup sends ---------------------------------------------------------


def posted(**data: object) -> dict[str, Any]:
    """What the detector sends, but for these fields."""
    return {
        "type": "ticket.changed",
        "timestamp": "2026-11-03T12:00:30.123456+00:00",
        "data": POSTED | data,
    }


async def from_tracker(tracker: Sender, event: object) -> int:
    return await tracker.posts(event, path="/api/desk/roundup/events", key="msg_1")


@pytest.mark.parametrize(
    ("data", "moved", "comment"),
    [
        ({}, "waiting", "Which one?"),
        ({"status": "resolved", "messages": []}, "resolved", ""),
        ({"status": "done-cbb", "messages": []}, "resolved", ""),
        ({"status": "chatting", "messages": []}, "assigned", ""),
        ({"status_changed": False}, "", "Which one?"),
        ({"status": "deferred"}, "", "Which one?"),
        ({"messages": [{"author": "agent", "text": "1"}, {"author": "assistant", "text": "2"},
                       {"author": "ann", "text": "3", "more": 1}]}, "waiting", "1\n\n3"),
    ],
)  # fmt: skip
async def test_what_a_tracker_tells(
    tracker: Sender, data: dict[str, object], moved: str, comment: str
) -> None:
    assert await from_tracker(tracker, posted(**data)) == 200

    assert await tracker.told() == [("desk/roundup/msg_1", moved, comment)]


@pytest.mark.parametrize(
    "data",
    [{"status": "unread", "messages": []}, {"status": "a status of theirs", "messages": []},
     {"status_changed": False, "messages": [{"author": "assistant", "text": "ours"}]},
     {"case": "roundup-1"}],
)  # fmt: skip
async def test_what_is_no_news_is_not_told(tracker: Sender, data: dict[str, object]) -> None:
    assert await from_tracker(tracker, posted(**data)) == 200

    assert not await tracker.told()
    assert (await tracker.case()).state == "recorded"


@pytest.mark.parametrize(
    "event", [posted() | {"type": "other"}, posted(case=None), posted() | {"timestamp": "soon"},
              posted() | {"timestamp": "2026-11-03T12:06:31Z"}, TOLD]
)  # fmt: skip
async def test_what_no_tracker_sends_is_refused(tracker: Sender, event: object) -> None:
    assert await from_tracker(tracker, event) == 400


# --- what Request Tracker sends --------------------------------------------------------------


PING = {"type": "ticket.changed", "timestamp": "2026-11-03T12:00:30Z", "data": {"ticket": 17}}


@pytest.fixture
async def rt(clock: Clock) -> AsyncIterator[Sender]:
    """A Request Tracker, which says only that something happened."""
    async for one in listening(MemoryStore(), clock, RequestTrackerPings(Signer((NEW,)))):
        yield one


async def test_a_ping_has_the_desk_asked_and_tells_nothing(rt: Sender) -> None:
    assert await rt.posts(PING, path="/api/desk/rt/events", key="txn-1") == 200
    assert await rt.posts(PING, path="/api/desk/rt/events", key="txn-1") == 200

    assert rt.rung == ["eye", "eye"]
    assert await news_in(rt.store) == []


@pytest.mark.parametrize(
    ("ping", "secret", "status"), [(PING, OTHER, 401), (TOLD, NEW, 400), (b"{", NEW, 400)]
)
async def test_a_ping_that_is_none_is_refused(
    rt: Sender, ping: object, secret: str, status: int
) -> None:
    assert await rt.posts(ping, secret, path="/api/desk/rt/events", key="txn-1") == status

    assert not rt.rung


# --- the whole program -----------------------------------------------------------------------


def test_who_has_no_secret_takes_no_events() -> None:
    for desk in ("", "rt", "roundup"):
        assert inbound(Settings(desk=desk), MemoryStore(), Alarm().ring, Alarm().ring) is None


async def test_a_person_reads_it_once(
    serve: Serve, program: Program, connector: Connector, sqlite_url: str
) -> None:
    await upgrade(sqlite_url)
    changes = {
        "desk": "webhook",
        "webhook_url": "https://tickets.example.com/hook",
        "webhook_secret": SecretStr(NEW),
    }
    settings = program.settings.model_copy(update=changes)
    assistant = assistant_of(settings)
    whole = replace(
        program,
        settings=settings,
        assistant=assistant,
        recorder=recorder(settings, program.library.topics),
        store=open_store(sqlite_url),
    )
    caller = Caller(await serve(whole), connector)
    await caller.says("presence unknown")
    await caller.says("talk to a person")
    await caller.says("hand it over")
    [case] = await whole.store.cases("lync.user@fabrikam.com", 1)
    now = Clock(utc_now())
    sender = Sender(caller.http, whole.store, now)
    event = {"id": "e-1", "case_id": case.id, "state": "resolved", "at": now().isoformat()}

    before = len(connector.posts)
    for _ in range(3):
        assert await sender.posts(event) == 200

    await connector.received(before + 1)
    assert [post.text for post in connector.posts[before:]] == [
        f"The helpdesk says that case {case.id} is resolved. Does it work now?\n1. Yes\n2. No"
    ]
    assert "is closed" in "\n".join(await caller.says("1"))
    closed = await whole.store.case(case.id)
    assert closed
    assert closed.state == "closed"
