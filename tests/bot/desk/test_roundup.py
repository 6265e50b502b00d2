"""What is Roundup's own: its fields, its limits, and the signed events that it sends."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import ClientSession, encode_basic_auth, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from standardwebhooks import Webhook

from bot.desk.desk import Later, Note, Refused
from bot.desk.roundup import Roundup
from tests.bot.desk.hooks import Hooks
from tests.bot.desk.seen import RoundupAgent
from tests.bot.desk.test_trackers import ticket
from tests.bot.desk.trackers import RoundupServer


@pytest.fixture
def agent(roundup_server: RoundupServer, session: ClientSession) -> RoundupAgent:
    """Who works with the tracker."""
    return RoundupAgent(roundup_server, session)


async def test_the_routing_sets_what_the_tracker_knows(
    roundup: Roundup, agent: RoundupAgent
) -> None:
    case = ticket(priority="urgent", group="agent")
    placed = await roundup.create(case)

    seen = (await agent.ask("GET", f"/issue/{placed.ticket}?@verbose=2"))["attributes"]
    assert (seen["priority"]["name"], seen["assignedto"]["username"]) == ("urgent", "agent")


@pytest.mark.parametrize(
    ("more", "named"),
    [({"priority": "geheim"}, "priority"), ({"group": "geheim"}, "assignedto"),
     ({"queue": "geheim"}, "keyword")],
)  # fmt: skip
async def test_what_the_tracker_does_not_know_is_refused_and_not_told(
    roundup: Roundup, more: dict[str, str], named: str
) -> None:
    with pytest.raises(Refused) as refused:
        await roundup.create(ticket(**more))

    assert named in str(refused.value)
    assert "geheim" not in str(refused.value)


async def test_what_agents_open_themselves_needs_no_id(agent: RoundupAgent) -> None:
    made = await agent.ask("POST", "/issue", {"title": "From the web", "external_id": ""})
    seen = await agent.ask("GET", f"/issue/{made['id']}")

    assert seen["attributes"]["external_id"].startswith("roundup-")


async def test_whoever_comes_by_sees_nothing(roundup: Roundup, session: ClientSession) -> None:
    placed = await roundup.create(ticket(title="Very private"))

    for page in (placed.link, f"{roundup.exchange.url}/issue?@template=index"):
        async with session.get(page) as answer:
            text = await answer.text()
        assert "Very private" not in text
        assert "__login_name" in text


async def test_its_page_shows_markup_and_does_not_follow_it(
    roundup: Roundup, agent: RoundupAgent, roundup_server: RoundupServer, session: ClientSession
) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    placed = await roundup.create(ticket(title=bad, text=bad, details=((bad, bad),)))
    login = encode_basic_auth("agent", roundup_server.said("agent-password"))

    async with session.get(placed.link, headers={"Authorization": login}) as answer:
        page = await answer.text()

    assert page.count("&lt;script&gt;alert(1)") >= 3
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


# --- its limits ------------------------------------------------------------------------------


@pytest.fixture
def strict_server(
    roundup_server: RoundupServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RoundupServer]:
    """A tracker that takes one call a minute."""
    server = RoundupServer(tmp_path_factory.mktemp("strict"), calls=1)
    server.make()
    server.start()
    yield server
    server.kill()


async def test_a_tracker_that_wants_to_be_left_alone_says_for_how_long(
    strict_server: RoundupServer, session: ClientSession
) -> None:
    password = SecretStr(strict_server.password)
    roundup = Roundup.at(strict_server.url, "assistant", password, session)

    await roundup.find("a")
    with pytest.raises(Later) as later:
        await roundup.create(ticket())

    assert later.value.after
    assert 0 < later.value.after <= 60
    assert not later.value.ambiguous


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html>An error occurred</html>", "text/html"),
        ('{"error": {"msg": "An error occurred. Please check the server log for more"}}',
         "application/json"),
    ],
)  # fmt: skip
async def test_its_own_failures_are_no_refusals(
    body: str, kind: str, session: ClientSession
) -> None:
    async def fail(request: web.Request) -> web.Response:
        return web.Response(status=400, text=body, content_type=kind)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fail)
    async with TestServer(app) as server:
        url = str(server.make_url("/tracker"))
        roundup = Roundup.at(url, "assistant", SecretStr("geheim"), session)
        with pytest.raises(Later) as later:
            await roundup.create(ticket())

    assert later.value.ambiguous


# --- events ----------------------------------------------------------------------------------


async def event(hooks: Hooks, server: RoundupServer) -> dict[str, Any]:
    """The next event, whose signature is valid."""
    headers, body = await hooks.next()
    told: dict[str, Any] = Webhook(server.said("events-secret")).verify(body, headers)
    return told


async def test_a_change_of_status_is_told_and_signed(
    roundup: Roundup, agent: RoundupAgent, roundup_server: RoundupServer, hooks: Hooks
) -> None:
    case = ticket()
    placed = await roundup.create(case)

    await agent.close(placed.ticket)

    told = await event(hooks, roundup_server)
    assert told["type"] == "ticket.changed"
    assert told["data"] == {
        "ticket": placed.ticket,
        "case": case.id,
        "by": "agent",
        "status": "resolved",
        "status_changed": True,
        "messages": [],
    }


async def test_what_an_agent_says_is_told_and_what_we_say_is_not(
    roundup: Roundup, agent: RoundupAgent, roundup_server: RoundupServer, hooks: Hooks
) -> None:
    case = ticket()
    placed = await roundup.create(case)
    await roundup.note(placed, Note("ours", "Any news?"))

    await agent.say(placed.ticket, "Grüße 👋: try <b>again</b>.")

    told = (await event(hooks, roundup_server))["data"]
    [message] = told["messages"]
    assert (told["case"], message["author"]) == (case.id, "agent")
    assert message["text"] == "Grüße 👋: try <b>again</b>."
    assert hooks.events.empty()


async def test_an_assistant_that_fails_or_is_away_hinders_no_agent(
    roundup: Roundup, agent: RoundupAgent, hooks: Hooks, roundup_server: RoundupServer
) -> None:
    case = ticket()
    placed = await roundup.create(case)
    hooks.status = 500
    await agent.close(placed.ticket)
    await event(hooks, roundup_server)

    assert [seen.status for seen in await agent.tickets(case.id)] == ["resolved"]


async def test_nobody_listens_and_the_change_is_kept(roundup: Roundup, agent: RoundupAgent) -> None:
    case = ticket()
    placed = await roundup.create(case)

    await agent.close(placed.ticket)

    assert [seen.status for seen in await agent.tickets(case.id)] == ["resolved"]


async def test_agents_read_what_was_said_in_its_order(
    roundup: Roundup, session: ClientSession, roundup_server: RoundupServer
) -> None:
    placed = await roundup.create(ticket())
    for number in range(11):
        await roundup.note(placed, Note(f"{placed.ticket}/{number}", f"Note {number}."))

    login = encode_basic_auth("agent", roundup_server.said("agent-password"))
    async with session.get(placed.link, headers={"Authorization": login}) as answer:
        page = await answer.text()

    shown = [int(number) for number in re.findall(r"Note (\d+)\.</pre>", page)]
    assert shown == [*range(10, -1, -1)]


def test_the_assistant_is_told_what_signs_the_events(roundup_server: RoundupServer) -> None:
    said = f"ASSISTANT_ROUNDUP_EVENTS_SECRET={roundup_server.said('events-secret')}"

    assert said in roundup_server.said("assistant.env").splitlines()
