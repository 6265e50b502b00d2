"""Text as it goes to a desk and comes from one: plain, without control characters, and bounded."""

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but the ends of lines and tabs, and halves of characters."""
_BREAKS = re.compile(r"[\r\n\t]+")
CUT = "…"
"""What stands where a text was cut."""


def plain(text: str, longest: int) -> str:
    """A text of several lines; what is too long is cut at its end.

    >>> plain("one\\r\\ntwo\\x00three", 10)
    'one\\ntwoth…'
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= longest else text[: longest - 1] + CUT


def latest(text: str, longest: int) -> str:
    """A text of several lines; what is too long is cut at its beginning."""
    text = plain(text, len(text))
    return text if len(text) <= longest else CUT + text[len(text) - longest + 1 :]


def line(text: str, longest: int) -> str:
    """A text of one line: a blank for every end of a line."""
    return plain(_BREAKS.sub(" ", text), longest)
