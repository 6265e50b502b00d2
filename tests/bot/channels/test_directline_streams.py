"""Direct Line streams over real WebSockets: what they tell, and how they end."""

import asyncio
from collections.abc import Sequence

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from bot.storage.memory import MemoryStore
from bot.storage.records import Entry, Reference
from dialogs.reply import Reply
from tests.bot.channels.directline_service import (
    ANNA,
    BOB,
    Client,
    Service,
    World,
    heard,
    is_problem,
    running,
)
from tests.fakes import PATIENCE


async def test_a_stream_tells_the_past_and_then_what_happens(service: Service) -> None:
    client = await service.started()
    async with await client.listen() as socket, await client.listen() as other:
        assert await heard(socket, 1) == await heard(other, 1) == ["hello"]
        await socket.send_str("")
        await client.say("one")
        assert await heard(socket, 2) == await heard(other, 2) == ["one", "you said one"]
        await service.turns.tell(f"web/{client.conversation}/{ANNA}", "news-1", Reply("by the way"))
        assert await heard(socket, 1) == ["by the way"]


async def test_what_is_not_answered_is_echoed_all_the_same(service: Service) -> None:
    client = await service.started()
    async with await client.listen() as socket:
        assert await heard(socket, 1) == ["hello"]
        await client.say("no answer")
        assert await heard(socket, 1) == ["no answer"]


async def test_a_stream_ends_with_its_client(service: Service) -> None:
    client = await service.started()
    for _ in range(5):
        async with await client.listen() as socket:
            assert await heard(socket, 1) == ["hello"]


async def test_a_conversation_has_only_so_many_streams(service: Service) -> None:
    client = await service.started()
    async with await client.listen(), await client.listen():
        with pytest.raises(WSServerHandshakeError, match="429"):
            await client.listen()
        other = await service.started(BOB)
        async with await other.listen() as socket:
            assert await heard(socket, 1) == ["hello"]


async def test_a_stream_is_a_websocket(service: Service) -> None:
    client = await service.started()
    answer = await service.http.get(f"{client.path}/stream", headers=client.headers)
    assert await is_problem(answer, 400)


async def test_replies_of_another_process_are_found() -> None:
    world = World()
    async with running(world, recheck=0.01) as service, running(world) as another:
        client = await service.started()
        async with await client.listen() as socket:
            assert await heard(socket, 1) == ["hello"]
            await Client(another.http, client.token, client.conversation).say("elsewhere")
            assert await heard(socket, 2) == ["elsewhere", "you said elsewhere"]


class Failing(MemoryStore):
    """A store whose database has gone away, for readers."""

    async def history(self, key: str, after: int, limit: int) -> Sequence[Entry]:
        raise OSError("gone")


async def test_a_stream_that_fails_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    async with running(World(Failing())) as service:
        client = await service.started()
        async with await client.listen() as socket:
            message = await socket.receive(timeout=PATIENCE)
            assert (message.type, message.data) == (WSMsgType.CLOSE, 1011)
    assert "a stream failed" in caplog.text


async def test_who_listens_sees_that_work_is_under_way_and_nothing_of_it_is_kept(
    service: Service,
) -> None:
    client = await service.started()
    async with await client.listen() as socket:
        assert await heard(socket, 1) == ["hello"]
        here = Reference(channel="directline", conversation=client.conversation, user_id=ANNA)
        await service.line.busy("One moment.", here)
        frame = await socket.receive_json(timeout=PATIENCE)

    assert frame.keys() == {"activities"}
    (activity,) = frame["activities"]
    assert (activity["type"], activity["channelData"]["progress"]) == ("typing", "One moment.")
    assert activity["from"]["role"] == "bot"
    async with await client.listen() as socket:
        assert await heard(socket, 1) == ["hello"]


# --- the end, and a new beginning ---------------------------------------------------------------


async def test_streams_are_closed_when_the_service_ends() -> None:
    before = asyncio.all_tasks()
    async with running() as service:
        client = await service.started()
        socket = await client.listen()
        assert await heard(socket, 1) == ["hello"]
        closing = asyncio.create_task(service.http.server.close())
        message = await socket.receive(timeout=PATIENCE)
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)
        await closing
    assert asyncio.all_tasks() == before
