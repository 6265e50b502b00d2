"""What holds at every ticketing system that is really there."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import get_args
from urllib.request import urlopen
from uuid import uuid4

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.desk.desk import Change, ChangeKind, Desk, Later, Note, Placed, Refused, Ticket
from bot.desk.plain import CHANGED
from bot.desk.request_tracker import STATUS as RT_STATUS
from bot.desk.request_tracker import RequestTracker
from bot.desk.roundup import STATUS as ROUNDUP_STATUS
from bot.desk.roundup import Roundup
from tests.bot.desk.seen import Agent
from tests.ports import free_port

STATUS = {"roundup": ROUNDUP_STATUS, "rt": RT_STATUS}
WRONG = "geheim-geheim-geheim"
TOKEN = f"1-27-{'0' * 32}"
"""In the form of RT's."""


def ticket(**more: object) -> Ticket:
    """A case that nobody has had yet."""
    given = {
        "id": uuid4().hex,
        "title": "Cannot add a contact",
        "text": "It shows no icon.",
        "requester": "bob@contoso.com",
        "details": (("Version", "2013"),),
        **more,
    }
    return Ticket.model_validate(given)


async def test_a_case_becomes_one_ticket(desk: Desk, agent: Agent) -> None:
    case = ticket(name="Bob", transcript="bob: hello\nbot: hello")

    placed = await desk.create(case)
    again = await desk.create(case)

    [seen] = await agent.tickets(case.id)
    assert placed == again == await desk.find(case.id)
    assert (seen.number, seen.title) == (placed.ticket, case.title)
    assert seen.texts == [
        f"It shows no icon.\n\nCase: {case.id}\nRequester: Bob (bob@contoso.com)\nVersion: 2013",
    ]
    assert seen.files == [case.transcript]
    assert set(seen.kinds) <= {"text/plain"}


async def test_the_link_leads_to_the_ticket(desk: Desk) -> None:
    placed = await desk.create(ticket())

    # Not by aiohttp, which refuses how RT's own server ends a page.
    with await asyncio.to_thread(urlopen, placed.link, timeout=20) as answer:
        assert answer.status == 200  # it shows the form to log in


async def test_who_has_no_ticket_has_none(desk: Desk) -> None:
    assert await desk.find(uuid4().hex) is None


async def test_an_id_is_found_as_a_whole_and_by_nothing_else(desk: Desk) -> None:
    case = ticket(id=f'it\'s \\ {{a}} % _ "b" 1 {uuid4().hex}')
    placed = await desk.create(case)

    assert await desk.find(case.id) == placed
    for other in (case.id[:-1], case.id[1:], "%", "' OR id > 0 OR Subject = '", placed.ticket):
        assert await desk.find(other) is None


async def test_a_note_is_added_once(desk: Desk, agent: Agent) -> None:
    case, note = ticket(), Note(uuid4().hex, "It works now.\nThank you!")
    placed = await desk.create(case)

    await desk.note(placed, note)
    await desk.note(placed, note)
    await desk.note(placed, Note(uuid4().hex, "Another one"))

    [seen] = await agent.tickets(case.id)
    assert seen.texts[1:] == [note.text, "Another one"]


@pytest.mark.parametrize("change", get_args(ChangeKind))
async def test_agents_read_once_what_people_do_with_their_case(
    desk: Desk, agent: Agent, change: ChangeKind
) -> None:
    case, done = ticket(), Change(uuid4().hex, change)
    placed = await desk.create(case)
    await agent.close(placed.ticket)

    await desk.change(placed, done)
    await desk.change(placed, done)

    [seen] = await agent.tickets(case.id)
    assert (seen.texts[1:], seen.status) == ([CHANGED[change]], STATUS[desk.name][change])


async def test_what_people_do_again_is_read_again(desk: Desk, agent: Agent) -> None:
    case = ticket()
    placed = await desk.create(case)
    kinds: tuple[ChangeKind, ...] = ("closed", "closed", "reopened", "withdrawn")

    seen = []
    for change in kinds:
        await desk.change(placed, Change(uuid4().hex, change))
        seen += [found.status for found in await agent.tickets(case.id)]

    assert seen == [STATUS[desk.name][change] for change in kinds]
    [whole] = await agent.tickets(case.id)
    assert whole.texts[1:] == [CHANGED[change] for change in kinds]


async def test_a_ticket_that_is_gone_takes_nothing(desk: Desk) -> None:
    gone = Placed(ticket="987654")

    with pytest.raises(Refused):
        await desk.note(gone, Note("n", "Hello"))
    with pytest.raises(Refused):
        await desk.change(gone, Change("c", "closed"))


# --- what does not get through ---------------------------------------------------------------


def with_a_wrong_secret(desk: Desk, session: ClientSession) -> Desk:
    match desk:
        case Roundup():
            url = desk.exchange.url
            return Roundup.at(url, "assistant", SecretStr(WRONG), session)
        case RequestTracker():
            return RequestTracker.at(desk.exchange.url, SecretStr(WRONG), "Helpdesk", session)
    raise AssertionError(desk)


async def test_a_wrong_password_is_tried_again_later_and_not_told(
    desk: Desk, session: ClientSession
) -> None:
    wrong = with_a_wrong_secret(desk, session)

    with pytest.raises(Later) as later:
        await wrong.create(ticket())

    assert "401" in str(later.value)
    assert not later.value.ambiguous
    assert WRONG not in f"{later.value!r} {wrong!r}"


async def test_under_a_wrong_address_nothing_is_refused(desk: Roundup | RequestTracker) -> None:
    """As one wrong letter has it. RT shows its form to log in there, with status 200."""
    url = desk.exchange.url + ("x" if desk.name == "roundup" else "/x")
    wrong = replace(desk, exchange=replace(desk.exchange, url=url))

    for ask in everything(wrong):
        with pytest.raises(Later, match=r"Is its address right\?"):
            await ask()


@pytest.mark.parametrize("status", [404, 405, 410])
@pytest.mark.parametrize("name", ["roundup", "rt"])
async def test_who_has_none_of_what_a_desk_has_is_none(
    name: str, status: int, session: ClientSession
) -> None:
    async def nothing(_: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", nothing)
    async with TestServer(app) as server:
        url, secret = str(server.make_url("")).rstrip("/"), SecretStr(TOKEN)
        desk: Roundup | RequestTracker = Roundup.at(url, "assistant", secret, session)
        if name == "rt":
            desk = RequestTracker.at(url, secret, "Helpdesk", session)
        for ask in everything(desk):
            with pytest.raises(Later, match=f"status {status}. Is its address right") as later:
                await ask()
            assert not later.value.ambiguous


def everything(desk: Roundup | RequestTracker) -> list[Callable[[], Awaitable[object]]]:
    """All that a desk is asked."""
    placed = Placed(ticket="1")
    return [
        lambda: desk.create(ticket()),
        lambda: desk.find("a"),
        lambda: desk.note(placed, Note("n", "Hello")),
        lambda: desk.change(placed, Change("c", "closed")),
        lambda: desk.heard(""),
    ]


async def test_a_desk_that_is_not_there_has_taken_nothing(
    roundup: Roundup, rt: RequestTracker
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    for desk in (roundup, rt):
        away = replace(desk, exchange=replace(desk.exchange, url=nowhere))
        with pytest.raises(Later) as later:
            await away.note(Placed(ticket="1"), Note("n", "Hello"))
        assert not later.value.ambiguous


# --- text stays text -------------------------------------------------------------------------

LONG = "many words " * 10_000
TEXTS = {
    "markup": "<script>alert(1)</script><b>bold</b> &amp; &lt;\n# Title\n**bold**"
    " [link](javascript:alert(1)) ![x](http://127.0.0.1/x.png)",
    "code": "=cmd|' /C calc'!A0\n+1\n-1\n@SUM(1)\n' OR 1=1; -- \" ` $(id) ${x} {{x}} %s \\n \\",
    "unicode": "Grüße, 日本語, עברית, 👩‍👩‍👧‍👦 🇩🇪 é",
    "control": "a\x00b\x07c\x1b[31md\x7fe\x85f\u202eg\ufffeh\ti"
    "\r\nBcc: mallory@contoso.com\r\n\r\n.\r\nStatus: resolved",
    "long": LONG.strip(),
}
SHOWN = TEXTS | {"control": "abc[31mde\nfgh\ti\nBcc: mallory@contoso.com\n\n.\nStatus: resolved"}
"""What is left of each: control characters go, a CR LF is a line feed."""


@pytest.mark.parametrize("name", TEXTS)
async def test_whatever_people_write_arrives_as_plain_text(
    name: str, desk: Desk, agent: Agent
) -> None:
    text, shown = TEXTS[name], SHOWN[name]
    case = ticket(
        title=text, text=text, name=text, details=((text, text),), transcript=text, requester=text
    )
    one = " ".join(shown.split())
    cut = one if len(one.encode()) <= 200 else one[:197] + "…"

    placed = await desk.create(case)
    await desk.note(placed, Note(uuid4().hex, text))

    [seen] = await agent.tickets(case.id)
    assert seen.title == cut
    lines = f"Case: {case.id}\nRequester: {shown} ({shown})\n{cut}: {shown}"
    assert seen.texts == [f"{shown}\n\n{lines}", shown]
    assert seen.files == [shown]
    assert set(seen.kinds) <= {"text/plain"}


# --- many at once ----------------------------------------------------------------------------


async def test_many_at_once_are_one_ticket_each(desk: Desk, agent: Agent) -> None:
    # Request Tracker is slow: it opens three to seven a second.
    number, times = (20, 6) if desk.name == "roundup" else (2, 3)
    cases = [ticket() for _ in range(number)]

    turns = asyncio.Semaphore(6)  # more of them only wait for each other, in SQLite

    async def attempt(case: Ticket) -> None:
        async with turns:
            with suppress(Later):  # where it is busy it is asked once more, below
                await desk.create(case)

    await asyncio.gather(*(attempt(case) for case in cases for _ in range(times)))
    placed = [await desk.create(case) for case in cases]

    seen = [await agent.numbers(case.id) for case in cases]
    assert seen == [[each.ticket] for each in placed]
    assert len({each.ticket for each in placed}) == len(cases)
