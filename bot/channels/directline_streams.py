"""The open WebSockets of Direct Line: whom to wake, how many there may be, and how they end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, web

log = logging.getLogger(__name__)

HEARTBEAT = 30.0
"""Seconds between pings; who does not answer half as long is gone."""
FAREWELL = 2.0
"""Seconds a client has to confirm that a socket is being closed."""
LARGEST = 4096
"""Bytes a client may send at once; all it ever sends here is an empty message to stay alive."""

Frames = Callable[[], AsyncIterator[str]]
"""Gives what is new since it was last asked, as texts to send."""


@dataclass(eq=False)
class _Stream:
    socket: web.WebSocketResponse
    news: asyncio.Event = field(default_factory=asyncio.Event)
    passing: list[str] = field(default_factory=list)


class Streams:
    """Sockets by the key of their conversation.

    To wake them is a hint only: what they deliver stands in the store, and each looks there by
    itself every `recheck` seconds, for replies that another process has committed.
    """

    def __init__(self, most: int, recheck: float) -> None:
        self._most = most
        self._recheck = recheck
        self._open: dict[str, set[_Stream]] = {}
        self._closing = False

    def full(self, key: str) -> bool:
        """Whether this conversation has all the sockets it may have, or no more are wanted."""
        return self._closing or len(self._open.get(key, ())) >= self._most

    def wake(self, key: str, passing: str = "") -> None:
        """Tells the sockets of a conversation that there is something new.

        What is `passing` stands in no store: a frame for those who listen now.
        """
        for stream in self._open.get(key, ()):
            if passing:
                stream.passing.append(passing)
            stream.news.set()

    async def serve(self, request: web.Request, key: str, frames: Frames) -> web.WebSocketResponse:
        """Delivers frames until one of the two sides has had enough."""
        stream = _Stream(
            web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=FAREWELL, max_msg_size=LARGEST)
        )
        self._open.setdefault(key, set()).add(stream)
        try:
            await stream.socket.prepare(request)
            await self._run(stream, frames)
        finally:
            self._forget(key, stream)
        return stream.socket

    async def close(self) -> None:
        """Closes every socket, so that clients come back as soon as there is a server again."""
        self._closing = True
        streams = [stream for streams in self._open.values() for stream in streams]
        closings = (stream.socket.close(code=WSCloseCode.GOING_AWAY) for stream in streams)
        await asyncio.gather(*closings, return_exceptions=True)

    async def _run(self, stream: _Stream, frames: Frames) -> None:
        writing = asyncio.create_task(self._write(stream, frames))
        try:
            async for _ in stream.socket:
                pass  # whatever a client says here, reading is what keeps the socket alive
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, stream: _Stream, frames: Frames) -> None:
        try:
            while not stream.socket.closed:
                stream.news.clear()
                async for frame in frames():
                    await stream.socket.send_str(frame)
                while stream.passing:
                    await stream.socket.send_str(stream.passing.pop(0))
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._recheck):
                        await stream.news.wait()
        except ConnectionResetError:
            log.debug("a stream was cut")
        except Exception:
            # Without its writer the socket would look alive and stay silent for ever.
            log.exception("a stream failed")
            await stream.socket.close(code=WSCloseCode.INTERNAL_ERROR)

    def _forget(self, key: str, stream: _Stream) -> None:
        streams = self._open[key]
        streams.discard(stream)
        if not streams:
            del self._open[key]
