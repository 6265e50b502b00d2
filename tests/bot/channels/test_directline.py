"""Direct Line over real HTTP: what a client of it relies on."""

import asyncio
import json

import pytest

from dialogs.model import Press
from tests.bot.channels.directline_service import (
    ANNA,
    BOB,
    Service,
    World,
    heard,
    is_problem,
    running,
    texts,
)
from tests.bot.storage.turns import new_case, turn

# --- starting and coming back -------------------------------------------------------------------


async def test_who_starts_is_greeted_once(service: Service) -> None:
    client = await service.client()
    first, second = await asyncio.gather(client.start(), client.start())
    again = await client.start()
    assert 201 in {first.status, second.status}
    assert again.status == 200
    assert await client.texts() == ["hello"]
    assert [message.joined for message in service.parrot.heard] == [True]


async def test_a_start_tells_where_to_listen(service: Service) -> None:
    client = await service.client()
    body = {"user": {"id": "ignored"}, "locale": "en-GB"}
    url = "/v3/directline/conversations"
    answer = await service.http.post(url, json=body, headers=client.headers)
    opened = await answer.json()
    assert opened["conversationId"] == client.conversation
    assert opened["streamUrl"].startswith(f"ws://127.0.0.1:{service.http.port}{client.path}/")
    async with service.http.session.ws_connect(opened["streamUrl"]) as socket:
        assert await heard(socket, 1) == ["hello"]


async def test_who_reconnects_goes_on_after_the_watermark(service: Service) -> None:
    client = await service.started()
    watermark = (await client.read())["watermark"]
    await client.say("one")
    params = {"watermark": watermark}
    answer = await service.http.get(client.path, params=params, headers=client.headers)
    async with service.http.session.ws_connect((await answer.json())["streamUrl"]) as socket:
        assert await heard(socket, 2) == ["one", "you said one"]


async def test_who_starts_anew_hears_there_of_their_cases(service: Service) -> None:
    store = service.turns.store
    await store.commit(turn(0, key="web/before", case=new_case(person=ANNA)))
    await store.commit(turn(0, key="web/another", case=new_case("case-2", person=BOB)))

    client = await service.started()

    hers, his = await store.case("case-1"), await store.case("case-2")
    assert hers
    assert his
    assert client.conversation in hers.key
    assert his.key == "web/another"


async def test_a_malformed_host_is_a_refusal(service: Service) -> None:
    client = await service.client()
    headers = {**client.headers, "Host": "[::1"}
    answer = await service.http.post("/v3/directline/conversations", headers=headers)
    assert await is_problem(answer, 400)


async def test_a_restart_changes_nothing_for_who_was_there() -> None:
    world = World()
    async with running(world) as service:
        client = await service.started()
        await client.say("before", "own-1")
        watermark = (await client.read())["watermark"]
    async with running(world) as service:
        client.http = service.http
        assert (await client.start()).status == 200
        await client.say("before", "own-1")
        async with await client.listen(watermark) as socket:
            await client.say("after")
            assert await heard(socket, 2) == ["after", "you said after"]
        assert await client.texts() == [
            "hello",
            "before",
            "you said before",
            "after",
            "you said after",
        ]


# --- what is said -------------------------------------------------------------------------------


async def test_a_message_is_echoed_and_answered(service: Service) -> None:
    client = await service.started()
    activity = {
        "type": "message",
        "text": "hi",
        "from": {"id": BOB, "role": "bot"},
        "channelData": {"clientActivityID": "own-1", "postBack": True},
    }
    own_id = (await (await client.post(activity)).json())["id"]
    greeting, echo, reply = (await client.read())["activities"]
    assert "replyToId" not in greeting
    assert (echo["id"], echo["from"]["id"], echo["from"]["role"]) == (own_id, ANNA, "user")
    assert echo["channelData"]["clientActivityID"] == "own-1"
    assert "postBack" not in echo["channelData"]
    assert (reply["replyToId"], reply["from"]["name"]) == (own_id, "The Assistant")
    assert echo["timestamp"] == reply["timestamp"] == "2026-11-03T12:00:00.000Z"
    order = [a["channelData"]["webchat:sequence-id"] for a in (greeting, echo, reply)]
    assert order == sorted(order)
    assert len({a["id"] for a in (greeting, echo, reply)}) == 3


async def test_the_same_message_again_is_the_same_message(service: Service) -> None:
    client = await service.started()
    assert await client.say("hi", "own-1") == await client.say("hi", "own-1")
    assert await client.texts() == ["hello", "hi", "you said hi"]
    assert await client.say("hi", "own-2") != await client.say("hi")
    assert len(await client.texts()) == 7


async def test_a_pressed_button_is_seen_as_what_it_is_called(service: Service) -> None:
    client = await service.started()
    data = {"says": "stuck", "card": 12, "label": "This didn't work"}
    await client.post({"type": "message", "value": data})
    await client.post({"type": "message", "value": {"says": "done"}})
    await client.post({"type": "message", "text": "typed", "value": {"card": "x"}})
    assert [message.press for message in service.parrot.heard[1:]] == [
        Press("stuck", 12),
        Press("done", 0),
        None,
    ]
    said = [a["text"] for a in (await client.read())["activities"] if a["from"]["id"] == ANNA]
    assert said == ["This didn't work", "done", "typed"]


@pytest.mark.parametrize("kind", ["event", "typing", "conversationUpdate", "what ever"])
async def test_other_activities_are_taken_and_left_alone(service: Service, kind: str) -> None:
    client = await service.started()
    answer = await client.post({"type": kind, "name": "webchat/join", "value": {"says": "x"}})
    assert answer.status == 200
    assert (await answer.json())["id"]
    assert await client.texts() == ["hello"]


BAD = {
    "no JSON": b"{",
    "no UTF-8": b'{"type": "message", "text": "\xff"}',
    "a list": b"[]",
    "nothing": b"",
    "no type": b'{"text": "hi"}',
    "a number for text": b'{"type": "message", "text": 1}',
    "half a letter": b'{"type": "message", "text": "\\ud800"}',
    "a text for data": b'{"type": "message", "channelData": "x"}',
    "a strange locale": b'{"type": "message", "locale": "<script>"}',
    "a deep nest": b'{"type": "message", "value": ' + b"[" * 5000 + b"]" * 5000 + b"}",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_what_cannot_be_read_is_refused(service: Service, body: bytes) -> None:
    client = await service.started()
    headers = {**client.headers, "Content-Type": "application/json"}
    answer = await service.http.post(f"{client.path}/activities", data=body, headers=headers)
    assert await is_problem(answer, 400)
    assert await client.texts() == ["hello"]


async def test_odd_values_do_no_harm(service: Service) -> None:
    client = await service.started()
    odd: list[object] = [
        None,
        1,
        "x",
        [],
        {"says": 1},
        {"says": None},
        {"says": "x", "card": 9**99},
    ]
    for value in odd:
        answer = await client.post({"type": "message", "text": "a\0b", "value": value})
        assert answer.status == 200
    assert {message.press for message in service.parrot.heard} == {None}


async def test_files_are_refused_in_words(service: Service) -> None:
    client = await service.started()
    answer = await service.http.post(
        f"{client.path}/upload", params={"userId": ANNA}, data=b"x", headers=client.headers
    )
    assert await is_problem(answer, 415)


async def test_what_is_kept_of_a_message_is_small(service: Service) -> None:
    client = await service.started()
    await client.post({"type": "message", "text": "hi", "entities": ["x" * 1000]})
    store = service.turns.store
    kept = await store.history(f"web/{client.conversation}/{ANNA}", 0, 10)
    assert set(json.loads(kept[1].activity)) == {"type", "id", "text", "textFormat"}


# --- reading on ---------------------------------------------------------------------------------


async def test_a_watermark_gives_what_is_new(service: Service) -> None:
    client = await service.started()
    first = await client.read()
    assert texts(first) == ["hello"]
    nothing = await client.read(first["watermark"])
    assert (nothing["activities"], nothing["watermark"]) == ([], first["watermark"])
    await client.say("one")
    assert await client.texts(first["watermark"]) == ["one", "you said one"]


async def test_a_long_conversation_is_read_whole(service: Service) -> None:
    client = await service.started()
    for number in range(120):
        await client.say(str(number))
    said = await client.texts()
    assert len(said) == 241
    async with await client.listen() as socket:
        assert await heard(socket, 241) == said


@pytest.mark.parametrize("watermark", ["-1", "x", "1.5", "\u0661", "9" * 19, "1 "])
async def test_a_strange_watermark_is_refused(service: Service, watermark: str) -> None:
    client = await service.started()
    answer = await service.http.get(
        f"{client.path}/activities", params={"watermark": watermark}, headers=client.headers
    )
    assert await is_problem(answer, 400)
