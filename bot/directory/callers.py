"""Who calls the admin API: bearer tokens, and how often each caller may ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

MOST_REMEMBERED = 10_000
"""Callers whose allowance is remembered; beyond that, those who have it whole are forgotten."""


class Tokens:
    """The callers by name, with a token each; the tokens themselves are not kept."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._digests = {name: _digest(token) for name, token in tokens.items()}

    def __bool__(self) -> bool:
        return bool(self._digests)

    def caller(self, authorization: str) -> str | None:
        """Whose token an Authorization header carries; every one is compared, in constant time."""
        given, found = _digest(bearer(authorization)), None
        for name, digest in self._digests.items():
            if compare_digest(digest, given):
                found = name
        return found


def bearer(authorization: str) -> str:
    """The token of an Authorization header; empty where it carries none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


@dataclass
class _Bucket:
    left: float
    at: float


class Allowance:
    """So many questions a minute for each caller, all at once if they like.

    `clock` tells seconds that only grow.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = a_minute, clock
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, caller: str) -> float:
        """Takes one; 0 where it was there, else the seconds until the next one is."""
        now, a_second = self._clock(), self._most / 60
        bucket = self._buckets.get(caller)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[caller] = _Bucket(float(self._most), now)
        bucket.left = min(self._most, bucket.left + (now - bucket.at) * a_second)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / a_second
        bucket.left -= 1
        return 0.0

    def _forget(self, now: float) -> None:
        """Forgets who has not asked for a minute, as soon as there are too many."""
        if len(self._buckets) >= MOST_REMEMBERED:
            kept = {name: one for name, one in self._buckets.items() if now - one.at < 60}
            self._buckets = kept if len(kept) < MOST_REMEMBERED else {}
