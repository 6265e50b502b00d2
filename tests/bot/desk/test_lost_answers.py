"""What becomes of a case when an answer is lost on its way: one ticket, whatever happens."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest
from aiohttp import ClientSession, encode_basic_auth
from pydantic import SecretStr
from yarl import URL

from bot.desk.desk import Change, Desk, Later, Note, Placed, Ticket
from bot.desk.plain import CHANGED
from bot.desk.request_tracker import RequestTracker
from bot.desk.roundup import Roundup
from tests.bot.desk.relay import Relay, relaying
from tests.bot.desk.seen import Agent, RoundupAgent
from tests.bot.desk.test_trackers import ticket
from tests.bot.desk.trackers import RoundupServer


@pytest.fixture
async def relay(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Relay, str]]:
    """What stands before the desk, and its address."""
    url = URL(request.getfixturevalue(f"{kind}_server").url)
    async with relaying(str(url.origin())) as opened:
        yield opened


@pytest.fixture
def through(desk: Roundup | RequestTracker, relay: tuple[Relay, str]) -> Desk:
    """The desk, asked through the relay."""
    path = URL(desk.exchange.url).path.rstrip("/")
    exchange = replace(desk.exchange, url=relay[1] + path)
    return replace(desk, exchange=exchange)


async def test_a_lost_answer_leads_to_no_second_ticket(
    through: Desk, relay: tuple[Relay, str], agent: Agent
) -> None:
    case, there = ticket(), relay[0]
    there.loses = lambda method, path: method == "POST" and path.endswith(("/issue", "/ticket"))

    with pytest.raises(Later) as later:
        await through.create(case)
    there.loses = lambda method, path: False
    found = await through.find(case.id)
    again = await through.create(case)

    assert later.value.ambiguous
    assert found == again
    assert await agent.numbers(case.id) == [again.ticket]


async def test_an_answer_that_only_reads_is_not_ambiguous(
    through: Desk, relay: tuple[Relay, str]
) -> None:
    relay[0].loses = lambda method, path: method == "GET"

    with pytest.raises(Later) as later:
        await through.find("a")

    assert not later.value.ambiguous


async def test_a_note_whose_answer_is_lost_is_there_once(
    through: Desk, relay: tuple[Relay, str], agent: Agent
) -> None:
    case, note = ticket(), Note("lost", "Any news?")
    placed = await through.create(case)
    relay[0].loses = lambda method, path: method == "PUT" or path.endswith("/comment")

    with pytest.raises(Later) as later:
        await through.note(placed, note)
    relay[0].loses = lambda method, path: False
    await through.note(placed, note)

    [seen] = await agent.tickets(case.id)
    assert later.value.ambiguous
    assert seen.texts[1:] == [note.text]


@pytest.mark.parametrize("end", ["/msg", "/comment", "PUT"])
async def test_what_people_do_is_read_once_whichever_answer_is_lost(
    through: Desk, relay: tuple[Relay, str], agent: Agent, end: str
) -> None:
    case, change = ticket(), Change(uuid4().hex, "withdrawn")
    placed = await through.create(case)
    relay[0].loses = lambda method, path: f"{path} {method}".endswith((end, f"{end} POST"))

    with suppress(Later):  # the other desk has no such request
        await through.change(placed, change)
    relay[0].loses = lambda method, path: False
    await through.change(placed, change)

    [seen] = await agent.tickets(case.id)
    assert seen.texts[1:] == [CHANGED["withdrawn"]]
    assert seen.status in {"resolved", "rejected"}


@pytest.mark.parametrize("kind", ["rt"], indirect=True)
async def test_a_late_double_is_merged_into_the_oldest(
    through: RequestTracker, rt: RequestTracker, relay: tuple[Relay, str], agent: Agent
) -> None:
    case, there = ticket(), relay[0]
    there.loses, there.held = lambda method, path: path.endswith("/ticket"), True
    with pytest.raises(Later):
        await through.create(case)

    first = await rt.create(case)  # the search could not see what was still on its way
    await there.release()
    before = await agent.numbers(case.id)

    assert len(before) == 2
    assert await rt.merge_doubles(case.id) == 1
    assert await rt.merge_doubles(case.id) == 0
    assert await agent.numbers(case.id) == [first.ticket] == before[:1]
    assert await rt.find(case.id) == first


@pytest.mark.parametrize("kind", ["rt"], indirect=True)
async def test_what_was_placed_in_a_double_goes_where_it_is_merged_into(
    rt: RequestTracker, relay: tuple[Relay, str], through: RequestTracker, agent: Agent
) -> None:
    case, there = ticket(), relay[0]
    there.loses, there.held = lambda method, path: path.endswith("/ticket"), True
    with pytest.raises(Later):
        await through.create(case)
    first = await rt.create(case)
    await there.release()
    later = first.model_copy(update={"ticket": (await agent.numbers(case.id))[1]})

    assert await rt.find(case.id) == first  # it merges, too
    await rt.note(later, Note("to the double", "Hello"))
    await rt.note(first, Note("to the double", "Hello"))
    await rt.change(later, Change("c", "closed"))

    [seen] = await agent.tickets(case.id)
    assert (seen.texts.count("Hello"), seen.status) == (1, "resolved")


# --- the desk is killed ----------------------------------------------------------------------


@pytest.fixture
def mortal_roundup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundupServer]:
    """A tracker for one test alone."""
    server = RoundupServer(tmp_path_factory.mktemp("mortal"))
    server.make()
    server.start()
    yield server
    server.kill()


@pytest.mark.usefixtures("roundup_server")  # skips where Roundup is not installed
async def test_a_desk_that_dies_while_it_works_ends_with_one_ticket(
    mortal_roundup: RoundupServer, session: ClientSession
) -> None:
    server, case = mortal_roundup, ticket()
    desk = Roundup.at(server.url, "assistant", SecretStr(server.password), session)

    for _ in range(3):
        await half_a_create(server, case.id)
        server.kill()
        server.start()
    placed = await created(desk, case)

    assert await RoundupAgent(server, session).numbers(case.id) == [placed.ticket]


async def created(desk: Desk, case: Ticket) -> Placed:
    """Tries as the courier does: on a busy machine a desk that was just started may cut us off."""
    for _ in range(5):
        with suppress(Later):
            return await desk.create(case)
    return await desk.create(case)


async def half_a_create(server: RoundupServer, case_id: str) -> None:
    """Sends what opens a ticket and waits for no answer."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    body = json.dumps({"external_id": case_id, "title": "Half"}).encode()
    origin = f"http://127.0.0.1:{server.port}"
    head = (
        f"POST /tracker/rest/data/issue HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: {encode_basic_auth('assistant', server.password)}\r\n"
        f"Origin: {origin}\r\nReferer: {origin}/tracker/\r\nX-Requested-With: rest\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    writer.close()


@pytest.mark.usefixtures("roundup_server")
async def test_a_request_that_dies_with_the_desk_is_ambiguous(
    mortal_roundup: RoundupServer, session: ClientSession
) -> None:
    server, case = mortal_roundup, ticket()
    desk = Roundup.at(server.url, "assistant", SecretStr(server.password), session)
    async with relaying(f"http://127.0.0.1:{server.port}") as (relay, url):

        def dies(method: str, path: str) -> bool:
            if path.endswith("/issue"):
                server.kill()
            return False

        relay.loses = dies
        through = replace(desk, exchange=replace(desk.exchange, url=f"{url}/tracker"))
        with pytest.raises(Later) as later:
            await through.create(case)
        assert later.value.ambiguous
        server.start()

    placed = await created(desk, case)

    [seen] = await RoundupAgent(server, session).tickets(case.id)
    assert (seen.number, len(seen.texts)) == (placed.ticket, 1)
