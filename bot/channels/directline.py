"""Direct Line 3.0 in process: how Web Chat reaches the assistant, without a cloud between them."""

import json
from collections.abc import Callable

from aiohttp import web
from yarl import URL

from bot.channels.directline_incoming import Posted, Start, TokenWish
from bot.channels.directline_outgoing import Account, Reading, Writer
from bot.channels.directline_requests import Door, bearer, body, watermark
from bot.channels.directline_streams import Streams
from bot.channels.directline_tokens import BadToken, Grant, Tokens, conversation_key
from bot.storage.records import Entry, Incoming, Outgoing, Reference
from bot.storage.store import Store
from bot.turn import Arrival, Turns
from bot.web import BadRequest
from dialogs.model import Message
from dialogs.reply import Reply

ROOT = "/v3/directline"
JOINED = "joined"
"""The id under which a person's arrival is decided, once, however often they reconnect."""


class DirectLine:
    """The channel, and the HTTP and WebSocket interface that clients of it use.

    `shape` shapes a reply for Web Chat, `chance` gives unguessable URL-safe ids, `public_url` is
    where clients reach this service if that is not what requests say, and `recheck` is after how
    many seconds a stream looks for replies of other processes.
    """

    def __init__(
        self,
        *,
        turns: Turns,
        store: Store,
        tokens: Tokens,
        door: Door,
        bot_id: str,
        bot_name: str,
        shape: Callable[[Reply, Reference], Outgoing],
        chance: Callable[[], str],
        public_url: str = "",
        sockets: int = 8,
        recheck: float = 10.0,
    ) -> None:
        self._turns = turns
        self._store = store
        self._tokens = tokens
        self._door = door
        self._bot = Account(bot_id, bot_name, "bot")
        self._shape = shape
        self._chance = chance
        self._public_url = public_url
        self._streams = Streams(sockets, recheck)

    # --- the channel ------------------------------------------------------------------------

    def shape(self, reply: Reply, to: Reference) -> Outgoing:
        """A reply as Web Chat shows it."""
        return self._shape(reply, to)

    async def send(self, entry: Entry, to: Reference) -> None:
        """Wakes who is listening. The stored row is what they read, so nobody need listen."""
        self._streams.wake(entry.key)

    async def busy(self, text: str, to: Reference) -> None:
        """Shows it to who is listening now; it is no part of the conversation."""
        user = Account(to.user_id, to.user_name, "user")
        typing = Writer(to.conversation, user, self._bot).typing(text, self._chance())
        self._streams.wake(conversation_key(to.conversation, to.user_id), json.dumps(typing))

    # --- the interface ----------------------------------------------------------------------

    def join(self, app: web.Application) -> None:
        """Adds the routes, and the clean ending of what is open."""
        one = ROOT + "/conversations/{conversation}"
        app.router.add_routes(
            [
                web.post(f"{ROOT}/tokens/generate", self._generate),
                web.post(f"{ROOT}/tokens/refresh", self._refresh),
                web.post(f"{ROOT}/conversations", self._start),
                web.get(one, self._reconnect),
                web.get(f"{one}/activities", self._read),
                web.post(f"{one}/activities", self._post),
                web.post(f"{one}/upload", self._upload),
                web.get(f"{one}/stream", self._stream, allow_head=False),
            ]
        )
        app.on_shutdown.append(self._shut)

    async def _generate(self, request: web.Request) -> web.Response:
        self._door.check(request)
        wish = await body(request, TokenWish)
        person = self._door.person(wish.user)
        grant = Grant(wish.conversation or self._chance(), person)
        if wish.conversation and await self._store.conversation(grant.key) is None:
            raise BadRequest(403, "Not a conversation of this user")
        return self._token(grant)

    async def _refresh(self, request: web.Request) -> web.Response:
        return self._token(self._grant(request))

    async def _start(self, request: web.Request) -> web.Response:
        grant = self._grant(request)
        start = await body(request, Start) if request.can_read_body else Start()
        if await self._store.conversation(grant.key):
            return self._opened(request, grant, status=200)
        joined = Message(grant.person, joined=True)
        reference = self._reference(grant, start.locale)
        await self._turns.take(Arrival(grant.key, joined, Incoming(JOINED), reference))
        return self._opened(request, grant, status=201)

    async def _reconnect(self, request: web.Request) -> web.Response:
        return self._opened(request, self._own(request), status=200)

    async def _read(self, request: web.Request) -> web.Response:
        reading = self._reading(self._own(request), watermark(request))
        activities = [activity async for page in reading.pages() for activity in page]
        return web.json_response(reading.group(activities))

    async def _post(self, request: web.Request) -> web.Response:
        grant = self._own(request)
        posted = await body(request, Posted)
        own_id = posted.id_or(self._chance())
        if posted.type == "message":
            incoming = Incoming(own_id, posted.shown(), posted.echo(own_id))
            reference = self._reference(grant, posted.locale)
            message = posted.message(grant.person)
            await self._turns.take(Arrival(grant.key, message, incoming, reference))
            self._streams.wake(grant.key)
        return web.json_response({"id": f"{grant.conversation}|{own_id}"})

    async def _upload(self, request: web.Request) -> web.Response:
        self._own(request)
        raise BadRequest(415, "Files are not taken here", "Send text, or say it in words.")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        grant = self._own(request, request.query.get("t"))
        reading = self._reading(grant, watermark(request))
        if not web.WebSocketResponse().can_prepare(request):
            raise BadRequest(400, "Only a WebSocket is served here")
        if self._streams.full(grant.key):
            raise BadRequest(429, "This conversation is open too often")
        return await self._streams.serve(request, grant.key, reading.frames)

    async def _shut(self, _: web.Application) -> None:
        await self._streams.close()

    # --- what they share --------------------------------------------------------------------

    def _grant(self, request: web.Request, token: str | None = None) -> Grant:
        """What the request's token opens.

        Any token that does not is answered with 403, since that is what clients of Direct Line
        know to mean: get yourself a new one. With 401 they would try the same one again.
        """
        token = token or bearer(request)
        if not token:
            raise BadRequest(401, "A token is needed")
        try:
            return self._tokens.read(token)
        except BadToken as error:
            raise BadRequest(403, "The token is not valid", str(error)) from error

    def _own(self, request: web.Request, token: str | None = None) -> Grant:
        """The same, for the conversation in the request's path."""
        grant = self._grant(request, token)
        if grant.conversation != request.match_info["conversation"]:
            raise BadRequest(403, "The token is for another conversation")
        return grant

    def _reading(self, grant: Grant, after: int) -> Reading:
        user = Account(grant.person.id, grant.person.name, "user")
        return Reading(self._store, grant.key, Writer(grant.conversation, user, self._bot), after)

    def _reference(self, grant: Grant, locale: str | None) -> Reference:
        return Reference(
            channel="directline",
            conversation=grant.conversation,
            user_id=grant.person.id,
            user_name=grant.person.name,
            bot_id=self._bot.id,
            bot_name=self._bot.name,
            locale=locale or "",
        )

    def _token(self, grant: Grant) -> web.Response:
        return web.json_response(self._credentials(grant))

    def _opened(self, request: web.Request, grant: Grant, status: int) -> web.Response:
        credentials = self._credentials(grant)
        query = {"watermark": str(watermark(request)), "t": str(credentials["token"])}
        path = f"{ROOT}/conversations/{grant.conversation}/stream"
        stream = (self._origin(request) / path.lstrip("/")).with_query(query)
        return web.json_response({**credentials, "streamUrl": str(stream)}, status=status)

    def _credentials(self, grant: Grant) -> dict[str, object]:
        return {
            "conversationId": grant.conversation,
            "token": self._tokens.issue(grant),
            "expires_in": int(self._tokens.lifetime.total_seconds()),
        }

    def _origin(self, request: web.Request) -> URL:
        """Where clients open WebSockets; browsers take no relative address for them."""
        try:
            base = URL(self._public_url or f"{request.scheme}://{request.host}")
            return base.with_scheme("wss" if base.scheme == "https" else "ws")
        except ValueError as error:
            raise BadRequest(400, "The Host header is malformed") from error
