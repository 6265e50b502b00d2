"""A person on a Bot Framework channel: speaks over HTTP, and reads what the connector receives."""

from dataclasses import dataclass, field
from itertools import count

from aiohttp import web
from aiohttp.test_utils import TestClient

from tests.fakes import Connector, Json, Post

Http = TestClient[web.Request, web.Application]
BOT = {"id": "28:bot", "name": "Assistant"}


@dataclass
class Caller:
    """Somebody in a conversation of their own, on a channel without cards unless it is told."""

    http: Http
    connector: Connector
    user: str = "lync.user@fabrikam.com"
    room: str = "room/1"
    channel: str = "sms"
    ids: "count[int]" = field(default_factory=lambda: count(1))

    async def joins(self) -> list[str]:
        """Opens the conversation; returns what is said because of that."""
        members = [BOT, {"id": self.user, "name": "A user"}]
        return await self.sends(type="conversationUpdate", membersAdded=members)

    async def says(self, text: str) -> list[str]:
        """Types something; returns the answers."""
        return await self.sends(type="message", text=text)

    async def presses(self, label: str) -> list[str]:
        """Presses a button of the last card, as channels do: a message with no text."""
        return await self.presses_on(self.connector.posts[-1], label)

    async def presses_on(self, card: Post, label: str) -> list[str]:
        """Presses a button of any card."""
        [data] = [action["data"] for action in card.buttons if action["title"] == label]
        return await self.sends(type="message", value=data)

    async def sends(self, **fields: object) -> list[str]:
        """Sends an activity that is taken; returns the answers."""
        before = len(self.connector.posts)
        status, problem = await self.posts(self.activity(**fields))
        assert status == 200, problem
        return self.connector.texts[before:]

    async def posts(self, activity: object) -> tuple[int, Json]:
        """Sends any JSON; returns the status, and the problem where it is one."""
        async with self.http.post("/api/messages", json=activity) as answer:
            refused = answer.content_type == "application/problem+json"
            return answer.status, await answer.json() if refused else {}

    def activity(self, **fields: object) -> Json:
        """An activity as channels send them; a field that is None is left out."""
        whole = {
            "type": "message",
            "id": f"activity-{next(self.ids)}",
            "timestamp": "2026-11-03T12:00:00.1234567Z",
            "localTimestamp": "2026-11-03T13:00:00.1234567+01:00",
            "channelId": self.channel,
            "serviceUrl": self.connector.url,
            "from": {"id": self.user, "name": "A user", "aadObjectId": "0-1-2"},
            "conversation": {"id": self.room, "conversationType": "personal", "isGroup": False},
            "recipient": BOT,
            "locale": "en-GB",
            "entities": [{"type": "clientInfo", "locale": "en-GB", "platform": "Windows"}],
            "channelData": {"tenant": {"id": "0-1-2"}},
            **fields,
        }
        return {name: value for name, value in whole.items() if value is not None}
