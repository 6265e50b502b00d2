"""How much a desk may be asked now: nothing in a pause, and little just after one."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

FAILURES = 3
"""Different deliveries that fail in a row, after which a desk is left alone for a while. One that
fails again and again is its own trouble, and not the desk's."""
FIRST, LONGEST = 10.0, 300.0
"""Seconds of the first such pause, and of the longest; each is twice as long as the one before."""
LONGEST_ASKED = 3600.0
"""Seconds that a desk can ask for; a typing mistake there must not silence us for days."""
FIRST_SECOND = 10
"""Requests in the first second after a pause: all that waited would throw a desk down again."""


class Gate:
    """Lets deliveries through to one desk, at most `parallel` at once.

    `requests` is how many requests one delivery can take; `seconds` tells seconds that only grow.
    """

    def __init__(
        self, desk: str, parallel: int, requests: int, seconds: Callable[[], float]
    ) -> None:
        self._desk, self._parallel, self._requests = desk, parallel, requests
        self._seconds = seconds
        self._until = seconds()
        self._failed: set[str] = set()
        self._pauses = 0
        self._slow = False
        self._slow_since: float | None = None
        self._begun = 0

    def room(self, under_way: int) -> int:
        """How many more deliveries may begin now."""
        now = self._seconds()
        if now < self._until:
            return 0
        if self._slow_since is not None and now - self._slow_since >= 1:
            self._slow, self._slow_since = False, None
        free = self._parallel - under_way
        if self._slow:
            free = min(free, (FIRST_SECOND - self._begun) // self._requests)
        return max(free, 0)

    def begin(self, number: int) -> None:
        """Counts deliveries that begin now."""
        if self._slow and number:
            self._begun += number * self._requests
            if self._slow_since is None:
                self._slow_since = self._seconds()

    def answered(self) -> None:
        """The desk is there."""
        self._failed.clear()
        self._pauses = 0

    def failed(self, delivery: str, after: float | None) -> None:
        """A delivery failed; the desk wants to be left alone for `after` seconds, None: no wish."""
        self._failed.add(delivery)
        wait = min(after or 0.0, LONGEST_ASKED)
        if len(self._failed) >= FAILURES and self._seconds() >= self._until:
            wait = max(wait, min(FIRST * 2 ** min(self._pauses, 10), LONGEST))
            self._pauses += 1
        if wait > 0:
            self._pause(wait)

    def _pause(self, wait: float) -> None:
        now = self._seconds()
        if now >= self._until:
            log.warning(
                "a desk is left alone for a while", extra={"desk": self._desk, "seconds": wait}
            )
        self._until = max(self._until, now + wait)
        self._slow, self._slow_since, self._begun = True, None, 0
