"""Only an answer of the right form is believed; all else is unknown, with the cause."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.directory import client
from bot.directory.client import LARGEST, Client, Unanswered
from tests.bot.caller import Http
from tests.bot.directory.conftest import TOKEN, Api

ADDRESS = "lync.user@fabrikam.com"

Serve = Callable[[web.Response], Awaitable[Client]]


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
async def serving() -> AsyncIterator[Serve]:
    """Starts an admin API that answers everything alike."""
    async with AsyncExitStack() as stack:

        async def start(answer: web.Response) -> Client:
            async def handle(_: web.Request) -> web.Response:
                return answer

            app = web.Application()
            app.router.add_get("/{path:.*}", handle)
            server = await stack.enter_async_context(TestServer(app))
            return Client(str(server.make_url("")))

        yield start


@pytest.fixture
async def truth(api: Api) -> str:
    """What a real admin API says of a user."""
    http = await api()
    async with http.get(f"/admin/v1/users/{ADDRESS}/pic-status") as answer:
        return await answer.text()


def url(http: Http) -> str:
    """Where a test's own admin API listens."""
    return str(http.make_url("/"))


async def test_what_the_admin_api_says_is_believed(api: Api, session: ClientSession) -> None:
    asking = Client(url(await api(tokens={"bot": TOKEN})), TOKEN)

    found = await asking.status(session, ADDRESS)
    nobody = await asking.status(session, "nobody@fabrikam.com")

    assert found
    assert (found.address, found.verdict) == (ADDRESS, "enabled")
    assert nobody is None


async def test_a_wrong_token_is_no_verdict(api: Api, session: ClientSession) -> None:
    asking = Client(url(await api(tokens={"bot": TOKEN})), "wrong")

    with pytest.raises(Unanswered, match="status 401"):
        await asking.status(session, ADDRESS)


def problem(status: int, body: str, **headers: str) -> web.Response:
    return web.Response(
        status=status, text=body, content_type="application/problem+json", headers=headers
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (web.Response(text="<html>"), "wrong form"),
        (web.Response(text="{"), "wrong form"),
        (web.Response(text="{}"), "wrong form"),
        (web.Response(text="x" * (LARGEST + 1)), "longer than"),
        (web.Response(status=404, text="Not Found"), "wrong form"),
        (problem(404, '{"type":"about:blank","title":"Not Found","status":404}'), "status 404"),
        (problem(429, '{"type":"about:blank","title":"Later","status":429}'), "status 429: Later"),
        (problem(500, '{"type":"about:blank","title":"Oops","status":500}'), "status 500: Oops"),
        (web.Response(status=302, headers={"Location": "/elsewhere"}), "wrong form"),
    ],
)
async def test_anything_else_is_unanswered(
    serving: Serve, session: ClientSession, answer: web.Response, why: str
) -> None:
    with pytest.raises(Unanswered, match=why):
        await (await serving(answer)).status(session, ADDRESS)


@pytest.mark.parametrize(
    ("honest", "lie", "why"),
    [
        ('"pic_enabled":true', '"pic_enabled":"yes"', "wrong form"),
        ('"pic_enabled":true', '"pic_enabled":1', "wrong form"),
        ('"pic_enabled":true,', "", "wrong form"),
        ('"result":"pass"', '"result":"fine"', "wrong form"),
        (ADDRESS, "agent@fabrikam.com", "somebody else"),
    ],
)
async def test_a_lie_in_the_form_is_unanswered(
    truth: str, serving: Serve, honest: str, lie: str, why: str
) -> None:
    assert honest in truth
    lying = await serving(web.Response(text=truth.replace(honest, lie)))

    async with ClientSession() as session:
        with pytest.raises(Unanswered, match=why):
            await lying.status(session, ADDRESS)


async def test_a_server_that_is_not_there_is_unanswered(session: ClientSession) -> None:
    with pytest.raises(Unanswered, match="cannot be reached"):
        await Client("http://127.0.0.1:1").status(session, ADDRESS)


async def test_a_server_that_does_not_answer_is_unanswered(
    session: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.05)

    def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(silent, "127.0.0.1") as listening:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(Unanswered, match="did not answer"):
            await Client(f"http://127.0.0.1:{port}").status(session, ADDRESS)
        for writer in writers:
            writer.close()
