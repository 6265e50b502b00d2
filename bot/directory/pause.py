"""A target that has failed several times in a row is left alone for a while."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from time import monotonic

from bot.directory.answer import Unanswered

log = logging.getLogger(__name__)

FAILURES = 3
"""Failures in a row, after which nobody asks for a while."""
FIRST, LONGEST = 10.0, 300.0
"""Seconds of the first pause, and of the longest; each is twice as long as the one before."""


class Paused(Unanswered):
    """The target was not asked at all."""


class Pause:
    """Lets questions through to one target; `clock` tells seconds that only grow.

    When a pause is over, a single question is a probe: the others hear at once that there is no
    answer, until it has one. A target that says when to ask again is left alone until then.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._until: float | None = None
        self._probing = False
        self._why = ""

    def check(self) -> None:
        """Raises Paused where nobody may ask now."""
        if self._until is None:
            return
        left = self._until - self._clock()
        if left > 0 or self._probing:
            why = f"It is left alone for {max(1, ceil(left))} s after it failed. {self._why}"
            raise Paused(why)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Within this a question is asked: Unanswered raised there is a failure of the target.

        Raises Paused where nobody may ask now.
        """
        self.check()
        probe = self._probing = self._until is not None
        try:
            yield
        except Unanswered as failure:
            self._failed(failure, probe=probe)
            raise
        else:
            self._failures, self._until = 0, None
        finally:
            if probe:  # also where it was cancelled, or nobody would ever ask again
                self._probing = False

    def _failed(self, failure: Unanswered, *, probe: bool) -> None:
        begins, asked = self._until is None, failure.after or 0.0
        self._why = str(failure)
        if begins or probe:  # and not a question that was on its way when the pause began
            self._failures += 1
            left = (self._until or 0.0) - self._clock()  # what another question was told meanwhile
            seconds = max(self._own(), asked, left)
            self._until = self._clock() + seconds if seconds else None
        else:
            self._until = max(self._until or 0.0, self._clock() + asked)
        if begins and self._until is not None:
            log.warning("the directory is left alone for a while", extra={"seconds": seconds})

    def _own(self) -> float:
        """Seconds of a pause for which nothing speaks but the failures themselves."""
        more = self._failures - FAILURES
        doubled = 2 ** min(more, 10)  # after days of failures it would be too large for a float
        return min(FIRST * doubled, LONGEST) if more >= 0 else 0.0
