"""One server in the race, its script, and what was measured of it so far."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from .figures import Round
from .load import Broken, Connector, Person, Script, take_turns
from .servers import Server, last_line, serving

CONVERSATIONS = 16
SLICES = 10
"""A round is taken in so many slices, in turn with the others': the machine's speed drifts within
seconds, and what two contenders take at nearly the same time can be compared. The CPU counter's
steps of 10 ms do not add up, as it stands still between two slices."""


@dataclass
class Contender:
    """`turns` make one slice of a round; `command` starts the server on a port.

    What breaks is told once in `broken`, and nothing is measured from there on.
    """

    name: str
    script: Script
    turns: int
    command: Callable[[int], Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    typical_reply: bytes = b""
    start_mib: float = 0
    end_mib: float = 0
    broken: str = ""
    _log: Path = Path()
    _server: Server | None = None
    _people: Sequence[Person] = ()

    async def start(self, stack: AsyncExitStack, folder: Path) -> None:
        """Starts the server for as long as `stack` is open, and walks the script once alone."""
        self._log = folder / f"{self.name}.log"
        connector = await stack.enter_async_context(Connector())
        try:
            server = await stack.enter_async_context(
                serving(self.command, self.environment, self._log)
            )
            self.start_mib = server.memory_mib()
            replies = await Person(0, self.script, connector, server.url).walk()
        except Broken as why:
            self._break(why)
            return
        self.typical_reply = sorted(replies, key=len)[len(replies) // 2]
        numbers = range(1, CONVERSATIONS + 1)
        self._people = [Person(each, self.script, connector, server.url) for each in numbers]
        self._server = server

    async def take_slice(self) -> Round:
        """Measures some turns more; none where the server is broken."""
        if self.broken or self._server is None:
            return Round()
        cpu, wall = self._server.cpu_seconds(), time.perf_counter()
        try:
            await take_turns(self._people, self.turns)
        except Broken as why:
            self._break(why)
            return Round()
        wall = time.perf_counter() - wall
        self.end_mib = self._server.memory_mib()
        return Round(self.turns, self._server.cpu_seconds() - cpu, wall)

    def _break(self, why: Broken) -> None:
        self.broken = f"{why}\n  the last line of its log: {last_line(self._log)}"


async def warm_up(contenders: Iterable[Contender], slices: int = 2) -> None:
    """Lets everybody take some turns that are not measured."""
    for contender in contenders:
        for _ in range(slices):
            await contender.take_slice()


async def take_round(contenders: Sequence[Contender]) -> None:
    """Adds one round to everybody who gets through it whole."""
    sums = [Round() for _ in contenders]
    for _ in range(SLICES):
        for at, contender in enumerate(contenders):
            sums[at] += await contender.take_slice()
    for contender, total in zip(contenders, sums, strict=True):
        if not contender.broken:
            contender.rounds.append(total)
