"""How far a desk was heard, where what happens is numbered, and kept in about that order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

BEHIND = 50
"""So many numbers before the last one are waited for: a number is given when a change begins, and
seen when it is kept, which may be after the next one."""

_CURSOR = re.compile(r"([0-9]{1,18})(?:-([0-9a-f]{1,13}))?")


@dataclass(frozen=True)
class Position:
    """The last number that was seen, and those of the BEHIND before it that were not there."""

    last: int
    missing: frozenset[int] = frozenset()

    @classmethod
    def read(cls, cursor: str) -> "Position | None":
        """A position as `str` gives it; None for what is none.

        >>> Position.read("120-6")
        Position(last=120, missing=frozenset({118, 119}))
        """
        found = _CURSOR.fullmatch(cursor)
        if not found:
            return None
        last, bits = int(found[1]), int(found[2] or "0", 16)
        return cls(last, frozenset(last - n for n in range(BEHIND) if bits >> n & 1))

    def __str__(self) -> str:
        bits = sum(1 << self.last - number for number in self.missing)
        return f"{self.last}-{bits:x}" if bits else str(self.last)

    def is_new(self, number: int) -> bool:
        """Whether a number was not seen yet."""
        return number > self.last or number in self.missing

    def after(self, seen: Iterable[int], upto: int = 0) -> "Position":
        """The next position, when these were seen; no more can come of those up to `upto`."""
        found = frozenset(seen)
        last = max((self.last, upto, *found))
        behind = range(max(last - BEHIND, 0) + 1, last + 1)
        return Position(last, frozenset(n for n in behind if self.is_new(n) and n not in found))
