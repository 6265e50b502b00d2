"""What every request to a ticketing system shares: whom it may reach, and limits.

The address that an operator names can lead, by mistake or by somebody's doing, into networks that
only this machine can reach. So what is dialled is judged, and not the name: names change what they
mean.
"""

import asyncio
import logging
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from aiohttp import (
    AddrInfoType,
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    NonHttpUrlClientError,
    TCPConnector,
    hdrs,
)
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.networks import Network, may_be_dialled

log = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds for a whole answer, unless it is set; shorter than any lease on a case."""
LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read, unless more are wanted."""
LONGEST_WAIT = 3600.0
"""Seconds that a server can make us wait; a typing mistake there must not silence us for days."""

SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Forbidden(OSError):
    """An address may not be dialled; an OSError, so that the others of the same name are tried."""


class NotSent(Exception):
    """Nobody was reached, so nobody has what was to be sent. The text says why, for operators."""


class Lost(Exception):
    """It was sent, perhaps, and the answer was lost. The text says why, for operators."""


@dataclass(frozen=True)
class Answer:
    """What somebody answered; `body` is None where it is longer than was to be read."""

    status: int
    body: bytes | None
    headers: Mapping[str, str]

    @property
    def after(self) -> float | None:
        """In how many seconds they want to be asked again, None: they did not say."""
        return retry_after(self.headers)


@dataclass(frozen=True)
class Guard:
    """Makes the sockets for connections, and none to an address that may not be dialled.

    With `only_listed` nothing but the listed networks may be: what goes unencrypted.
    """

    allow: tuple[Network, ...] = ()
    only_listed: bool = False

    def __call__(self, info: AddrInfoType) -> socket.socket:
        """A socket for an address that is about to be dialled. Raises Forbidden."""
        family, kind, protocol, _, (host, *_) = info
        if not may_be_dialled(str(host), self.allow, only_listed=self.only_listed):
            log.warning("not dialled: %s is in no network of ASSISTANT_OUTBOUND_ALLOW", host)
            # The same sentence for every address: of different ones aiohttp makes another error.
            raise Forbidden(
                "It is at an address that is not public, or is spoken to unencrypted. Where that "
                "is meant, list its network in ASSISTANT_OUTBOUND_ALLOW."
            )
        return socket.socket(family, kind, protocol)


def open_session(
    url: str,
    allow: tuple[Network, ...] = (),
    tls: ssl.SSLContext | None = None,
    resolver: AbstractResolver | None = None,
) -> ClientSession:
    """A session for requests to one address; to be closed, and opened in the running event loop.

    Without `tls` the certificates are judged as the system does (and SSL_CERT_FILE says). http is
    for listed networks alone, and a session for https sends nothing over http.
    """
    scheme = URL(url).scheme
    guard = Guard(allow, only_listed=scheme != "https")
    connector = TCPConnector(
        socket_factory=guard,
        ssl=tls or True,
        resolver=resolver,
        force_close=True,  # a kept connection that is cut meanwhile would look like a lost answer
    )
    connector.allowed_protocol_schema_set = frozenset({scheme})
    return ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers={hdrs.ACCEPT_ENCODING: "identity"},
        auto_decompress=False,  # so that a short answer stays short
        trust_env=False,  # a proxy would dial unseen
    )


async def send(
    session: ClientSession,
    method: str,
    url: URL,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    patience: float = PATIENCE,
    largest: int = LARGEST_ANSWER,
) -> Answer:
    """What is answered within so many seconds; a body is JSON. It follows no redirect.

    Raises NotSent or Lost.
    """
    kind: Mapping[str, str] = {hdrs.CONTENT_TYPE: "application/json"} if body else {}
    try:
        async with (
            asyncio.timeout(patience),
            session.request(
                method,
                url,
                data=body,
                headers={**kind, **headers},
                allow_redirects=False,
                timeout=ClientTimeout(),  # `patience` is the limit
            ) as answer,
        ):
            return Answer(answer.status, await _body(answer, largest), answer.headers)
    except ClientConnectorError as error:
        raise NotSent(_unreached(error)) from error
    except (InvalidURL, NonHttpUrlClientError) as error:
        raise NotSent("What is set as its address is none, or of another kind.") from error
    except TimeoutError as error:
        raise Lost(f"It did not answer within {patience:g} seconds.") from error
    except (ClientError, OSError) as error:
        raise Lost(f"Its answer was lost ({type(error).__name__}).") from error


def _unreached(error: ClientConnectorError) -> str:
    """Why nobody was reached; without the address, in which a secret can stand."""
    match error:
        case ClientConnectorCertificateError(certificate_error=cause):
            why = getattr(cause, "verify_message", "") or type(cause).__name__
            mend = "Have it renewed for that name, or trust its issuer (SSL_CERT_FILE)."
            return f"Its certificate is not believed: {why.rstrip('.')}. {mend}"
        case ClientConnectorError(os_error=Forbidden() as forbidden):
            return str(forbidden)
    return f"It cannot be reached ({type(error).__name__}). Is it running?"


async def _body(answer: ClientResponse, largest: int) -> bytes | None:
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > largest:
            return None
    return body


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until a server wants to be asked again, at most LONGEST_WAIT; None: it does not say.

    Retry-After, RFC 9110, section 10.2.3.
    A date is compared with the answer's own Date, so that the two clocks need not agree. Parts of
    a second are not in the standard, and some servers say them.
    """
    text = headers.get(hdrs.RETRY_AFTER, "").strip()
    if SECONDS.fullmatch(text):
        whole = text.partition(".")[0].lstrip("0")
        return LONGEST_WAIT if len(whole) > 6 else min(float(text), LONGEST_WAIT)
    try:
        then, now = parsedate_to_datetime(text), parsedate_to_datetime(headers.get(hdrs.DATE, ""))
        return min(max((then - now).total_seconds(), 0.0), LONGEST_WAIT)
    except (TypeError, ValueError, OverflowError):
        return None
