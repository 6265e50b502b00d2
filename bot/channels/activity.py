"""A Bot Framework activity as it is let in: what is read of it, and how long each part may be."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bot.channels.pressed import read_pressed
from bot.web import BadRequest
from dialogs.model import Press

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
LONGEST_ID = 400
"""Bytes in UTF-8: a conversation's key is made of two ids, and a store takes 1,000 of them."""


def _short(text: str) -> str:
    if len(text.encode()) > LONGEST_ID:
        raise ValueError(f"At most {LONGEST_ID} bytes are read")
    return text


Id = Annotated[str, Field(min_length=1, pattern=PRINTABLE), AfterValidator(_short)]


class _Form(BaseModel):
    """Names as in the protocol; what is not listed is passed over."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class Account(_Form):
    """A user or a bot."""

    id: Id
    name: str | None = Field(None, max_length=400, pattern=PRINTABLE)
    aad_object_id: str | None = Field(None, max_length=100, pattern=PRINTABLE)


class Room(_Form):
    """A conversation on its channel."""

    id: Id


class ChannelActivity(_Form):
    """An activity from a channel."""

    type: str = Field(min_length=1, max_length=100)
    id: Id | None = None
    channel_id: str = Field(min_length=1, max_length=100, pattern=r"^[\w.-]+$")
    service_url: str = Field(min_length=1, max_length=2000)
    sender: Account = Field(alias="from")
    conversation: Room
    recipient: Account
    text: str | None = None
    value: object = None
    locale: str | None = Field(None, max_length=35, pattern=r"^[A-Za-z0-9_-]*$")
    members_added: tuple[Account, ...] | None = Field(None, max_length=100)

    def press(self) -> Press | None:
        """The button that was pressed, if it is one of ours."""
        pressed = read_pressed(self.value)
        return pressed.press() if pressed else None


def read_activity(body: object) -> ChannelActivity:
    """What we read of a JSON body.

    Raises:
        BadRequest: it is no activity; the problem names the first field that is wrong.
    """
    try:
        return ChannelActivity.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadRequest(400, "Not a Bot Framework activity", f"{where}: {first['msg']}") from error
