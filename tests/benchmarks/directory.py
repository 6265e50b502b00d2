"""The admin API on a snapshot: checks per second beside plain aiohttp, and what many users take."""

# ruff: noqa: T201 — a benchmark prints its figures

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from bot.app import KNOWLEDGE
from bot.clock import utc_now
from bot.directory.callers import Allowance, Tokens
from bot.directory.openapi import USER
from bot.directory.server import AdminApi
from bot.directory.snapshot import Snapshot
from bot.directory.source import Known
from dialogs.library import load

from .checks import AT_ONCE, answer, ask
from .exports import addresses, write
from .figures import Round, Spread, ratio, spread, table
from .load import Broken
from .servers import ROOT, Server, last_line, serving

USERS = 1000
PASSES = 5
"""How often each user is asked about in one round."""
ROUNDS = 3
LEAST = 1 / 3
"""Of the checks per second that plain aiohttp answers."""
MANY = 200_000
MOST_MIB = 250
TOKEN = "a token for the benchmark alone"


def run() -> bool:
    """Prints the tables and the bars; false where a server could not be measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        users = write(folder / "users", USERS)
        try:
            ours, plain = asyncio.run(_measured(users, folder))
        except Broken as broken:
            print(f"\n! {broken}; its last line: {last_line(folder / 'log')}")
            return False
        print(_rates(ours, plain))
        print(f"\nasked of the source: {asyncio.run(_asked_of_the_source(users))}\n")
        held = _held(write(folder / "many", MANY))
    print(_memory(held))
    print(_bars(ours, plain, held))
    return True


# --- checks per second -----------------------------------------------------------------------


async def _measured(users: Path, folder: Path) -> tuple[list[Round], list[Round]]:
    """The rounds of both servers, side by side."""
    settings = {
        "ASSISTANT_DIRECTORY_FOLDER": str(users),
        "ASSISTANT_ADMIN_API_TOKENS": f"benchmark={TOKEN}",
        "ASSISTANT_ADMIN_API_RATE": "1000000",
    }
    sample, python = folder / "answer.json", sys.executable
    async with AsyncExitStack() as stack:

        async def start(command: Callable[[int], Sequence[str]]) -> Server:
            return await stack.enter_async_context(serving(command, settings, folder / "log"))

        ours = await start(lambda port: [python, "-m", "bot", "admin-api", "--port", str(port)])
        sample.write_text(json.dumps(await answer(ours, _paths()[0], TOKEN)))
        plain = await start(
            lambda port: [python, "-m", "tests.benchmarks.plain", str(port), str(sample)]
        )
        await _round(ours, plain)
        rounds = [await _round(ours, plain) for _ in range(ROUNDS)]
    return [one for one, _ in rounds], [other for _, other in rounds]


async def _round(ours: Server, plain: Server) -> tuple[Round, Round]:
    """All users, several times, at both servers in turn: the machine's speed drifts."""
    one, other = Round(), Round()
    for _ in range(PASSES):
        one += await ask(ours, _paths(), TOKEN)
        other += await ask(plain, _paths(), TOKEN)
    return one, other


def _paths() -> list[str]:
    return [USER.replace("{sip}", address) for address in addresses(USERS)]


def _rates(ours: Sequence[Round], plain: Sequence[Round]) -> str:
    rows = [["", "checks/s", "CPU ms/check", "of a core", "CPU ÷ plain"]]
    for name, rounds in (("ours", ours), ("plain aiohttp", plain)):
        busy = spread(rounds, lambda one: one.busy).middle
        by = ratio(rounds, plain)
        rows.append([
            name,
            spread(rounds, lambda one: one.rate).shown(0),
            spread(rounds, lambda one: one.cpu_ms).shown(3),
            f"{busy:.0%}",
            by.shown(2) if by else "–",
        ])  # fmt: skip
    return (
        f"\nChecks over HTTP, {USERS:,} users {PASSES} times, {AT_ONCE} at once: median of "
        f"{ROUNDS} interleaved rounds (least–most), load {os.getloadavg()[0]:.1f}\n\n{table(rows)}"
    )


# --- questions to the source -----------------------------------------------------------------


class Counted:
    """A snapshot that counts what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.snapshot, self.asked = Snapshot(folder, utc_now), Counter[str]()

    async def user(self, address: str) -> Known:
        self.asked["user"] += 1
        return await self.snapshot.user(address)

    async def organisation(self) -> tuple[Known, ...]:
        self.asked["organisation"] += 1
        return await self.snapshot.organisation()

    async def sip_domains(self) -> tuple[str, ...]:
        self.asked["sip_domains"] += 1
        return await self.snapshot.sip_domains()


async def _asked_of_the_source(users: Path) -> str:
    """How often each question reaches the source for one check, in this process."""
    source = Counted(users)
    tokens, allowance = Tokens({"benchmark": TOKEN}), Allowance(1_000_000, lambda: 0.0)
    api = AdminApi(source, load(KNOWLEDGE).fixes, tokens, allowance, utc_now)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with TestClient(TestServer(api.application())) as client:
        for path in _paths()[:100]:
            async with client.get(path, headers=headers) as found:
                found.raise_for_status()
    return ", ".join(f"{name} {times / 100:g} a check" for name, times in source.asked.items())


# --- many users ------------------------------------------------------------------------------


def _held(folder: Path) -> list[Mapping[str, float]]:
    """What the snapshot took, each time in a fresh process."""
    (address,) = list(addresses(MANY))[-1:]
    order = [sys.executable, "-m", "tests.benchmarks.holding", str(folder), address]
    taken = []
    for _ in range(ROUNDS):
        done = subprocess.run(
            order, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        )
        taken.append(json.loads(done.stdout))
    return taken


def _memory(held: Sequence[Mapping[str, float]]) -> str:
    names = {"mib": "MiB added", "peak": "MiB at most"}
    rows = [["users", *names.values(), "load, s", "per 10,000, ms"]]
    seconds = Spread([one["seconds"] for one in held])
    figures = [Spread([one[name] for one in held]).shown(0) for name in names]
    rows.append([f"{MANY:,}", *figures, seconds.shown(1), f"{seconds.middle * 1e7 / MANY:.0f}"])
    return table(rows) + "\n"


def _bars(
    ours: Sequence[Round], plain: Sequence[Round], held: Sequence[Mapping[str, float]]
) -> str:
    rate = Spread([one.rate / other.rate for one, other in zip(ours, plain, strict=True)])
    mib = Spread([one["mib"] for one in held])
    bars = (
        (
            rate.middle >= LEAST,
            f"at least {LEAST:.2f} of plain aiohttp's checks/s: {rate.shown(2)}",
        ),
        (mib.middle <= MOST_MIB, f"at most {MOST_MIB} MiB for {MANY:,} users: {mib.shown(0)}"),
    )
    return "\n".join(f"{'holds' if holds else 'does not hold':13}  {what}" for holds, what in bars)
