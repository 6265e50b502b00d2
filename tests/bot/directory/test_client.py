"""Only an answer of the right form is believed; all else is unknown, with the cause."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.directory.answer import Unanswered
from bot.directory.client import AT_ONCE, ATTEMPTS, LONGEST_WAIT, Client, Passing, again
from bot.directory.pause import Pause, Paused
from tests.bot.caller import Http
from tests.bot.directory.conftest import TOKEN, Api
from tests.fakes import PATIENCE

ADDRESS = "lync.user@fabrikam.com"


def url(http: Http) -> str:
    """Where a test's own admin API listens."""
    return str(http.make_url("/"))


async def test_what_the_admin_api_says_is_believed(api: Api, session: ClientSession) -> None:
    asking = Client(url(await api(tokens={"bot": TOKEN})), session, TOKEN)

    found = await asking.status(ADDRESS)
    nobody = await asking.status("nobody@fabrikam.com")

    assert found
    assert (found.address, found.verdict) == (ADDRESS, "enabled")
    assert nobody is None


async def test_a_wrong_token_is_no_verdict(api: Api, session: ClientSession) -> None:
    asking = Client(url(await api(tokens={"bot": TOKEN})), session, "wrong")

    with pytest.raises(Unanswered, match="status 401"):
        await asking.status(ADDRESS)


@pytest.mark.parametrize(
    ("failure", "left", "waits"),
    [
        (Passing("Gone."), 10.0, True),
        (Passing("Gone."), LONGEST_WAIT, False),
        (Passing("Later.", after=3), 10.0, 3),
        (Passing("Later.", after=0), 10.0, 0),
        (Passing("Later.", after=10), 10.0, False),
        (Unanswered("Wrong."), 10.0, False),
        (Unanswered("Wrong.", after=1), 10.0, False),
        (LookupError("A defect."), 10.0, False),
    ],
)
def test_it_is_asked_again_where_that_helps_and_there_is_time(
    failure: Exception, left: float, waits: bool | float
) -> None:
    assert (again(failure, left), type(again(failure, left))) == (waits, type(waits))


async def test_the_sip_domains(api: Api, session: ClientSession) -> None:
    assert await Client(url(await api()), session).sip_domains() == ("fabrikam.com",)


def test_no_token_is_shown(session: ClientSession) -> None:
    assert TOKEN not in repr(Client("https://lync-admin.example.com", session, TOKEN))


# --- many at once ----------------------------------------------------------------------------


@dataclass
class Busy:
    """A directory that holds every question until it is told, and then refuses it."""

    status: int = 503
    asked: int = 0
    now: int = 0
    most: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        self.now += 1
        self.most = max(self.most, self.now)
        if self.now == AT_ONCE:
            self.full.set()
        await self.go.wait()
        self.now -= 1
        return web.Response(status=self.status)


@pytest.fixture
async def busy(session: ClientSession) -> AsyncIterator[tuple[Busy, Client]]:
    directory, app = Busy(), web.Application()
    app.router.add_get("/{path:.*}", directory.answer)
    async with TestServer(app) as server:
        yield directory, Client(str(server.make_url("")), session, pause=Pause(lambda: 0.0))


async def test_many_questions_at_once_neither_flood_it_nor_go_on_when_it_fails(
    busy: tuple[Busy, Client],
) -> None:
    directory, client = busy
    people = [asyncio.create_task(client.status(f"u{n}@fabrikam.com")) for n in range(100)]
    async with asyncio.timeout(PATIENCE):
        await directory.full.wait()
    directory.go.set()

    found = await asyncio.gather(*people, return_exceptions=True)

    assert all(isinstance(one, Unanswered) for one in found)
    assert directory.most == AT_ONCE
    assert directory.asked <= 2 * AT_ONCE * ATTEMPTS


async def test_who_never_gets_a_turn_is_told_so_and_it_is_no_failure_of_the_directory(
    busy: tuple[Busy, Client],
) -> None:
    directory, client = busy
    people = [asyncio.create_task(client.sip_domains()) for _ in range(AT_ONCE)]
    async with asyncio.timeout(PATIENCE):
        await directory.full.wait()
    impatient = replace(client, patience=0.01)

    for _ in range(5):
        with pytest.raises(Unanswered, match="wait for their turn"):
            await impatient.sip_domains()

    client.pause.check()
    for person in people:
        person.cancel()
    await asyncio.wait(people)
    directory.go.set()


async def test_while_it_is_left_alone_nobody_waits_for_a_turn(
    busy: tuple[Busy, Client],
) -> None:
    directory, client = busy
    for _ in range(AT_ONCE):
        await client.turns.acquire()
    with pytest.raises(Unanswered), client.pause.asking():
        raise Unanswered("Later.", after=60)

    with pytest.raises(Paused):
        await client.sip_domains()

    assert directory.asked == 0
