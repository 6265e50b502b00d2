"""Answers kept for a while; who asks the same at the same time shares one call."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 10_000
"""Answers that are kept; beyond that the oldest is forgotten."""


@dataclass(frozen=True)
class _Answer(Generic[V]):
    value: V
    until: float


class Kept(Generic[K, V]):
    """Asks, and keeps each answer for so many `seconds`, told by a `clock` that only grows.

    A failure reaches all who wait for it and is not kept. A call goes on when nobody waits for it
    any more: its answer is there for whoever asks next, and the call has its own limits.
    """

    def __init__(
        self,
        ask: Callable[[K], Coroutine[Any, Any, V]],
        seconds: float,
        clock: Callable[[], float],
        most: int = MOST,
    ) -> None:
        self._ask, self._seconds, self._clock, self._most = ask, seconds, clock, most
        self._answers: dict[K, _Answer[V]] = {}  # the oldest first
        self._calls: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K) -> V:
        """The answer, kept or asked for; raises what the call raises."""
        answer = self._answers.get(key)
        if answer and self._clock() < answer.until:
            return answer.value
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = asyncio.create_task(self._ask(key))
            call.add_done_callback(partial(self._ended, key))
        await asyncio.wait([call])  # which, cancelled, leaves the call to the others
        return call.result()

    def _ended(self, key: K, call: asyncio.Task[V]) -> None:
        """Looks at the failure too, or asyncio would complain where nobody waits any more."""
        del self._calls[key]
        if not call.cancelled() and call.exception() is None:
            self._keep(key, call.result())

    def _keep(self, key: K, value: V) -> None:
        """Keeps an answer and forgets those whose time is over: they may tell of people."""
        now = self._clock()
        self._answers.pop(key, None)
        self._answers[key] = _Answer(value, now + self._seconds)
        while self._answers:
            oldest = next(iter(self._answers))
            if self._answers[oldest].until > now and len(self._answers) <= self._most:
                return
            del self._answers[oldest]
