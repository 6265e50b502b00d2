"""Callers of the admin API by JWT: tokens of one issuer, checked with the keys that it publishes.

Keys come from the issuer's OpenID Connect discovery document. They are kept, and asked for again
when an unknown one is named, but only so often, so that invented tokens cannot hammer the issuer.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import jwt
from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import BaseModel
from yarl import URL

from bot.directory.callers import bearer
from bot.web import in_the_clear

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "ES256")
"""None that takes a secret: with the public key for one, anybody could sign."""
REQUIRED = ("iss", "aud", "exp")
NAMES = ("sub", "azp", "appid")
"""The claims that may name a caller, the first that is there."""
LONGEST_NAME = 80
LEEWAY = 30
"""Seconds by which our clock and the issuer's may differ."""
DISCOVERY = "/.well-known/openid-configuration"
ASK_EVERY = 10.0
KEEP = 3600.0
"""Seconds between two questions to the issuer at least, and after which kept keys are renewed."""
PATIENCE = 5.0
"""Seconds for each of its answers."""
LARGEST = 256 * 1024
"""Bytes of each."""

Keys = Mapping[str, jwt.PyJWK]


class Unreachable(Exception):
    """The issuer cannot be asked now, so that a token can be neither believed nor refused."""


class Discovery(BaseModel):
    """What matters of the discovery document."""

    issuer: str
    jwks_uri: str


class KeySet(BaseModel):
    """A JWKS (RFC 7517)."""

    keys: list[dict[str, Any]]


class Issuer:
    """An issuer by its URL, and the audience that its tokens must be for.

    `seconds` only ever grow; `patience` is for each of the issuer's answers.
    """

    def __init__(
        self,
        url: str,
        audience: str,
        patience: float = PATIENCE,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.url, self.audience = url, audience
        self._patience, self._seconds = patience, seconds
        self._keys: Keys = {}
        self._asking = asyncio.Lock()
        self._reached = False
        self._ask_at = self._renew_at = float("-inf")

    async def caller(self, authorization: str) -> str | None:
        """Whose token an Authorization header carries; None where it is no good one.

        Raises Unreachable where that cannot be found out.
        """
        token = bearer(authorization)
        try:
            if (key := await self._key(token)) is None:
                return None
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self.audience,
                issuer=self.url,
                leeway=LEEWAY,
                options={"require": [*REQUIRED], "enforce_minimum_key_length": True},
            )
        except (jwt.PyJWTError, UnicodeEncodeError):
            return None  # why is nobody's business but the issuer's
        return _name(claims)

    async def _key(self, token: str) -> jwt.PyJWK | None:
        """The key that a token names. Nobody is asked for the sake of one that cannot be good."""
        header = jwt.get_unverified_header(token)
        name = header.get("kid")
        if not isinstance(name, str) or header.get("alg") not in ALGORITHMS:
            return None
        known = name in self._keys
        if not known or (self._seconds() >= self._renew_at and not self._asking.locked()):
            await self._renew(name)
        if name not in self._keys and not self._reached:
            raise Unreachable
        return self._keys.get(name)

    async def _renew(self, name: str) -> None:
        """Asks for the keys, unless somebody has just done so; those that are kept outlive that."""
        async with self._asking:
            now = self._seconds()
            if now < self._ask_at or (name in self._keys and now < self._renew_at):
                return
            self._ask_at = now + ASK_EVERY
            try:
                self._keys, self._reached = await published(self.url, self._patience), True
                self._renew_at = now + KEEP
            except Unreachable as error:
                self._reached = False
                log.warning("the issuer's keys cannot be read", extra={"why": str(error)})


async def published(issuer: str, patience: float) -> Keys:
    """The keys that an issuer publishes, by name; those of another kind than ours are left out.

    Raises Unreachable, whose text says why, for operators.
    """
    try:
        async with ClientSession(timeout=ClientTimeout(total=patience)) as session:
            document = await _read(session, URL(issuer.rstrip("/") + DISCOVERY))
            found = Discovery.model_validate_json(document)
            where = URL(found.jwks_uri)
            if found.issuer != issuer:
                raise Unreachable("Its discovery document is another's.")
            if where.scheme != URL(issuer).scheme or in_the_clear(where):
                raise Unreachable("Its keys are where anybody could change them on the way.")
            usable = _usable(KeySet.model_validate_json(await _read(session, where)))
    except TimeoutError as error:
        raise Unreachable(f"It did not answer within {patience:g} seconds.") from error
    except ClientError as error:
        raise Unreachable(f"It cannot be reached ({type(error).__name__}).") from error
    except ValueError as error:
        raise Unreachable("Its answer has the wrong form.") from error
    if not usable:
        raise Unreachable("It publishes no key that could be used.")
    return usable


async def _read(session: ClientSession, url: URL) -> bytes:
    body = b""
    async with session.get(url, allow_redirects=False, raise_for_status=True) as answer:
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > LARGEST:
                raise Unreachable(f"Its answer is longer than {LARGEST} bytes.")
    return body


def _usable(found: KeySet) -> Keys:
    """The keys with a name that are for signatures of a kind that we check."""
    keys = {}
    for one in found.keys:
        try:
            key = jwt.PyJWK(one)
        except jwt.PyJWTError:
            continue  # of a kind that is not known here; others may be
        for_us = key.algorithm_name in ALGORITHMS and key.public_key_use != "enc"
        if for_us and isinstance(key.key_id, str):
            keys[key.key_id] = key
    return keys


def _name(claims: Mapping[str, Any]) -> str | None:
    """What a caller is called in the log: the claim keeps it apart from the named tokens."""
    for claim in NAMES:
        if isinstance(name := claims.get(claim), str):
            shown = "".join(filter(str.isprintable, name)).strip()
            return f"{claim}:{shown[:LONGEST_NAME]}" if shown else None
    return None
