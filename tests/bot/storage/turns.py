"""Turns to commit, with all that a test does not care about filled in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.storage.records import Entry, Incoming, Missed, Outgoing, Reference, Turn

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
SOMEBODY = Reference(
    channel="msteams",
    conversation="19:meeting@thread.v2",
    user_id="29:1bob",
    user_name="Bob",
    bot_id="28:bot",
    bot_name="Assistant",
    service_url="https://smba.example/emea/",
    locale="en-GB",
)


def later(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def turn(
    version: int,
    *replies: str,
    key: str = "bob",
    activity_id: str | None = None,
    at: datetime = NOON,
    reference: Reference = SOMEBODY,
    missed: str = "",
) -> Turn:
    """A turn on a conversation at `version`; its activity is named after that unless told."""
    name = f"activity-{version}" if activity_id is None else activity_id
    return Turn(
        key=key,
        version=version,
        progress=f'{{"turn":{version}}}',
        reference=reference,
        incoming=Incoming(name, f"said {name}", f'{{"id":"{name}"}}'),
        replies=tuple(Outgoing(f'{{"text":"{reply}"}}', reply) for reply in replies),
        at=at,
        missed=Missed(missed, "tea/leaves", at) if missed else None,
    )


def texts(entries: Iterable[Entry]) -> list[str]:
    """What some entries say."""
    return [entry.text for entry in entries]
