"""Server processes: started on a free port of the loopback, watched, and ended by their own id."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types

from tests.ports import free_port

from .load import Broken

ROOT = Path(__file__).parents[2]
LONGEST_START = 60
MIB = 2**20


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """User and system time so far, of all its threads and child processes."""
        times = [process.cpu_times() for process in self._processes()]
        return float(sum(time.user + time.system for time in times))

    def memory_mib(self) -> float:
        return float(sum(process.memory_info().rss for process in self._processes())) / MIB

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@asynccontextmanager
async def serving(
    command: Callable[[int], Sequence[str]], settings: Mapping[str, str], log: Path
) -> AsyncIterator[Server]:
    """Starts `command(port)`, waits until it listens, and ends it at the end."""
    port = free_port()
    process = _start(command(port), settings, log)
    try:
        await _listening(process, port)
        yield Server(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
    finally:
        _end(process)


def _start(
    command: Sequence[str], settings: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process with these settings of ours, and no others."""
    others = {
        name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")
    }
    return {**others, **settings}


async def _listening(process: subprocess.Popen[bytes], port: int) -> None:
    try:
        async with asyncio.timeout(LONGEST_START):
            while not await _accepts(port):
                if process.poll() is not None:
                    raise Broken("it ended while it started")
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise Broken(f"it does not listen after {LONGEST_START} s") from None


async def _accepts(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
