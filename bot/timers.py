"""What is due later and again: sending what could not be sent, and forgetting what is old."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

log = logging.getLogger(__name__)


Sleep = Callable[[float], Awaitable[object]]


class Alarm:
    """Wakes a timer before its time; who rings while its job is running has it run again."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There is something to do."""
        self._rung.set()

    async def nap(self, seconds: float) -> None:
        """Sleeps so many seconds, or until it rings."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()


@dataclass(frozen=True)
class Timer:
    """A job by name, and the seconds between two runs of it.

    `nap` is how it waits for the next where something may wake it before its time.
    """

    name: str
    seconds: float
    job: Callable[[], Awaitable[object]]
    nap: Sleep | None = None


async def repeat(timer: Timer, sleep: Sleep, patience: float) -> None:
    """Runs a job at once and then again and again; a run that fails is logged, and no end.

    When it is cancelled, a run that is under way has `patience` seconds to come to its own end:
    to cut off a statement costs the database's connection.
    """
    while True:
        run = asyncio.create_task(_run(timer))
        try:
            await asyncio.shield(run)
        except asyncio.CancelledError:
            await asyncio.wait({run}, timeout=patience)
            run.cancel()
            await asyncio.wait({run})
            raise
        await (timer.nap or sleep)(timer.seconds)


async def _run(timer: Timer) -> None:
    try:
        await timer.job()
    except Exception:
        # Whatever failed now may work at the next run; the timer must outlive it.
        log.exception("a timer's run failed", extra={"timer": timer.name})


@asynccontextmanager
async def running(
    timers: Sequence[Timer], sleep: Sleep = asyncio.sleep, patience: float = 5.0
) -> AsyncIterator[None]:
    """Keeps timers running, each in a task of its own, and ends them."""
    tasks = [
        asyncio.create_task(repeat(timer, sleep, patience), name=timer.name) for timer in timers
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
