"""When a server wants to be asked again (Retry-After, RFC 9110, section 10.2.3)."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from aiohttp import hdrs

LONGEST = 3600.0
"""Seconds that a server can make us wait; a typing mistake there must not silence us for days."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until then, at most LONGEST; None where the server does not plainly say.

    A date is compared with the answer's own Date, so that the two clocks need not agree.
    """
    text = headers.get(hdrs.RETRY_AFTER, "").strip()
    if text.isascii() and text.isdigit():
        digits = text.lstrip("0")
        return LONGEST if len(digits) > 6 else min(float(digits or 0), LONGEST)
    try:
        then, now = parsedate_to_datetime(text), parsedate_to_datetime(headers.get(hdrs.DATE, ""))
        return min(max((then - now).total_seconds(), 0.0), LONGEST)
    except (TypeError, ValueError, OverflowError):
        return None
