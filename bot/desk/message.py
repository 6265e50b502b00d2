"""What a webhook says, as docs/webhook.md describes it: JSON of version 1, every text bounded."""

import json
from typing import Any
from urllib.parse import quote

from bot.desk.bounded import latest, line, plain
from bot.desk.desk import Change, Note, Placed, Ticket

VERSION = 1
LONGEST = {
    "title": 200,
    "text": 10_000,
    "requester": 320,
    "name": 200,
    "queue": 100,
    "priority": 100,
    "group": 100,
    "transcript": 100_000,
}
"""Characters of a ticket's texts."""
MOST_DETAILS, LONGEST_DETAIL_NAME, LONGEST_DETAIL = 50, 100, 1_000
LONGEST_NOTE, LONGEST_ID = 10_000, 512
SEVERAL_LINES = frozenset({"text", "transcript"})


def of_ticket(ticket: Ticket) -> bytes:
    """A new case; the same case is always the same bytes."""
    lines = {
        name: line(getattr(ticket, name), longest)
        for name, longest in LONGEST.items()
        if name not in SEVERAL_LINES
    }
    told = {
        **lines,
        "text": plain(ticket.text, LONGEST["text"]),
        "details": [
            {"name": line(name, LONGEST_DETAIL_NAME), "value": plain(value, LONGEST_DETAIL)}
            for name, value in ticket.details[:MOST_DETAILS]
        ],
        # What was said last matters most to whoever takes over.
        "transcript": latest(ticket.transcript, LONGEST["transcript"]),
    }
    return _message("case.created", {"case_id": line(ticket.id, LONGEST_ID), **told})


def of_note(placed: Placed, note: Note) -> bytes:
    """What a person adds to their case."""
    told = {"note_id": line(note.id, LONGEST_ID), "text": plain(note.text, LONGEST_NOTE)}
    return _message("case.noted", {"ticket": line(placed.ticket, LONGEST_ID), **told})


def of_change(placed: Placed, change: Change) -> bytes:
    """What a person did to their case."""
    return _message(
        "case.changed", {"ticket": line(placed.ticket, LONGEST_ID), "change": change.kind}
    )


def key(text: str) -> str:
    """An id as an idempotency key, which is a header and must hold no dot.

    >>> key("LS-7Q2M-K9XD/3"), key("a.b ü")
    ('LS-7Q2M-K9XD/3', 'a%2Eb%20%C3%BC')
    """
    return quote(text, safe="/:=|+", errors="replace").replace(".", "%2E")


def _message(kind: str, data: dict[str, Any]) -> bytes:
    told = {"type": kind, "version": VERSION, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
