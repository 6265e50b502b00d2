"""What clients of Direct Line send: its shapes, and what becomes of them inside."""

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bot.channels.pressed import read_pressed
from dialogs.model import Message, Person

PRINTABLE = r"^\P{Cc}*$"
Id = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTABLE)
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=PRINTABLE)]
Locale = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z0-9_-]*$")]
ConversationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


class User(BaseModel):
    """Whom an embedding server vouches for; `address` is the sign-in address where it differs."""

    id: Id
    name: Name = ""
    address: Name = ""

    def person(self) -> Person:
        """The person; an id that looks like an address is taken for their sign-in address."""
        return Person(self.id, self.name, self.address or (self.id if "@" in self.id else ""))


class TokenWish(BaseModel):
    """The body of `tokens/generate`. `conversationId` is ours: it reopens one of the user's own."""

    user: User
    conversation: ConversationId | None = Field(None, alias="conversationId")


class Start(BaseModel):
    """The body of `conversations`, as far as anybody needs it."""

    locale: Locale | None = None


class _ChannelData(BaseModel):
    client_activity_id: str | None = Field(None, alias="clientActivityID")


class Posted(BaseModel):
    """An activity from a client. Who sent it says the token; its `from` is not even read."""

    type: str
    text: str | None = None
    value: object = None
    locale: Locale | None = None
    channel_data: _ChannelData | None = Field(None, alias="channelData")

    @property
    def client_id(self) -> str:
        """The client's own id of this activity, empty where it gave none."""
        return (self.channel_data and self.channel_data.client_activity_id) or ""

    def id_or(self, chance: str) -> str:
        """An id that is the same again when a client tries again, of a bounded length."""
        return (
            hashlib.sha256(self.client_id.encode()).hexdigest()[:32] if self.client_id else chance
        )

    def message(self, person: Person) -> Message:
        """The activity as the core takes it."""
        pressed = read_pressed(self.value)
        press = pressed.press() if pressed else None
        return Message(person, text=self.text or "", press=press)

    def shown(self) -> str:
        """What the transcript shows of it: the text, or what the pressed button says."""
        pressed = read_pressed(self.value)
        return self.text or (pressed and (pressed.label or pressed.says)) or ""

    def echo(self, activity_id: str) -> str:
        """What to keep of it for clients that read the conversation back, as JSON.

        Web Chat knows its own message again by `clientActivityID`. It would hide one that says
        `postBack`, as a button's does, so that is not kept: people see what they chose.
        """
        kept: dict[str, object] = {
            "type": "message",
            "id": activity_id,
            "text": self.shown(),
            "textFormat": "plain",
        }
        if self.client_id:
            kept["channelData"] = {"clientActivityID": self.client_id}
        return json.dumps(kept)
