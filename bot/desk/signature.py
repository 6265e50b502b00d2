"""Signs what is sent to a desk, and checks what comes from one, by Standard Webhooks 1.0."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from standardwebhooks import Webhook

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
WINDOW = timedelta(minutes=5)
"""By how much a timestamp may differ from our clock."""
MOST_SIGNATURES = 10
"""Signatures of a request that are looked at: each costs a digest of the body for every secret."""

# Visible ASCII without the dot: it separates what is signed, so an id could pose as a timestamp.
_ID = re.compile(r"[!-\-/-~]{1,512}")
_TIMESTAMP = re.compile(r"[1-9][0-9]{0,10}")
_SIGNATURES = re.compile(r"[!-~]{1,200}(?: [!-~]{1,200})*")


class Forged(Exception):
    """A request is not signed as it should be, or not now; the text says why, for operators."""


@dataclass(frozen=True)
class Signer:
    """Signs with every secret and believes each: while one takes the place of another, both count.

    The secrets are as `read_webhook_secrets` of the settings gives them.
    """

    secrets: tuple[str, ...] = field(repr=False)

    def headers(self, key: str, body: bytes, now: datetime) -> dict[str, str]:
        """The three headers of a request with this body, of JSON; `key` is its idempotency key."""
        signatures = [self._signature(secret, key, body, now) for secret in self.secrets]
        return {ID: key, TIMESTAMP: str(int(now.timestamp())), SIGNATURE: " ".join(signatures)}

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The id of a request that one of the secrets signed within WINDOW. Raises Forged."""
        key = _header(headers, ID, _ID)
        at = _time(_header(headers, TIMESTAMP, _TIMESTAMP))
        given = _header(headers, SIGNATURE, _SIGNATURES).split(" ")
        if not now - WINDOW <= at <= now + WINDOW:
            raise Forged(f"{TIMESTAMP} is more than 5 minutes from now: is a clock wrong?")
        if len(given) > MOST_SIGNATURES:
            raise Forged(f"{SIGNATURE} has more than {MOST_SIGNATURES} signatures.")
        right = [self._signature(secret, key, body, at) for secret in self.secrets]
        # Compared as text, so that no second spelling of a signature in base64 passes; and all of
        # them, so that the time it takes does not tell which one was right.
        matches = [hmac.compare_digest(one, other) for one in right for other in given]
        if not any(matches):
            raise Forged("No signature is right: is it another secret, or was the body changed?")
        return key

    def _signature(self, secret: str, key: str, body: bytes, at: datetime) -> str:
        try:
            # The library takes the digits of the clock as they stand for UTC.
            return Webhook(secret).sign(key, at.astimezone(UTC), body.decode())
        except UnicodeDecodeError as error:
            raise Forged("The body is not UTF-8.") from error


def _header(headers: Mapping[str, str], name: str, form: re.Pattern[str]) -> str:
    """A header that must be there once, in whatever case its name is written."""
    values = [value for given, value in headers.items() if given.lower() == name]
    if not values:
        raise Forged(f"{name} is missing.")
    if len(values) > 1 or not form.fullmatch(values[0]):
        raise Forged(f"{name} is not as Standard Webhooks writes it.")
    return values[0]


def _time(digits: str) -> datetime:
    return datetime.fromtimestamp(int(digits), UTC)
