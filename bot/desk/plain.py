"""Text as a ticketing system is given it: plain, so that nothing in it does anything there."""

import re
from collections.abc import Mapping

from bot.desk.desk import ChangeKind, Ticket

LONGEST_TITLE = 200
"""Bytes of UTF-8: what Request Tracker keeps of a subject; Roundup's lists are readable with it."""
CUT = "…"
"""What stands where a text was cut."""

CHANGED: Mapping[ChangeKind, str] = {
    "withdrawn": "The requester has withdrawn this case.",
    "closed": "The requester has closed this case.",
    "reopened": "The requester has opened this case again.",
}
"""What agents read where a person did something with their case; the status says neither who did it
nor why."""

_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tabs and ends of lines
    "\u202a-\u202e\u2066-\u2069"  # what shows text in another order than it is in
    "\ud800-\udfff\ufffe\uffff]"  # what is no character, which some databases refuse
)


def plain(text: str) -> str:
    """A text without control characters; its lines end in a line feed.

    Markup, formulas and quotes stay as they are: they are for the reader to see, and every desk is
    told that it is plain text.
    """
    return _UNSEEN.sub("", _ENDS.sub("\n", text))


def line(text: str, longest: int = LONGEST_TITLE) -> str:
    """A text on one line; one of more bytes of UTF-8 is cut, and ends in an ellipsis."""
    joined = " ".join(plain(text).split())
    if len(joined.encode()) <= longest:
        return joined
    return joined.encode()[: longest - len(CUT.encode())].decode(errors="ignore") + CUT


def description(ticket: Ticket) -> str:
    """What an agent reads first: what the person says, then a line for each detail, uncut.

    The first of these is the case's id: it is what people have, and read out on the telephone.
    """
    who = f"{ticket.name} ({ticket.requester})" if ticket.name else ticket.requester
    details = [("Case", ticket.id), ("Requester", who), *ticket.details]
    lines = [f"{line(name)}: {plain(value)}" for name, value in details]
    return "\n".join([plain(ticket.text), "", *lines]).strip("\n")
