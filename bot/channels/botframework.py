"""/api/messages: Teams, Skype and every other channel of the Bot Framework.

Our own adapter over botbuilder-core. The stock CloudAdapter answers many invokes with a 500,
fetches tokens with blocking calls in every turn, and costs an order of magnitude more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession, ClientTimeout, web
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import (
    Activity,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    ResourceResponse,
)
from pydantic_core import from_json, to_json

from bot.channels.activity import Account, ChannelActivity, read_activity
from bot.channels.auth import check_service_url
from bot.channels.render import Gallery, shape
from bot.storage.records import Entry, Incoming, Outgoing, Reference
from bot.turn import Arrival, Refused, Turns
from bot.web import BadRequest, read_json
from dialogs.model import Message, Person
from dialogs.reply import Reply

TIMEOUT = ClientTimeout(total=10)
FOR_GOOD = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    }
)
"""Answers of a connector that trying again does not change. A reply that is refused so must not
hold up those behind it for a day."""

ACTIVITY = "channel activity"
"""Where a turn's state holds the activity as we read it."""


class ConnectorError(Exception):
    """A connector did not take an activity, for now."""


class Connector(BotAdapter):  # type: ignore[misc]  # botbuilder has no types
    """The channels' side: takes activities in, and posts activities to where a channel wants them.

    `session` is shared by all turns.
    """

    def __init__(self, session: ClientSession) -> None:
        super().__init__()
        self._session = session

    async def process(
        self, activity: ChannelActivity, on_turn: Callable[[TurnContext], Awaitable[None]]
    ) -> None:
        """Runs one activity through botbuilder's middleware to `on_turn`."""
        context = TurnContext(self, in_botbuilder(activity))
        context.turn_state[ACTIVITY] = activity
        await self.run_pipeline(context, on_turn)

    async def post(self, activity: dict[str, Any], to: Reference) -> str:
        """Sends one activity; returns the id that the channel gave it.

        Raises:
            Refused: the channel will never take it.
            ConnectorError: it may take it later.
        """
        if not to.activity_id:
            return await self._call("POST", to, "", activity)
        return await self._call(
            "POST", to, to.activity_id, {**activity, "replyToId": to.activity_id}
        )

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        """What botbuilder's own middleware sends; our replies go through the store."""
        to = _reference(context.turn_state[ACTIVITY])
        ids = [await self.post(activity.serialize(), to) for activity in activities]
        return [ResourceResponse(id=own) for own in ids]

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        """Replaces an activity that was sent."""
        to = _reference(context.turn_state[ACTIVITY])
        return ResourceResponse(id=await self._call("PUT", to, activity.id, activity.serialize()))

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Takes back an activity that was sent."""
        to = _reference(context.turn_state[ACTIVITY])
        await self._call("DELETE", to, reference.activity_id, None)

    async def _call(
        self, method: str, to: Reference, activity_id: str, body: dict[str, Any] | None
    ) -> str:
        room = f"{to.service_url.rstrip('/')}/v3/conversations/{quote(to.conversation, safe='')}"
        one = f"/{quote(activity_id, safe='')}" if activity_id else ""
        async with self._session.request(
            method,
            f"{room}/activities{one}",
            data=to_json(body),
            headers={"Content-Type": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
        ) as answer:
            if answer.status in FOR_GOOD:
                raise Refused(f"the connector answered {answer.status}")
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                raise ConnectorError(f"the connector answered {answer.status}")
            return _id_in(await answer.read())


def in_botbuilder(activity: ChannelActivity) -> Activity:
    """What we read of an activity, as botbuilder's own.

    Not `Activity.deserialize`: msrest takes longer over it than we take to decide the turn.
    """
    sender, recipient = activity.sender, activity.recipient
    return Activity(
        type=activity.type,
        id=activity.id,
        channel_id=activity.channel_id,
        service_url=activity.service_url,
        from_property=ChannelAccount(id=sender.id, name=sender.name),
        conversation=ConversationAccount(id=activity.conversation.id),
        recipient=ChannelAccount(id=recipient.id, name=recipient.name),
        text=activity.text,
        value=activity.value,
        locale=activity.locale,
    )


class BotFramework:
    """The channel, and the interface that the Bot Framework calls.

    `who` knows a person by their id on a channel, their name there and their object id in the
    organisation's directory (empty where the channel tells none); `chance` gives an id to
    activities that have none; `gallery` is where channels find pictures.
    """

    def __init__(
        self,
        connector: Connector,
        who: Callable[[str, str, str], Person],
        chance: Callable[[], str],
        gallery: Gallery,
    ) -> None:
        self._connector = connector
        self._gallery = gallery
        self._who = who
        self._chance = chance

    def shape(self, reply: Reply, to: Reference) -> Outgoing:
        """A reply as its channel shows it."""
        return shape(reply, to, self._gallery)

    async def send(self, entry: Entry, to: Reference) -> None:
        """Posts a stored reply to the channel's connector."""
        await self._post(from_json(entry.activity), to)

    async def busy(self, text: str, to: Reference) -> None:
        """Shows the channel's own sign of typing, and the sentence."""
        await self._post({"type": "typing"}, to)
        await self._post({"type": "message", "text": text, "textFormat": "plain"}, to)

    async def _post(self, said: dict[str, Any], to: Reference) -> None:
        activity = {
            **said,
            "from": {"id": to.bot_id, "name": to.bot_name},
            "recipient": {"id": to.user_id, "name": to.user_name},
            "conversation": {"id": to.conversation},
            "locale": to.locale,
        }
        await self._connector.post(activity, to)

    def join(self, app: web.Application, turns: Turns) -> None:
        """Adds the route."""

        async def on_turn(context: TurnContext) -> None:
            for arrival in self._arrivals(context.turn_state[ACTIVITY]):
                await turns.take(arrival)

        async def messages(request: web.Request) -> web.Response:
            activity = read_activity(await read_json(request))
            check_service_url(activity.service_url)
            await self._connector.process(activity, on_turn)
            return web.Response()

        app.router.add_post("/api/messages", messages)

    def _arrivals(self, activity: ChannelActivity) -> list[Arrival]:
        """The messages in an activity: one, or one for each person who joined, or none."""
        match activity.type:
            case "message":
                return [self._arrival(activity, activity.sender, activity.id or self._chance())]
            case "conversationUpdate":
                people = [
                    m for m in (activity.members_added or ()) if m.id != activity.recipient.id
                ]
                return [self._arrival(activity, member, "joined") for member in people]
            case "invoke":
                raise BadRequest(400, "No invoke is served here")
        return []

    def _arrival(self, activity: ChannelActivity, account: Account, own_id: str) -> Arrival:
        known = self._who(account.id, account.name or "", account.aad_object_id or "")
        person = replace(known, channel=activity.channel_id)
        joined = activity.type == "conversationUpdate"
        press = activity.press()
        message = Message(person, activity.text or "", press, joined)
        reference = _reference(activity, account)
        room = activity.conversation.id
        # With its length, or a slash in an id could make two people's conversations one.
        key = f"bf/{activity.channel_id}/{len(room)}/{room}/{account.id}"
        shown = activity.text or (press.says if press else "")
        return Arrival(key, message, Incoming(own_id, shown), reference)


def _reference(activity: ChannelActivity, user: Account | None = None) -> Reference:
    user = user or activity.sender
    return Reference(
        channel=activity.channel_id,
        conversation=activity.conversation.id,
        activity_id=activity.id or "",
        user_id=user.id,
        user_name=user.name or "",
        bot_id=activity.recipient.id,
        bot_name=activity.recipient.name or "",
        service_url=activity.service_url,
        locale=activity.locale or "",
    )


def _id_in(answer: bytes) -> str:
    try:
        return str(from_json(answer)["id"])
    except (ValueError, KeyError, TypeError):
        return ""  # the channel took it; that it tells us no id does no harm
