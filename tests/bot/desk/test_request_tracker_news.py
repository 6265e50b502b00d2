"""What agents do in Request Tracker is heard by asking, and a ping says when to ask."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, hdrs, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.desk.desk import Change, Later, Note, Polled, Refused, Ticket
from bot.desk.events import LONGEST_COMMENT, Malformed
from bot.desk.position import Position
from bot.desk.request_tracker import RequestTracker
from bot.desk.request_tracker_events import RequestTrackerPings
from bot.desk.signature import Forged, Signer
from bot.storage.records import DeskEvent
from tests.bot.desk.hooks import Hooks
from tests.bot.desk.seen import RequestTrackerAgent
from tests.bot.desk.test_trackers import ticket
from tests.bot.desk.trackers import RequestTrackerServer

TOKEN = "1-27-" + "0" * 32


@pytest.fixture
def agent(rt_server: RequestTrackerServer, session: ClientSession) -> RequestTrackerAgent:
    """Who works with RT."""
    return RequestTrackerAgent(rt_server, session)


async def begun(rt: RequestTracker) -> str:
    """Where to begin from now."""
    heard = await rt.heard("")
    assert heard.events == ()
    return heard.cursor


def told(events: tuple[DeskEvent, ...]) -> list[tuple[str, str | None, str]]:
    """What is told of each case."""
    return [(event.case_id, event.state, event.comment) for event in events]


def only(events: tuple[DeskEvent, ...], case: Ticket) -> list[tuple[str | None, str]]:
    """What is told of one case."""
    return [(event.state, event.comment) for event in events if event.case_id == case.id]


async def test_what_agents_do_is_heard_and_nothing_of_what_is_internal(
    rt: RequestTracker, agent: RequestTrackerAgent
) -> None:
    assert isinstance(rt, Polled)
    case = ticket()
    placed = await rt.create(case)
    cursor, before = await begun(rt), datetime.now(UTC)

    await agent.comment(placed.ticket, "He is always a nuisance.")
    await agent.say(placed.ticket, "Which version?")
    for status in ("stalled", "open", "resolved", "open", "rejected", "deleted"):
        await agent.set(placed.ticket, Status=status)
    heard = await rt.heard(cursor)

    assert told(heard.events) == [
        (case.id, None, "Which version?"),
        (case.id, "assigned", ""),  # RT itself opens what is answered
        (case.id, "waiting", ""),
        (case.id, "assigned", ""),
        (case.id, "resolved", ""),
        (case.id, "assigned", ""),
        (case.id, "resolved", ""),
        (case.id, "closed", ""),
    ]
    assert "nuisance" not in repr(heard)
    for event in heard.events:
        assert event.id.startswith("txn-")
        assert before - timedelta(seconds=1) < event.at < datetime.now(UTC) + timedelta(seconds=1)
    assert await rt.heard(cursor) == heard
    assert await rt.heard(heard.cursor) == replace(heard, events=())


async def test_what_we_do_is_no_news(rt: RequestTracker) -> None:
    cursor = await begun(rt)

    placed = await rt.create(ticket())
    await rt.note(placed, Note("ours", "Any news?"))
    await rt.change(placed, Change("c", "closed"))
    await rt.change(placed, Change("d", "reopened"))

    assert (await rt.heard(cursor)).events == ()


async def test_who_takes_what_is_open_works_on_it(
    rt: RequestTracker, agent: RequestTrackerAgent
) -> None:
    taken, over, back = ticket(), ticket(), ticket()
    numbers = [(await rt.create(case)).ticket for case in (taken, over, back)]
    cursor = await begun(rt)

    for number in numbers:
        await agent.set(number, Owner="root")
    await agent.set(numbers[1], Status="resolved")
    await agent.set(numbers[2], Owner="Nobody")
    events = (await rt.heard(cursor)).events

    assert only(events, taken) == [("assigned", "")]
    assert only(events, over) == [("resolved", "")]
    assert only(events, back) == []


async def test_tickets_of_no_case_and_words_of_the_person_are_passed_over(
    rt: RequestTracker, agent: RequestTrackerAgent
) -> None:
    other = await agent.ask("POST", "/ticket", {"Queue": "Helpdesk", "Subject": "By phone"})
    placed = await rt.create(ticket())
    await agent.set(placed.ticket, Requestor=["root@localhost"], Status="open")
    cursor = await begun(rt)

    await agent.say(other["id"], "Hello")
    await agent.say(placed.ticket, "I have found it myself")

    assert (await rt.heard(cursor)).events == ()


async def test_one_goes_on_where_one_was_and_hears_what_was_kept_late(
    rt: RequestTracker, agent: RequestTrackerAgent
) -> None:
    placed = await rt.create(ticket())
    rt, cursor = replace(rt, most=2), await begun(rt)
    for status in ("open", "stalled", "open"):
        await agent.set(placed.ticket, Status=status)

    first = await rt.heard(cursor)
    second = await rt.heard(first.cursor)
    assert [event.state for event in first.events] == ["assigned", "waiting"]
    assert [event.state for event in second.events] == ["assigned"]

    numbers = [int(event.id.split("/")[0][4:]) for event in (*first.events, *second.events)]
    late = await rt.heard(str(Position(numbers[2], frozenset({numbers[1]}))))
    assert late.events == first.events[1:]


# --- tickets that become one -----------------------------------------------------------------


async def test_a_double_that_came_late_is_merged(
    rt: RequestTracker, agent: RequestTrackerAgent
) -> None:
    case = ticket()
    first, cursor = await rt.create(case), await begun(rt)
    # What a process sends that was held up after it had searched.
    answer = await rt.exchange.ask(hdrs.METH_POST, "/REST/2.0/ticket", rt._wanted(case))
    assert len(await agent.numbers(case.id)) == 2
    await agent.say(answer["id",], "On the double")

    heard = await rt.heard(cursor)

    assert await agent.numbers(case.id) == [first.ticket]
    assert (None, "On the double") in only(heard.events, case)
    await agent.say(first.ticket, "On both")
    assert (None, "On both") in only((await rt.heard(heard.cursor)).events, case)


async def test_what_happens_to_a_merged_ticket_reaches_its_case_but_nothing_from_before(
    rt: RequestTracker, agent: RequestTrackerAgent
) -> None:
    one, other = ticket(), ticket()
    numbers = [(await rt.create(case)).ticket for case in (one, other)]
    plain = await agent.ask("POST", "/ticket", {"Queue": "Helpdesk", "Subject": "The cause"})
    cursor = await begun(rt)

    await agent.say(numbers[1], "Your password is expired")
    await agent.set(numbers[0], MergeInto=int(numbers[1]))
    await agent.say(numbers[0], "It is the server")
    await agent.set(numbers[1], MergeInto=int(plain["id"]))
    await agent.set(plain["id"], Status="resolved")
    events = (await rt.heard(cursor)).events

    assert only(events, one) == [(None, "It is the server"), ("resolved", "")]
    assert (None, "Your password is expired") in only(events, other)
    assert only(events, other)[-1] == ("resolved", "")
    assert len({event.id for event in events}) == len(events)


# --- an agent's words ------------------------------------------------------------------------

HTML = """<html><head><title>x</title><style>p {color: red}</style></head><body>
<!-- <b>hidden</b> --><p>Try <b>again</b>:</p><script>alert(1)</script>
1 &lt; 2 &amp; <a href="javascript:alert(1)">here</a><br>&lt;script&gt; <img src=x onerror=alert(1)>
Bye\x00\x1b[31m\u202e</body></html>"""


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("text/html", HTML, "Try again:\n1 < 2 & here\n<script> Bye[31m"),
        ("text/plain", "<b>Grüße</b> 👋\x07\r\n=cmd|x", "<b>Grüße</b> 👋\n=cmd|x"),
        ("text/plain", "many words " * 10_000, ("many words " * 1000)[: LONGEST_COMMENT - 1] + "…"),
        ("text/html", "<p>x" * 25_000, ("x\n" * 5000)[: LONGEST_COMMENT - 1] + "…"),
    ],
)
async def test_an_agents_words_come_plain_and_bounded(
    rt: RequestTracker, agent: RequestTrackerAgent, kind: str, text: str, shown: str
) -> None:
    placed = await rt.create(ticket())
    cursor = await begun(rt)

    wanted = {"Content": text, "ContentType": kind}
    await agent.ask("POST", f"/ticket/{placed.ticket}/correspond", wanted)

    assert [event.comment for event in (await rt.heard(cursor)).events if event.comment] == [shown]


async def test_a_file_is_not_taken_for_words(
    rt: RequestTracker, agent: RequestTrackerAgent
) -> None:
    placed = await rt.create(ticket())
    cursor = await begun(rt)
    file = {"FileName": "log.txt", "FileType": "text/plain", "FileContent": "Z2VoZWlt"}
    wanted = {"Content": "<i>See</i> there", "ContentType": "text/html", "Attachments": [file]}

    await agent.ask("POST", f"/ticket/{placed.ticket}/correspond", wanted)

    assert (await rt.heard(cursor)).events[0].comment == "See there"


# --- pings -----------------------------------------------------------------------------------


async def test_a_ping_says_that_something_happened_and_is_believed(
    rt: RequestTracker, agent: RequestTrackerAgent, rt_server: RequestTrackerServer, pings: Hooks
) -> None:
    placed = await rt.create(ticket())
    other = await agent.ask("POST", "/ticket", {"Queue": "Helpdesk", "Subject": "By phone"})
    read = RequestTrackerPings(Signer((rt_server.secret,)))

    await rt.change(placed, Change("c", "closed"))
    await rt.change(placed, Change("d", "reopened"))
    await rt.note(placed, Note("ours", "Any news?"))
    await agent.say(other["id"], "Hello")
    await agent.comment(placed.ticket, "He is a nuisance.")
    assert pings.events.empty()
    for what in ({"Status": "stalled"}, {"Owner": "root"}, {"Status": "resolved"}):
        await agent.set(placed.ticket, **what)
        headers, body = await pings.next()
        read(headers, body, datetime.now(UTC))
        sent = json.loads(body)
        assert sent["data"]["ticket"] == int(placed.ticket)
        assert headers["webhook-id"] == f"txn-{sent['data']['transaction']}"
    await agent.say(placed.ticket, "Which version?")
    headers, body = await pings.next()
    assert b"version" not in body  # one more may come: RT itself opens the ticket again

    with pytest.raises(Forged):
        read(headers, body + b" ", datetime.now(UTC))
    with pytest.raises(Forged):
        read(headers, body, datetime.now(UTC) + timedelta(minutes=6))


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"type": "other"}', b"\x00"])
def test_a_ping_that_cannot_be_read_is_none(body: bytes) -> None:
    now, signer = datetime.now(UTC), Signer((f"whsec_{'UlQg' * 8}",))

    with pytest.raises(Malformed):
        RequestTrackerPings(signer)(signer.headers("txn-1", body, now), body, now)


@pytest.mark.parametrize("status", [500, 302])
async def test_an_assistant_that_fails_hinders_no_agent(
    rt: RequestTracker, agent: RequestTrackerAgent, pings: Hooks, status: int
) -> None:
    case = ticket()
    placed = await rt.create(case)
    pings.status = status

    await agent.close(placed.ticket)

    await pings.next()
    assert [seen.status for seen in await agent.tickets(case.id)] == ["resolved"]
    assert pings.events.empty()


async def test_an_assistant_that_never_answers_holds_up_an_agent_for_seconds_only(
    rt: RequestTracker, agent: RequestTrackerAgent, rt_server: RequestTrackerServer
) -> None:
    case = ticket()
    placed = await rt.create(case)

    with socket.create_server(("127.0.0.1", rt_server.receiver)):  # nobody accepts
        async with asyncio.timeout(15):
            await agent.close(placed.ticket)

    assert [seen.status for seen in await agent.tickets(case.id)] == ["resolved"]


# --- an RT that answers otherwise ------------------------------------------------------------


@asynccontextmanager
async def answering(answer: Any, session: ClientSession) -> AsyncIterator[RequestTracker]:
    """An RT that says the same to everybody."""

    async def handle(request: web.Request) -> web.Response:
        return web.json_response(answer)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        yield RequestTracker.at(url, SecretStr(TOKEN), "Helpdesk", session)


def transaction(number: int) -> dict[str, Any]:
    """A transaction as RT gives it."""
    return {"id": str(number), "Type": "Status", "NewValue": "open", "ObjectId": "1",
            "Creator": {"id": "root"}, "Created": "2026-11-03T12:00:00Z"}  # fmt: skip


async def test_an_rt_that_does_not_search_is_told_apart(session: ClientSession) -> None:
    async with answering({"items": [transaction(1), transaction(2)]}, session) as rt:
        with pytest.raises(Refused, match="older"):
            await rt.heard("500")


async def test_an_rt_from_before_a_restore_is_heard_from_where_it_is(
    session: ClientSession,
) -> None:
    async with answering({"items": []}, session) as rt:
        assert (await rt.heard("500-f")).cursor == "0"


@pytest.mark.parametrize(
    "given",
    [
        {"Creator": 14, "NewValue": None},
        {"CustomFields": "", "Requestor": ""},
        {"CustomFields": [{"name": "ExternalId", "values": [{"filename": "x"}, None, ""]}]},
    ],
)
async def test_what_is_gone_or_not_there_holds_up_nothing(
    given: dict[str, Any], session: ClientSession
) -> None:
    row = {"EffectiveId": "1", "Status": "open", "Owner": 14}
    item = {**transaction(501), **row, "id": "501", "ObjectId": "501", "EffectiveId": "501"}
    async with answering({"items": [{**item, **given}]}, session) as rt:
        assert (await rt.heard("500")).events == ()


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"items": [{"id": "x"}]}])
async def test_what_is_no_answer_is_asked_for_again(answer: Any, session: ClientSession) -> None:
    async with answering(answer, session) as rt:
        with pytest.raises(Later):
            await rt.heard("")


async def test_a_token_that_names_no_user_is_refused(session: ClientSession) -> None:
    rt = RequestTracker.at("http://127.0.0.1:1", SecretStr("geheim"), "Helpdesk", session)

    with pytest.raises(Refused) as refused:
        await rt.heard("")
    assert "geheim" not in str(refused.value)
