"""Somebody who hands a case over by Direct Line, and tries again while the service is away."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.soak.waiting import PATIENCE, until

PEOPLE = ("lync.user@fabrikam.com", "skype.user@outlook.com")
CASE_ID = re.compile(r"LS-[0-9A-Z]{4}-[0-9A-Z]{4}")
RECEIPT = "Your case is recorded"
"""What people read as soon as it is. What is told later comes where they are by then, and they are
in many conversations at once here."""
TICKET = "is with your helpdesk now"
"""What people read of a case that has its ticket."""
AGAIN = 0.1
"""Seconds until somebody tries again."""
CLICKS_AGAIN = 0.5
"""How probably somebody whose click was not answered clicks anew, and not their client for them."""


@dataclass
class Person:
    """Their conversation at an address of the service; `troubled` counts the answers of 5xx."""

    url: str
    session: ClientSession
    chance: Random
    address: str
    token: str = ""
    conversation: str = ""
    troubled: int = 0
    seen: set[str] = field(default_factory=set)

    async def hand_over(self, title: str) -> set[str]:
        """Has a case of that title recorded; returns the id on every receipt."""
        await self._begin()
        for text in ("presence unknown", "talk to a person", "change the title", title):
            await self._say(text)
        await self._say("hand it over", CLICKS_AGAIN)
        await until(self._has_read, "no receipt can be read")
        return self.seen

    async def _begin(self) -> None:
        wish = {"user": {"id": self.address}}
        made = await self._ask("POST", "/tokens/generate", wish)
        self.token, self.conversation = made["token"], made["conversationId"]
        await self._ask("POST", "/conversations")

    async def _say(self, text: str, anew: float = 0.0) -> None:
        """Says something, with the same id until it is taken; with chance `anew` with another."""
        path, said = f"/conversations/{self.conversation}/activities", self._activity(text)
        async with asyncio.timeout(PATIENCE):
            while await self._tried("POST", path, said) is None:
                if self.chance.random() < anew:
                    said = self._activity(text)
                await asyncio.sleep(AGAIN)

    def _activity(self, text: str) -> Mapping[str, object]:
        own_id = str(UUID(int=self.chance.getrandbits(128)))
        return {"type": "message", "text": text, "channelData": {"clientActivityID": own_id}}

    async def told(self) -> list[str]:
        """The cases of which they have read that there is a ticket, once for each message."""
        told = [text for text in await self._read() if TICKET in text]
        return [case_id for text in told for case_id in set(CASE_ID.findall(text))]

    async def _has_read(self) -> bool:
        receipts = (text for text in await self._read() if RECEIPT in text)
        self.seen = set(CASE_ID.findall("".join(receipts)))
        return bool(self.seen)

    async def _read(self) -> list[str]:
        """All that the bot has said to them, each message as JSON."""
        read = await self._ask("GET", f"/conversations/{self.conversation}/activities")
        said = [one for one in read["activities"] if one["from"]["id"] != self.address]
        return [json.dumps(one) for one in said]

    async def _ask(self, method: str, path: str, body: object = None) -> Any:
        async with asyncio.timeout(PATIENCE):
            while True:
                if (answer := await self._tried(method, path, body)) is not None:
                    return answer
                await asyncio.sleep(AGAIN)

    async def _tried(self, method: str, path: str, body: object) -> Any:
        """The JSON of an answer; None: the service is away, or has failed."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url, most = f"{self.url}/v3/directline{path}", ClientTimeout(total=PATIENCE)
        asked = self.session.request(method, url, json=body, headers=headers, timeout=most)
        try:
            async with asked as answer:
                said = await answer.text()
        except ClientError:
            return None
        if answer.status >= 500:
            self.troubled += 1
            return None
        assert answer.status < 300, f"{method} {path}: {answer.status} {said}"
        return json.loads(said)
