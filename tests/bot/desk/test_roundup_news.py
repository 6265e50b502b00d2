"""What Roundup's hook forgot is heard by asking, under the ids of the hook."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.desk.desk import Change, Note, Polled, Refused
from bot.desk.events import LONGEST_COMMENT
from bot.desk.position import BEHIND, Position
from bot.desk.roundup import PAGE, Roundup
from bot.desk.roundup_events import RoundupEvents
from bot.desk.signature import Signer
from bot.storage.records import DeskEvent
from tests.bot.desk.hooks import Hooks
from tests.bot.desk.seen import RoundupAgent
from tests.bot.desk.test_trackers import ticket
from tests.bot.desk.trackers import DESK, RoundupServer, run


@pytest.fixture
def agent(roundup_server: RoundupServer, session: ClientSession) -> RoundupAgent:
    """Who works with the tracker."""
    return RoundupAgent(roundup_server, session)


async def begun(roundup: Roundup) -> str:
    """Where to begin from now."""
    heard = await roundup.heard("")
    assert heard.events == ()
    return heard.cursor


async def every(roundup: Roundup, cursor: str) -> list[DeskEvent]:
    """All that happened since, however often one has to ask."""
    events: list[DeskEvent] = []
    while (heard := await roundup.heard(cursor)).cursor != cursor:
        events, cursor = [*events, *heard.events], heard.cursor
    return [*events, *heard.events]


def told(events: list[DeskEvent]) -> list[tuple[str, str | None, str]]:
    """What is told of each case."""
    return [(event.case_id, event.state, event.comment) for event in events]


async def test_what_the_hook_brought_nowhere_is_heard(
    roundup: Roundup, agent: RoundupAgent
) -> None:
    assert isinstance(roundup, Polled)
    case = ticket()
    placed = await roundup.create(case)
    cursor = await begun(roundup)
    before = datetime.now(UTC)

    await agent.say(placed.ticket, "Which version?")
    await agent.close(placed.ticket)
    events = await every(roundup, cursor)

    # Roundup itself sets chatting when somebody adds a message to what is unread.
    assert told(events) == [(case.id, "assigned", "Which version?"), (case.id, "resolved", "")]
    for event in events:
        assert event.desk == "roundup"
        assert before - timedelta(seconds=1) < event.at < datetime.now(UTC)
    assert [one.id for one in await every(roundup, cursor)] == [one.id for one in events]
    after = (await roundup.heard(cursor)).cursor
    assert (await roundup.heard(after)).events == ()


async def test_the_hook_and_whoever_asks_say_the_same(
    roundup: Roundup, agent: RoundupAgent, roundup_server: RoundupServer, hooks: Hooks
) -> None:
    read = RoundupEvents(Signer((roundup_server.said("events-secret"),)), "assistant")
    placed = await roundup.create(ticket())
    cursor = await begun(roundup)

    await agent.say(placed.ticket, "Grüße 👋")
    await agent.close(placed.ticket)
    hooked = []
    for _ in range(2):
        headers, body = await hooks.next()
        hooked.append(read(headers, body, datetime.now(UTC)))

    assert await every(roundup, cursor) == hooked


async def test_what_we_do_and_what_is_no_case_is_not_kept(
    roundup: Roundup, agent: RoundupAgent
) -> None:
    placed = await roundup.create(ticket())
    cursor = await begun(roundup)

    await roundup.note(placed, Note("mine", "Any news?"))
    await roundup.change(placed, Change("c", "closed"))
    await roundup.change(placed, Change("d", "reopened"))
    other = await agent.ask("POST", "/issue", {"title": "From the web", "external_id": ""})
    await agent.say(other["id"], "About something else")

    assert await begun(roundup) == cursor


async def test_hostile_text_comes_plain_and_bounded(roundup: Roundup, agent: RoundupAgent) -> None:
    placed = await roundup.create(ticket())
    cursor = await begun(roundup)

    await agent.say(placed.ticket, "<b>bold</b>\x00\x1b[31m\u202e\r\n" + "x" * 100_000)

    [event] = await every(roundup, cursor)
    assert event.comment.startswith("<b>bold</b>[31m\nxxx")
    assert LONGEST_COMMENT - 20 < len(event.comment) <= LONGEST_COMMENT


async def test_agents_neither_read_nor_make_what_is_kept(agent: RoundupAgent) -> None:
    for method, body in (("GET", None), ("POST", {"event": "msg_1", "told": "{}"})):
        with pytest.raises(AssertionError, match="denied"):
            await agent.ask(method, "/caseevent", body)


# --- a tracker for each of these -------------------------------------------------------------


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundupServer]:
    """A tracker for one test alone, not started."""
    server = RoundupServer(tmp_path_factory.mktemp("alone"))
    server.make()
    yield server
    server.kill()


def asking(server: RoundupServer, session: ClientSession) -> Roundup:
    """The assistant there."""
    return Roundup.at(server.url, "assistant", SecretStr(server.password), session)


def kept(server: RoundupServer, *numbers: int) -> None:
    """Keeps events of these numbers, as transactions do that end in any order."""
    event = {
        "type": "ticket.changed",
        "timestamp": "2026-11-03T12:00:00+00:00",
        "data": {"case": "case-1", "status": "resolved", "status_changed": True},
    }
    insert = "insert into _caseevent (id, _event, _told, __retired__) values (?, ?, ?, 0)"
    with closing(sqlite3.connect(server.folder / "tracker" / "db" / "db")) as database, database:
        for number in numbers:
            database.execute(insert, (number, f"msg_{number}", json.dumps(event)))


async def heard_there(roundup: Roundup, cursor: str) -> tuple[list[str], str]:
    """The ids of what is heard, and where to go on."""
    heard = await roundup.heard(cursor)
    return [event.id for event in heard.events], heard.cursor


async def test_what_is_kept_late_is_heard_and_nothing_twice(
    alone: RoundupServer, session: ClientSession
) -> None:
    alone.start()
    roundup = asking(alone, session)
    kept(alone, 1, 2)
    cursor = await begun(roundup)

    kept(alone, 5, 7)
    ids, cursor = await heard_there(roundup, cursor)
    assert ids == ["msg_5", "msg_7"]
    kept(alone, 4, 6)
    ids, cursor = await heard_there(roundup, cursor)
    assert ids == ["msg_4", "msg_6"]
    kept(alone, 7 + BEHIND + PAGE)
    pages = [await heard_there(roundup, cursor)]
    while pages[-1][1] != cursor:
        cursor = pages[-1][1]
        pages.append(await heard_there(roundup, cursor))
    assert [number for ids, _ in pages for number in ids] == [f"msg_{7 + BEHIND + PAGE}"]


async def test_many_are_heard_page_by_page(alone: RoundupServer, session: ClientSession) -> None:
    alone.start()
    kept(alone, *range(1, 2 * PAGE + 4))

    pages, heard, cursor = [], [], "0"
    for _ in range(4):
        ids, cursor = await heard_there(asking(alone, session), cursor)
        pages.append(len(ids))
        heard += ids

    assert pages == [PAGE, PAGE, 3, 0]
    assert heard == [f"msg_{n}" for n in range(1, 2 * PAGE + 4)]


async def test_an_event_that_cannot_be_read_holds_up_nothing(
    alone: RoundupServer, session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    alone.start()
    kept(alone, 1, 2, 3)
    with closing(sqlite3.connect(alone.folder / "tracker" / "db" / "db")) as database, database:
        database.execute("update _caseevent set _told = 'geheim' where id = 2")

    ids, _ = await heard_there(asking(alone, session), "0")

    assert ids == ["msg_1", "msg_3"]
    assert "cannot be read" in caplog.text
    assert "geheim" not in caplog.text


async def test_a_tracker_from_before_is_heard_from_where_it_is(
    alone: RoundupServer, session: ClientSession
) -> None:
    alone.start()
    kept(alone, 1, 2, 3)

    assert await heard_there(asking(alone, session), "815-ff") == ([], str(Position(3)))


async def test_the_oldest_is_forgotten(alone: RoundupServer, session: ClientSession) -> None:
    detector = alone.folder / "tracker" / "detectors" / "assistant_events.py"
    text = detector.read_text(encoding="utf-8")
    detector.write_text(text.replace("KEPT = 5_000", "KEPT = 2"), encoding="utf-8")
    alone.start()
    roundup, agent = asking(alone, session), RoundupAgent(alone, session)
    placed = await roundup.create(ticket())
    for n in range(4):
        await agent.say(placed.ticket, f"No. {n}")

    assert [event.comment for event in await every(roundup, "0")] == ["No. 2", "No. 3"]


OLD_SCHEMA = ('    type(db.getclass("priority"))(db, "caseevent"', '    # ("caseevent"')


async def test_a_tracker_without_our_class_says_so_and_can_be_brought_up_to_date(
    alone: RoundupServer, session: ClientSession
) -> None:
    schema = alone.folder / "tracker" / "lib" / "assistant_schema.py"
    new = schema.read_text(encoding="utf-8")
    old = new.replace(*OLD_SCHEMA).replace('"keyword", "caseevent"', '"keyword"')
    assert new.count("caseevent") == old.count("caseevent") + 1
    schema.write_text(old, encoding="utf-8")
    admin = [str(DESK / "bin" / "roundup-admin"), "-i", str(alone.folder / "tracker")]
    run([*admin, "migrate"], alone.environment())
    alone.start()
    roundup, agent = asking(alone, session), RoundupAgent(alone, session)
    placed = await roundup.create(ticket())

    with pytest.raises(Refused, match="deploy/roundup/README"):
        await roundup.heard("")
    await agent.close(placed.ticket)  # whatever our detector lacks hinders nobody

    alone.kill()
    schema.write_text(new, encoding="utf-8")
    run([*admin, "migrate"], alone.environment())
    alone.start()
    cursor = await begun(roundup)
    await agent.say(placed.ticket, "Hello")
    assert [event.comment for event in await every(roundup, cursor)] == ["Hello"]
