"""Asks an admin API over HTTP, believes only what can be believed, and never hammers it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from aiohttp import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientError,
    ClientPayloadError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    hdrs,
)
from stamina import AsyncRetryingCaller
from yarl import URL

from bot.directory import belief
from bot.directory.answer import Status, Unanswered
from bot.directory.openapi import DOMAINS, USER
from bot.directory.pause import Pause
from bot.outbound import retry_after

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds for a whole answer, with all attempts."""
LARGEST = 256 * 1024
"""Bytes of an answer."""
AT_ONCE = 8
"""Questions that are on their way at the same time; the others wait for their turn."""
ATTEMPTS = 3
WAIT, LONGEST_WAIT, JITTER = 0.2, 1.0, 0.3
"""Seconds between two attempts: the first wait, the longest, and what chance adds to them."""
ANSWERS = frozenset({200, 404})


class Passing(Unanswered):
    """A failure that can pass by itself."""


@dataclass(frozen=True)
class Client:
    """An admin API by its address and a token for it; the token may be empty in the demo.

    `patience` are the seconds for a whole answer, with all attempts. Whoever asks the same admin
    API shares one client, since the pause after failures and the turns belong to it.
    """

    url: str
    session: ClientSession
    token: str = field(default="", repr=False)
    patience: float = PATIENCE
    pause: Pause = field(default_factory=Pause)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def status(self, address: str) -> Status | None:
        """The verdict on a user by their strict address; None: there is no such user.

        Raises Unanswered for everything else.
        """
        path = USER.replace("{sip}", address)  # a strict address needs no encoding
        return await self._ask(path, partial(belief.user, address=address))

    async def sip_domains(self) -> tuple[str, ...]:
        """The organisation's SIP domains: a question that is cheap and names nobody.

        Raises Unanswered.
        """
        return await self._ask(DOMAINS, belief.sip_domains)

    async def _ask(self, path: str, believe: Callable[[int, bytes], T]) -> T:
        self.pause.check()
        async with self._turn():
            with self.pause.asking():
                try:
                    async with asyncio.timeout(self.patience):
                        return believe(*await self._tried(path))
                except TimeoutError as error:
                    what = f"It did not answer within {self.patience:g} seconds. Is it overloaded?"
                    raise Unanswered(what) from error

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.patience):
                await self.turns.acquire()
        except TimeoutError as error:
            raise Unanswered("Too many questions wait for their turn.") from error
        try:
            yield
        finally:
            self.turns.release()

    async def _tried(self, path: str) -> tuple[int, bytes]:
        """Status and body of an answer, of the first attempt that has one."""
        until = asyncio.get_running_loop().time() + self.patience

        def again_in_time(failure: Exception) -> bool | float:
            return again(failure, until - asyncio.get_running_loop().time())

        attempts = AsyncRetryingCaller(
            attempts=ATTEMPTS,
            timeout=self.patience,
            wait_initial=WAIT,
            wait_max=LONGEST_WAIT,
            wait_jitter=JITTER,
        )
        return await attempts(again_in_time, self._once, path)

    async def _once(self, path: str) -> tuple[int, bytes]:
        headers = {hdrs.AUTHORIZATION: f"Bearer {self.token}"} if self.token else {}
        asking = self.session.get(
            URL(self.url.rstrip("/") + path),
            headers=headers,
            timeout=ClientTimeout(),  # `patience` is the limit
            allow_redirects=False,
        )
        try:
            async with asking as answer:
                if answer.status not in ANSWERS:
                    raise refused(answer)
                return answer.status, await _body(answer)
        except ClientError as error:
            raise unreachable(error) from error


def again(failure: Exception, left: float) -> bool | float:
    """Whether to ask again, or in how many seconds, where so many are left: stamina's backoff hook.

    A directory that wants to be asked later than that is left alone until then.
    """
    if not isinstance(failure, Passing):
        return False
    if failure.after is None:
        return left > LONGEST_WAIT
    return failure.after if failure.after < left else False


def refused(answer: ClientResponse) -> Unanswered:
    """Why an answer is none. What it says itself is left out, as it might name somebody."""
    what = f"It refused with status {answer.status}."
    match answer.status:
        case 429:
            what += " Raise its ASSISTANT_ADMIN_API_RATE."
            return Passing(what, retry_after(answer.headers))
        case 502 | 503 | 504:
            return Passing(f"{what} Look into its own log.", retry_after(answer.headers))
        case 401 | 403:
            return Unanswered(f"{what} Set ASSISTANT_DIRECTORY_TOKEN to a token that it knows.")
        case status if 300 <= status < 400:
            return Unanswered(f"{what} It redirects: set ASSISTANT_DIRECTORY_URL to where.")
    return Unanswered(f"{what} Look into its own log.")


def unreachable(error: ClientError) -> Unanswered:
    """Why there is no answer at all."""
    match error:
        case ClientConnectorCertificateError(certificate_error=cause):
            why = getattr(cause, "verify_message", "") or type(cause).__name__
            mend = "Have it renewed for that name, or trust its issuer (SSL_CERT_FILE)."
            return Unanswered(f"Its certificate is not believed: {why.rstrip('.')}. {mend}")
        case ClientSSLError():
            return Unanswered("It does not speak TLS. Check ASSISTANT_DIRECTORY_URL.")
        case ClientConnectionError() | ClientPayloadError():
            return Passing(f"It cannot be reached ({type(error).__name__}). Is it running?")
    return Unanswered(f"It does not speak HTTP as it should ({type(error).__name__}).")


async def _body(answer: ClientResponse) -> bytes:
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            raise Unanswered(f"Its answer is longer than {LARGEST} bytes.")
    return body
