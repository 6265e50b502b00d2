"""The load: people who walk a script again and again, and the connector that takes the replies.

All of it runs in the benchmark's own process, so that a server's CPU time is its own. Nothing
sleeps: a turn is over when its message is answered and all its replies have reached the connector.
"""

import asyncio
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import uuid4

import aiohttp
from aiohttp import web

LONGEST_TURN = 30
"""Seconds; a turn that takes longer is broken."""


class Broken(Exception):
    """A server did not do what its script says, so that there is nothing to measure."""


@dataclass(frozen=True)
class Line:
    """One message, and what must come back: so many activities, and words that stand in them."""

    says: str
    hears: str = ""
    replies: int = 1


@dataclass(frozen=True)
class Script:
    """What is said again and again. `anew`: every walk is in a new conversation."""

    lines: tuple[Line, ...]
    anew: bool = False

    @property
    def replies(self) -> float:
        """Replies to one message, on average."""
        return sum(line.replies for line in self.lines) / len(self.lines)


@dataclass
class Turn:
    """What one message waits for."""

    missing: int
    replies: list[bytes] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Connector:
    """Plays the Bot Framework's connector, and counts what reaches each conversation."""

    def __init__(self) -> None:
        self.waiting: dict[str, Turn] = {}
        self.surplus: list[bytes] = []
        self.runner = web.ServerRunner(web.Server(self.accept))
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def __aenter__(self) -> Self:
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        await self.runner.cleanup()

    @property
    def url(self) -> str:
        host, port = self.runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def accept(self, request: web.BaseRequest) -> web.StreamResponse:
        """Takes `POST /v3/conversations/{conversation}/activities[/{activity}]`."""
        body = await request.read()
        match request.path.split("/"):
            case ["", "v3", "conversations", conversation, "activities", *_]:
                self.arrived(conversation, body)
                return web.json_response({"id": str(uuid4())}, status=201)
        return web.json_response({"error": {"code": "NotFound"}}, status=404)

    def arrived(self, conversation: str, body: bytes) -> None:
        turn = self.waiting.get(conversation)
        if turn is None or turn.missing == 0:
            self.surplus.append(body)
            return
        turn.replies.append(body)
        turn.missing -= 1
        if not turn.missing:
            turn.over.set()

    async def turn(self, server: str, line: Line, activity: dict[str, Any]) -> list[bytes]:
        """Sends one message and returns its replies."""
        conversation = activity["conversation"]["id"]
        turn = self.waiting[conversation] = Turn(line.replies)
        try:
            async with asyncio.timeout(LONGEST_TURN):
                async with self.session.post(f"{server}/api/messages", json=activity) as answer:
                    text = await answer.text()
                if answer.status >= 300:
                    raise Broken(f"{line.says!r} was answered {answer.status}: {text[:300]}")
                if turn.missing:
                    await turn.over.wait()
        except TimeoutError:
            raise Broken(f"{line.says!r}: {turn.missing} replies did not come") from None
        except aiohttp.ClientError as failure:
            raise Broken(f"{line.says!r} was not answered: {failure!r}") from None
        finally:
            del self.waiting[conversation]
        self._check(line, turn.replies)
        return turn.replies

    def _check(self, line: Line, replies: list[bytes]) -> None:
        if self.surplus:
            raise Broken(
                f"more replies than the script says, the last: {_short(self.surplus[-1:])}"
            )
        if line.hears.encode() not in b"".join(replies):
            raise Broken(f"{line.says!r}: no {line.hears!r} in {_short(replies)}")


def _short(replies: list[bytes]) -> str:
    return b" ".join(replies).decode()[:1000]


class Person:
    """Somebody who is somewhere in the script."""

    def __init__(self, number: int, script: Script, connector: Connector, server: str) -> None:
        self.account = {"id": f"user-{number}", "name": f"User {number}", "role": "user"}
        self.script = script
        self.connector = connector
        self.server = server
        self.conversation = _new_conversation()
        self.lines = itertools.cycle(script.lines)

    async def talk(self, tickets: Iterator[int]) -> None:
        """Takes turns as long as there are tickets."""
        for _ in tickets:
            await self.say(next(self.lines))

    async def walk(self) -> list[bytes]:
        """The whole script once; returns all the replies."""
        return [reply for _ in self.script.lines for reply in await self.say(next(self.lines))]

    async def say(self, line: Line) -> list[bytes]:
        if self.script.anew and line is self.script.lines[0]:
            self.conversation = _new_conversation()
        return await self.connector.turn(self.server, line, self._message(line.says))

    def _message(self, text: str) -> dict[str, Any]:
        """A message as the Bot Framework Emulator sends it."""
        now = datetime.now(UTC)
        return {
            "type": "message",
            "id": str(uuid4()),
            "timestamp": now.isoformat(timespec="milliseconds"),
            "localTimestamp": now.astimezone().isoformat(timespec="milliseconds"),
            "localTimezone": "Europe/Berlin",
            "serviceUrl": self.connector.url,
            "channelId": "emulator",
            "from": self.account,
            "conversation": {"id": self.conversation},
            "recipient": {"id": "bot-1", "name": "Assistant", "role": "bot"},
            "textFormat": "plain",
            "locale": "en-US",
            "text": text,
            "entities": [_CAPABILITIES],
            "channelData": {"clientActivityID": uuid4().hex, "clientTimestamp": now.isoformat()},
        }


_CAPABILITIES = {
    "type": "ClientCapabilities",
    "requiresBotState": True,
    "supportsListening": True,
    "supportsTts": True,
}


def _new_conversation() -> str:
    return f"{uuid4()}|livechat"


async def take_turns(people: Iterable[Person], turns: int) -> None:
    """So many turns in all, everybody at once; each goes on where they stopped."""
    tickets = iter(range(turns))
    try:
        async with asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(person.talk(tickets))
    except* Broken as broken:
        raise broken.exceptions[0] from None
