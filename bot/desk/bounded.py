"""Text as it goes to a webhook and comes from a desk: plain, and no longer than is said.

Lengths are in characters, as docs/webhook.md promises them; those of plain.py are in bytes.
"""

import re

from bot.desk.plain import CUT
from bot.desk.plain import plain as cleaned

_BREAKS = re.compile(r"[\r\n\t]+")


def plain(text: str, longest: int) -> str:
    """A text of several lines; what is too long is cut at its end.

    >>> plain("one\\r\\ntwo\\x00three", 10)
    'one\\ntwoth…'
    """
    text = cleaned(text)
    return text if len(text) <= longest else text[: longest - 1] + CUT


def latest(text: str, longest: int) -> str:
    """A text of several lines; what is too long is cut at its beginning."""
    text = plain(text, len(text))
    return text if len(text) <= longest else CUT + text[len(text) - longest + 1 :]


def line(text: str, longest: int) -> str:
    """A text of one line: a blank for every end of a line."""
    return plain(_BREAKS.sub(" ", cleaned(text)), longest)
