"""Direct Line tokens: who gets one, and what it opens."""

import jwt
import pytest
from aiohttp import WSServerHandshakeError

from tests.bot.channels.directline_service import (
    ANNA,
    BOB,
    KEY,
    Client,
    Service,
    is_problem,
    running,
)

# --- who gets a token ---------------------------------------------------------------------------


async def test_a_person_of_the_demo_gets_a_token(service: Service) -> None:
    answer = await (await service.generate({"user": {"id": f" {ANNA} ", "name": "Eve"}})).json()
    claims = jwt.decode(answer["token"], options={"verify_signature": False})
    assert (claims["user"], claims["conv"]) == (ANNA, answer["conversationId"])
    assert claims["name"] != "Eve"
    assert answer["expires_in"] == 30 * 60


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"user": {"id": "somebody@fabrikam.com"}}, 403),
        ({"user": {"id": ""}}, 400),
        ({"user": {"id": "a\0b"}}, 400),
        ({"user": {"id": "x" * 201}}, 400),
        ({"user": {"id": ["a"]}}, 400),
        ({"user": ANNA}, 400),
        ({}, 400),
        ([], 400),
        ("text", 400),
        ({"user": {"id": ANNA}, "conversationId": "../x"}, 400),
        ({"user": {"id": ANNA}, "conversationId": "never-was"}, 403),
    ],
)
async def test_nobody_else_does(service: Service, wish: object, status: int) -> None:
    assert await is_problem(await service.generate(wish), status)


async def test_with_a_secret_only_who_knows_it_names_people() -> None:
    guest = {"user": {"id": "dl_guest", "name": "A guest"}}
    async with running(secret="sesame") as service:
        assert await is_problem(await service.generate(guest), 401)
        assert await is_problem(await service.generate(guest, secret="Sesame"), 401)
        assert await is_problem(await service.generate(guest, secret="s\u00e9same"), 401)
        answer = await (await service.generate(guest, secret="sesame")).json()
        client = Client(service.http, answer["token"], answer["conversationId"])
        await client.say("hi")
        assert service.parrot.heard[-1].person.id == "dl_guest"
        assert service.parrot.heard[-1].person.address == ""


async def test_people_come_back_to_a_conversation_of_their_own(service: Service) -> None:
    before = await service.started(ANNA)
    await before.say("remember this")
    wish = {"user": {"id": ANNA}, "conversationId": before.conversation}
    token = (await (await service.generate(wish)).json())["token"]
    later = Client(service.http, token, before.conversation)
    assert "remember this" in await later.texts()


async def test_nobody_comes_back_to_the_conversation_of_another(service: Service) -> None:
    anna = await service.started(ANNA)
    wish = {"user": {"id": BOB}, "conversationId": anna.conversation}
    assert await is_problem(await service.generate(wish), 403)


# --- what a token opens -------------------------------------------------------------------------


def forged() -> dict[str, str]:
    claims = {"aud": "directline", "conv": "c", "user": ANNA, "exp": 9999999999}
    return {
        "another key": jwt.encode(claims, KEY.upper(), algorithm="HS256"),
        "another algorithm": jwt.encode(claims, KEY * 2, algorithm="HS512"),
        "no signature": jwt.encode(claims, "", algorithm="none"),
        "another purpose": jwt.encode({**claims, "aud": "helpdesk"}, KEY, algorithm="HS256"),
        "no purpose": jwt.encode({"conv": "c", "user": ANNA, "exp": 9999999999}, KEY),
        "no end": jwt.encode({"aud": "directline", "conv": "c", "user": ANNA}, KEY),
        "no token": "open",
        "no ASCII": "\u00f6ffne.dich.\ud83d\ude42",
    }


@pytest.mark.parametrize("token", forged().values(), ids=forged().keys())
async def test_a_forged_token_opens_nothing(service: Service, token: str) -> None:
    client = Client(service.http, token, "c")
    assert await is_problem(await client.start(), 403)
    with pytest.raises(WSServerHandshakeError, match="403"):
        await client.listen()


async def test_without_a_token_nothing_opens(service: Service) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic YTpi"}):
        answer = await service.http.post("/v3/directline/conversations", headers=headers)
        assert await is_problem(answer, 401)


async def test_a_token_opens_one_conversation(service: Service) -> None:
    anna, bob = await service.started(ANNA), await service.started(BOB)
    stranger = Client(service.http, bob.token, anna.conversation)
    assert await is_problem(await stranger.post({"type": "message", "text": "hi"}), 403)
    for path in (stranger.path, f"{stranger.path}/activities"):
        assert await is_problem(await service.http.get(path, headers=stranger.headers), 403)
    with pytest.raises(WSServerHandshakeError, match="403"):
        await stranger.listen()


async def test_a_token_ends_and_can_be_renewed_before(service: Service) -> None:
    client = await service.started()
    service.clock.advance(minutes=29, seconds=59)
    refresh = "/v3/directline/tokens/refresh"
    renewed = await (await service.http.post(refresh, headers=client.headers)).json()
    service.clock.advance(seconds=1)
    assert await is_problem(await client.post({"type": "message", "text": "hi"}), 403)
    assert await is_problem(await service.http.post(refresh, headers=client.headers), 403)
    client.token = renewed["token"]
    await client.say("hi")
