"""The command for those who receive our webhooks: `python -m bot verify-webhook`."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import utc_now
from bot.commands import say
from bot.desk.signature import ID, SIGNATURE, TIMESTAMP, Forged, Signer
from bot.settings import Settings

LARGEST = 1024 * 1024
"""Bytes of a body."""


@dataclass(frozen=True)
class Received:
    """A request as it came. `file` holds its body, or is -; `at` are seconds since 1970, or now."""

    id: str
    timestamp: str
    signature: str
    file: str
    at: int | None = None


def verify(settings: Settings, received: Received, *, as_json: bool) -> int:
    """Whether a request is signed with our secret: 0 where it is, 1 where not, 2 without one."""
    secrets = settings.read_webhook_secrets()
    if not secrets:
        say("There is no secret: set ASSISTANT_WEBHOOK_SECRET or ASSISTANT_WEBHOOK_SECRET_FILE.")
        return 2
    why = _why_not(Signer(secrets), received)
    if as_json:
        print(json.dumps({"id": received.id, "valid": not why, "why": why}, ensure_ascii=False))
    else:
        say(why or "The signature is right.")
    return int(bool(why))


def _why_not(signer: Signer, received: Received) -> str:
    """Why a request is not believed; empty where it is."""
    headers = {
        ID: received.id,
        TIMESTAMP: received.timestamp,
        SIGNATURE: received.signature,
    }
    now = utc_now() if received.at is None else datetime.fromtimestamp(received.at, UTC)
    try:
        body = _body(received.file)
    except OSError as error:
        return f"{received.file} cannot be read: {error.strerror}."
    if len(body) > LARGEST:
        return f"The body is larger than {LARGEST} bytes."
    try:
        signer.verify(headers, body, now)
    except Forged as error:
        return str(error)
    return ""


def _body(file: str) -> bytes:
    """The bytes as they are, as far as they are looked at."""
    if file == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with Path(file).open("rb") as opened:
        return opened.read(LARGEST + 1)
