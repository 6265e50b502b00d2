"""What it costs a turn to record a case: two servers that differ in nothing else, side by side.

The same people say the same to both, sort by sort: everybody takes a guided step, then everybody
has the form shown, then everybody hands over. One server keeps the cases; the other one decides,
keeps and says the same and leaves the case itself out, which is the turn alone. Both are on SQLite
as it is always set. The receiver has whoever asks it first leave it alone for an hour, so that no
delivery is measured with the turns.
"""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from .figures import Round
from .load import Broken, Connector, Line, Person, Script
from .servers import Server, serving

PEOPLE = 32
"""All at once."""
CYCLES = 4
"""How often each of them takes a step and hands a case over in one conversation: at so many steps
nothing is documented for when they do not work, which would be offered before the form."""
OPENING = (
    Line("add a skype contact", hears="Which e-mail address", replies=3),
    Line("bob@contoso.com", hears="bob(contoso.com)@", replies=3),
    Line("Add a Contact icon", hears="Add a Contact Not in My Organization"),
    Line("done", hears="contact providers"),
)
MEASURED: Mapping[str, Line] = {
    "a guided step": Line("done", hears="Step"),
    "shows the form": Line("talk to a person", hears="This is what I would record", replies=2),
    "hands over": Line("hand over", hears="Your case is recorded", replies=2),
}
Sorts = Mapping[str, Round]
"""What was measured in a round, by the sort of the turns."""


@dataclass
class Side:
    """One of the two servers; `cases` is what becomes of them there: `kept` or `left-out`."""

    cases: str
    connector: Connector
    server: Server
    rounds: list[Sorts] = field(default_factory=list)
    people: Sequence[Person] = ()

    async def begin(self) -> None:
        """Brings new people, in new conversations, to where cases can be handed over."""
        script, url = Script(()), self.server.url
        self.people = [Person(each, script, self.connector, url) for each in range(PEOPLE)]
        for line in OPENING:
            await self._all_say(line)

    async def measure(self, line: Line) -> Round:
        """Everybody says it once."""
        cpu, wall = self.server.cpu_seconds(), time.perf_counter()
        await self._all_say(line)
        wall = time.perf_counter() - wall
        return Round(len(self.people), self.server.cpu_seconds() - cpu, wall)

    async def _all_say(self, line: Line) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for person in self.people:
                    group.create_task(person.say(line))
        except* Broken as broken:
            raise broken.exceptions[0] from None


async def measured(folder: Path, settings: Mapping[str, str], rounds: int) -> tuple[Side, Side]:
    """Both sides, kept and left out, with their rounds, after some turns that are not counted."""
    async with AsyncExitStack() as stack:
        kept = await _side("kept", folder, settings, stack)
        alone = await _side("left-out", folder, settings, stack)
        await _round(1, kept, alone)
        for _ in range(rounds):
            one, other = await _round(CYCLES, kept, alone)
            kept.rounds.append(one)
            alone.rounds.append(other)
    return kept, alone


async def _side(
    cases: str, folder: Path, settings: Mapping[str, str], stack: AsyncExitStack
) -> Side:
    own = {
        **settings,
        "ASSISTANT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / cases}.db",
        "ASSISTANT_DATA_DIR": str(folder),
    }
    python = sys.executable
    connector = await stack.enter_async_context(Connector())
    server = await stack.enter_async_context(
        serving(
            lambda port: [python, "-m", "tests.benchmarks.serve_cases", str(port), cases],
            own,
            folder / f"{cases}.log",
        )
    )
    return Side(cases, connector, server)


async def _round(cycles: int, *sides: Side) -> list[Sorts]:
    """All sorts of turns, taken by the sides in turn: the machine's speed drifts."""
    sums = [dict.fromkeys(MEASURED, Round()) for _ in sides]
    for side in sides:
        await side.begin()
    for cycle in range(cycles):
        for sort, line in MEASURED.items():
            # Who comes first finds the machine as the other left it, so they take turns at that.
            for at in range(len(sides)) if cycle % 2 else reversed(range(len(sides))):
                sums[at][sort] += await sides[at].measure(line)
    return list(sums)
