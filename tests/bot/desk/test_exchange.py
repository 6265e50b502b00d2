"""Which answers of a desk are none, and what is known of what it has done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.desk.desk import Later, Refused
from bot.desk.exchange import LARGEST, SHUT_OUT, Exchange, accepted
from bot.outbound import open_session

Answers = Callable[..., Awaitable[Exchange]]


@pytest.fixture
async def answers(session: ClientSession) -> AsyncIterator[Answers]:
    """A desk that answers everything alike."""
    servers = []

    async def listening(status: int, body: bytes = b"{}", **headers: str) -> Exchange:
        async def answer(request: web.Request) -> web.Response:
            return web.Response(status=status, body=body, headers=headers)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        return Exchange(session, str(server.make_url("")).rstrip("/"), {"Authorization": "geheim"})

    yield listening
    for server in servers:
        await server.close()


@pytest.mark.parametrize("status", [200, 201, 400, 404, 409, 412, 422])
async def test_what_concerns_the_request_is_an_answer(answers: Answers, status: int) -> None:
    assert (await (await answers(status)).ask("POST", "/")).status == status


@pytest.mark.parametrize(
    ("status", "ambiguous"),
    [(301, False), (302, False), (307, False), (401, False), (403, False), (408, False),
     (425, False), (429, False), (500, True), (502, True), (503, True), (504, True)],
)  # fmt: skip
async def test_what_can_pass_is_tried_later(answers: Answers, status: int, ambiguous: bool) -> None:
    desk = await answers(status, b"geheim", **{"Location": "/", "Retry-After": "7"})

    for method in ("POST", "GET"):
        with pytest.raises(Later) as later:
            await desk.ask(method, "/")
        assert later.value.ambiguous == (ambiguous and method == "POST")
        assert str(status) in str(later.value)
        assert "geheim" not in f"{later.value} {desk!r}"
        wait = SHUT_OUT if status == 401 else 7
        assert later.value.after == (wait if status >= 400 else None)


async def test_a_wrong_password_is_not_tried_again_soon(answers: Answers) -> None:
    for said, waited in ({}, SHUT_OUT), ({"Retry-After": "600"}, 600):
        with pytest.raises(Later) as later:
            await (await answers(401, **said)).ask("POST", "/")
        assert later.value.after == waited >= 300


@pytest.mark.parametrize("status", [400, 404, 409, 422])
async def test_a_refusal_says_its_status_and_nothing_else(answers: Answers, status: int) -> None:
    desk = await answers(status, b'{"error": "bob@contoso.com"}')

    with pytest.raises(Refused) as refused:
        accepted(await desk.ask("POST", "/"))

    assert str(refused.value) == f"It refused with status {status}."


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"data": []}', b"null"])
async def test_an_answer_of_another_form_is_ambiguous(answers: Answers, body: bytes) -> None:
    answer = await (await answers(200, body)).ask("POST", "/")

    with pytest.raises(Later) as later:
        answer["data", "id"]

    assert later.value.ambiguous


async def test_a_long_answer_is_read(answers: Answers) -> None:
    said = "x" * (LARGEST - 2)
    assert (await (await answers(200, f'"{said}"'.encode())).ask("GET", "/")).json == said


async def test_an_endless_answer_is_not_read(answers: Answers) -> None:
    desk = await answers(200, b" " * (LARGEST + 1))

    with pytest.raises(Later, match="longer than"):
        await desk.ask("GET", "/")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1:9", "ASSISTANT_OUTBOUND_ALLOW"),
        ("http://127.0.0.1:9", "of another kind"),
        ("https://2130706433", "is none"),
    ],
)
async def test_an_address_that_leads_nowhere_has_taken_nothing(url: str, why: str) -> None:
    async with open_session("https://tickets.example.com") as session:
        with pytest.raises(Later, match=why) as later:
            await Exchange(session, url, {}).ask("POST", "/", {})

    assert not later.value.ambiguous


async def test_who_is_silent_for_too_long_may_have_done_it(session: ClientSession) -> None:
    async def silent(request: web.Request) -> web.Response:
        await request.content.read()
        await gone.wait()
        return web.Response()

    gone, app = asyncio.Event(), web.Application()
    app.router.add_post("/", silent)
    async with TestServer(app) as server:
        desk = Exchange(session, str(server.make_url("")).rstrip("/"), {}, patience=0.05)
        with pytest.raises(Later) as later:
            await desk.ask("POST", "/")
        gone.set()

    assert later.value.ambiguous
