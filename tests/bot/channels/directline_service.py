"""A Direct Line service on a real port, with a parrot for an assistant, and a client for it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from weakref import WeakValueDictionary

from aiohttp import ClientResponse, ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.directline import DirectLine
from bot.channels.directline_requests import Door
from bot.channels.directline_tokens import Tokens
from bot.storage.memory import MemoryStore
from bot.storage.records import Outgoing, Reference
from bot.storage.store import Store
from bot.turn import Turns
from bot.web import problems
from dialogs.converse import Assistant
from dialogs.memory import Progress
from dialogs.model import Found, Message, Outcome, Person
from dialogs.reply import Reply
from tests.fakes import PATIENCE, RECORDER, Chance, Clock, Directory

Json = dict[str, Any]

KEY = "a key of thirty-two bytes or more"
ANNA = "lync.user@fabrikam.com"
BOB = "skype.user@outlook.com"


@dataclass
class World:
    """What outlives a service, so that another one can go on where it stopped."""

    store: Store = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=Clock)
    chance: Chance = field(default_factory=Chance)


@dataclass
class Parrot:
    """Greets who joins, repeats what is said, passes on news, and remembers what reached it."""

    heard: list[Message] = field(default_factory=list)

    def answer(self, message: Message, progress: Progress, _: Found) -> Outcome:
        self.heard.append(message)
        said = message.press.says if message.press else message.text
        if said == "no answer":
            return Outcome(progress)
        reply = (
            message.event
            if isinstance(message.event, Reply)
            else Reply("hello" if message.joined else f"you said {said}")
        )
        return Outcome(progress, (reply,))


def plain(reply: Reply, _: Reference) -> Outgoing:
    return Outgoing(json.dumps({"type": "message", "text": reply.text}), reply.text)


def who(person_id: str) -> Person | None:
    return Person(person_id, person_id.title(), person_id) if person_id in (ANNA, BOB) else None


@dataclass
class Client:
    """Somebody in a conversation."""

    http: "TestClient[web.Request, web.Application]"
    token: str
    conversation: str

    @property
    def path(self) -> str:
        return f"/v3/directline/conversations/{self.conversation}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def start(self) -> ClientResponse:
        return await self.http.post("/v3/directline/conversations", headers=self.headers)

    async def post(self, activity: object) -> ClientResponse:
        return await self.http.post(f"{self.path}/activities", json=activity, headers=self.headers)

    async def say(self, text: str, own_id: str = "") -> str:
        """Sends a message; returns the id it got."""
        channel_data = {"clientActivityID": own_id} if own_id else {}
        activity = {"type": "message", "text": text, "channelData": channel_data}
        answer = await self.post(activity)
        assert answer.status == 200, await answer.text()
        return cast(str, (await answer.json())["id"])

    async def read(self, watermark: str = "") -> Json:
        answer = await self.http.get(
            f"{self.path}/activities", params={"watermark": watermark}, headers=self.headers
        )
        assert answer.status == 200, await answer.text()
        return cast(Json, await answer.json())

    async def texts(self, watermark: str = "") -> list[str]:
        return texts(await self.read(watermark))

    async def listen(self, watermark: str = "") -> ClientWebSocketResponse:
        return await self.http.ws_connect(
            f"{self.path}/stream", params={"watermark": watermark, "t": self.token}
        )


def texts(group: Json) -> list[str]:
    return [activity["text"] for activity in group["activities"]]


async def is_problem(answer: ClientResponse, status: int) -> bool:
    """Whether a request was refused as it has to be (RFC 9457)."""
    problem = await answer.json(content_type="application/problem+json")
    return answer.status == status == problem["status"] and bool(problem["title"])


async def heard(socket: ClientWebSocketResponse, number: int) -> list[str]:
    """The next texts of a stream, however many come at once."""
    found: list[str] = []
    while len(found) < number:
        found += texts(await socket.receive_json(timeout=PATIENCE))
    return found


@dataclass
class Service:
    """What a test can reach of a running service."""

    http: "TestClient[web.Request, web.Application]"
    turns: Turns
    parrot: Parrot
    clock: Clock
    line: DirectLine

    async def generate(self, wish: object, secret: str = "") -> ClientResponse:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return await self.http.post("/v3/directline/tokens/generate", json=wish, headers=headers)

    async def client(self, user: str = ANNA) -> Client:
        """Somebody with a token, who has not started the conversation yet."""
        answer = await (await self.generate({"user": {"id": user}})).json()
        return Client(self.http, answer["token"], answer["conversationId"])

    async def started(self, user: str = ANNA) -> Client:
        """Somebody who has been greeted."""
        client = await self.client(user)
        assert (await client.start()).status == 201
        return client


@asynccontextmanager
async def running(
    world: World | None = None, secret: str | None = None, recheck: float = 3600.0
) -> AsyncIterator[Service]:
    """The service, from its start to its clean end."""
    world, parrot = world or World(), Parrot()
    turns = Turns(
        assistant=cast(Assistant, parrot),
        store=world.store,
        find=Directory().find,
        channel_of=lambda _: line,
        who=lambda to: Person(to.user_id, to.user_name),
        clock=world.clock,
        observe=lambda _understood, _seconds: None,
        recording=RECORDER,
        refused=lambda _: None,
        locks=WeakValueDictionary(),
    )
    line = DirectLine(
        turns=turns,
        store=world.store,
        tokens=Tokens(KEY, world.clock),
        door=Door(secret, who),
        bot_id="assistant",
        bot_name="The Assistant",
        shape=plain,
        chance=world.chance,
        sockets=2,
        recheck=recheck,
    )
    app = web.Application(middlewares=[problems])
    line.join(app)
    async with TestClient(TestServer(app)) as http:
        yield Service(http, turns, parrot, world.clock, line)
