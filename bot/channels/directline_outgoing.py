"""What clients of Direct Line read: stored entries as activities, from a watermark on."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.storage.records import Entry
from bot.storage.store import Store

Activity = dict[str, Any]

PAGE = 100


@dataclass(frozen=True)
class Account:
    """Who an activity is from; `role` is `user` or `bot`."""

    id: str
    name: str
    role: str


@dataclass
class Writer:
    """Turns stored entries into activities, in order."""

    conversation: str
    user: Account
    bot: Account
    _asked_at: datetime | None = None
    _asked_id: str = ""

    def write(self, entries: Sequence[Entry]) -> list[Activity]:
        """The entries as clients read them."""
        return [self._activity(entry) for entry in entries]

    def typing(self, text: str, own_id: str) -> dict[str, list[Activity]]:
        """A frame that shows that work is under way; it moves no watermark on.

        The sentence is no `text`: Web Chat would keep that, and above the message it answers.
        """
        activity = {
            "type": "typing",
            "id": f"{self.conversation}|{own_id}",
            "channelData": {"progress": text},
            "channelId": "directline",
            "conversation": {"id": self.conversation},
            "from": self._sender(self.bot),
        }
        return {"activities": [activity]}

    @staticmethod
    def _sender(account: Account) -> dict[str, str]:
        return {"id": account.id, "name": account.name, "role": account.role}

    def _activity(self, entry: Entry) -> Activity:
        stored: Activity = json.loads(entry.activity)
        own_id = f"{self.conversation}|{stored.get('id') or f'{entry.seq:07d}'}"
        sender = self.user if entry.direction == "in" else self.bot
        activity = {
            **stored,
            "id": own_id,
            "timestamp": _timestamp(entry.at),
            "channelId": "directline",
            "conversation": {"id": self.conversation},
            "from": self._sender(sender),
            # Entries of one turn share their time; this alone tells Web Chat their order.
            "channelData": {**stored.get("channelData", {}), "webchat:sequence-id": entry.seq},
        }
        if entry.direction == "in":
            self._asked_at, self._asked_id = entry.at, own_id
        elif self._asked_at == entry.at:
            # One turn commits with one time. Web Chat holds a reply back for seconds when it
            # has not seen what it replies to, so only what was just written is named.
            activity["replyToId"] = self._asked_id
        return activity


@dataclass
class Reading:
    """Reads a conversation on from a watermark, the last `Entry.seq` that the client has seen."""

    store: Store
    key: str
    writer: Writer
    after: int

    async def pages(self) -> AsyncIterator[list[Activity]]:
        """What is new since it was last asked, a page at a time."""
        entries = await self.store.history(self.key, self.after, PAGE)
        while entries:
            self.after = entries[-1].seq
            yield self.writer.write(entries)
            more = len(entries) == PAGE
            entries = await self.store.history(self.key, self.after, PAGE) if more else []

    async def frames(self) -> AsyncIterator[str]:
        """The same as texts for a WebSocket."""
        async for page in self.pages():
            yield json.dumps(self.group(page))

    def group(self, activities: list[Activity]) -> dict[str, object]:
        """Activities as the protocol sends them."""
        return {"activities": activities, "watermark": str(self.after)}


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
