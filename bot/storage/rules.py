"""What every store does alike."""

import re
from datetime import timedelta

GRACE = timedelta(seconds=10)
"""How long a new reply is left to the turn that decided it before it counts as overdue."""


def storable(text: str) -> str:
    """Puts � in the place of what cannot be stored: NUL, and half a surrogate pair.

    PostgreSQL refuses NUL in a text, and neither driver can encode half a pair; JSON carries both.
    A turn must not be lost for that.

    >>> storable("a\\0b")
    'a�b'
    """
    return re.sub("[\0\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)
