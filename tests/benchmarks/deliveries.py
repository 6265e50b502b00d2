"""Recorded cases on their way to a receiver: how many a second, and after an outage.

Whoever brings them runs in a process of its own (`posting`), and so does the receiver.
"""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from inspect import signature
from itertools import product
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.clock import utc_now
from bot.desk.delivery import Courier
from bot.desk.recording import Recorder
from bot.storage.cases import keep
from bot.storage.database import open_store
from bot.storage.migrate import upgrade
from bot.storage.records import Incoming, Reference, Turn
from dialogs.memory import Draft
from dialogs.model import Recorded

from .figures import Round
from .load import Broken
from .servers import ROOT, Server, environment, serving

SETTINGS = {
    "ASSISTANT_DESK": "webhook",
    "ASSISTANT_WEBHOOK_SECRET": "whsec_bm90IGEgc2VjcmV0LCBmb3IgdGhlIGJlbmNobWFyaw==",
    "ASSISTANT_OUTBOUND_ALLOW": "127.0.0.0/8",
    "ASSISTANT_LOG_LEVEL": "WARNING",
}
CONFIGURED: int = signature(Courier).parameters["parallel"].default
"""How many deliveries the service has under way at once."""
LONGEST = 600
"""Seconds; whoever takes longer to bring all cases is broken."""
DRAFT = Draft(
    title="Add a Skype contact to Lync",
    text="I need help with “Add a Skype contact to Lync”, at step 4. " * 8,
    topic="add-skype-contact",
    details=("From: user@fabrikam.com", "E-mail address: bob@contoso.com", "Steps done: 1 to 3"),
)
Way = tuple[str, int]
"""How cases are brought, and how many at once."""
Rates = Mapping[Way, list[Round]]
"""Rounds of each way; a turn is a case here."""


@dataclass(frozen=True)
class Outage:
    """What the receiver counted, and what the courier's process took."""

    seen: Mapping[str, Any]
    took: Mapping[str, float]
    cases: frozenset[str]

    @property
    def lost(self) -> int:
        return len(self.cases - self.seen["taken"].keys())

    @property
    def doubled(self) -> int:
        """Cases that were accepted more than once, or were never recorded."""
        taken: Mapping[str, int] = self.seen["taken"]
        return sum(times > 1 or one not in self.cases for one, times in taken.items())

    @property
    def draining(self) -> float:
        """Seconds from the first request that was answered again to the last."""
        return float(self.seen["drained"] - self.seen["asked_again"])


@asynccontextmanager
async def receiver(folder: Path, down: float = 0, takes: float = 0) -> AsyncIterator[Server]:
    """A receiver that is down for so many seconds, and then takes so many for some answers."""
    module = "tests.benchmarks.receiver"

    def command(port: int) -> Sequence[str]:
        return [sys.executable, "-m", module, str(port), str(down), str(takes)]

    async with serving(command, {}, folder / "receiver.log") as server:
        yield server


def settings_for(server: Server) -> dict[str, str]:
    """The settings with a receiver as the desk."""
    return {**SETTINGS, "ASSISTANT_WEBHOOK_URL": f"{server.url}/hook"}


async def record(file: Path, number: int) -> frozenset[str]:
    """Records cases in a new database, all at once, as turns would; returns their ids."""
    url = f"sqlite+aiosqlite:///{file}"
    await upgrade(url)
    store, drawn = open_store(url), iter(range(number))
    recorder = Recorder("webhook", lambda size: next(drawn).to_bytes(size, "big"))
    to = Reference(channel="emulator", conversation="1", user_id="user-1", user_name="User 1")
    ids = set()
    async with store.transactions.write() as connection:
        for at in range(number):
            case_id = recorder.new_id()
            case = recorder.case(Recorded(case_id, "user@fabrikam.com", DRAFT), to)
            turn = Turn("1", at, "{}", to, Incoming(case_id), (), utc_now(), case=case)
            await keep(connection, turn, store.transactions.now)
            ids.add(case_id)
    await store.close()
    return frozenset(ids)


async def rates(folder: Path, number: int, ways: Sequence[Way], rounds: int) -> Rates:
    """Each way to bring so many cases, side by side, each time in a process of its own."""
    template, database = folder / "template.db", folder / "rates.db"
    await record(template, number)
    found: Rates = {way: [] for way in ways}
    async with receiver(folder) as server:
        for _, way in product(range(rounds), ways):
            shutil.copy(template, database)
            took = await _bring(way, database, server)
            found[way].append(Round(int(took["cases"]), took["cpu"], took["wall"]))
    return found


async def outage(folder: Path, number: int, down: float, takes: float) -> Outage:
    """So many cases for a receiver that is down when the service begins, and comes back."""
    database = folder / "outage.db"
    ids = await record(database, number)
    async with receiver(folder, down, takes) as server:
        took = await _bring(("service", CONFIGURED), database, server)
        async with ClientSession() as session, session.get(f"{server.url}/tally") as tally:
            return Outage(await tally.json(), took, ids)


async def _bring(way: Way, database: Path, server: Server) -> Mapping[str, float]:
    own = {"ASSISTANT_DATABASE_URL": f"sqlite+aiosqlite:///{database}"}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.benchmarks.posting", *map(str, way)],
        cwd=ROOT,
        env=environment({**settings_for(server), **own}),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    if done.returncode:
        raise Broken(f"{way[0]} broke: {done.stderr.strip().rpartition(chr(10))[2]}")
    took: Mapping[str, float] = json.loads(done.stdout)
    return took
