"""PowerShell remoting for the event loop: one shell that is kept, in threads of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from time import monotonic

from bot.directory.shell import IDLE, Call, Failed, Late, Refused, Reply, Server, Shell

THREADS = 4
"""Threads that can hang in calls that nobody waits for any more; beyond them it is refused."""
REFUSED_FOR = 60.0
"""Seconds for which refused credentials are not tried again: the account would be locked out."""

Answer = tuple[Shell, Reply]


class Remoting:
    """Runs one cmdlet after the other; `seconds` only ever grow.

    The shell is renewed when it has expired. A call that was given up keeps its shell, which then
    ends with it: two threads never share one.
    """

    def __init__(self, server: Server, seconds: Callable[[], float] = monotonic) -> None:
        self._server, self._seconds = server, seconds
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="lync")
        self._turn = asyncio.Lock()
        self._kept: Shell | None = None
        self._used = float("-inf")
        self._try_at = float("-inf")

    @property
    def limit(self) -> float:
        """Seconds within which a call is answered or has failed."""
        return self._server.limit

    async def run(self, call: Call) -> Reply:
        """What a cmdlet answers. Raises Failed."""
        async with in_time(self.limit), self._turn:
            if self._seconds() < self._try_at:
                raise Refused("The Lync server refused the service account a moment ago.")
            return await self._run(call)

    async def close(self) -> None:
        """Ends the shell, on the server, too; for the end of the service."""
        async with self._turn:
            kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(Late):  # the server ends it when it is idle
                async with in_time(self.limit):
                    await asyncio.wrap_future(self._threads.submit(kept.close))
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, call: Call) -> Reply:
        kept, self._kept = self._current(), None
        work = self._threads.submit(self._answer, kept, call)
        try:
            shell, reply = await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            if work.cancel():
                self._kept = kept  # no thread was free, so nothing has begun
            else:
                work.add_done_callback(self._let_go)
            raise
        except Refused:
            self._try_at = self._seconds() + REFUSED_FOR
            raise
        self._kept, self._used = shell, self._seconds()
        return reply

    def _current(self) -> Shell | None:
        """The shell that is kept, unless the server has ended it since it was used."""
        if self._kept is not None and self._seconds() - self._used >= IDLE:
            self._threads.submit(self._kept.close)
            return None
        return self._kept

    def _answer(self, kept: Shell | None, call: Call) -> Answer:
        """The answer, and the shell that gave it; one that fails is renewed once."""
        if kept is not None:
            try:
                return kept, kept.run(call)
            except Refused:
                kept.drop()  # to end it on the server would be one more wrong password
                raise
            except Late:
                kept.close()
                raise
            except Failed:
                kept.close()
        fresh = Shell(self._server, self._seconds)
        try:
            return fresh, fresh.run(call)
        except Failed:
            fresh.close()
            raise

    def _let_go(self, work: Future[Answer]) -> None:
        """Ends the shell of a call that was given up, as soon as that has come to its end."""
        if work.exception() is not None:
            return
        shell, _ = work.result()
        try:
            self._threads.submit(shell.close)
        except RuntimeError:  # all has ended meanwhile
            shell.drop()


@asynccontextmanager
async def in_time(limit: float) -> AsyncIterator[None]:
    """What takes longer than so many seconds is given up. Raises Late."""
    try:
        async with asyncio.timeout(limit):
            yield
    except TimeoutError as error:
        raise Late(f"The Lync server did not answer within {limit:g} seconds.") from error
