"""CPU time of a guided turn: ours beside the floor of the platform and a stock botbuilder bot."""

# ruff: noqa: T201 — a benchmark prints its figures

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from .contender import CONVERSATIONS, Contender, take_round, warm_up
from .figures import Spread, ratio, spread, table
from .scripts import FLOOR, OURS, STOCK
from .stock_venv import stock_python

ROUNDS = 3
FLOORS = 4
"""Ours in memory: at most so many times the floor's CPU."""
STOCKS = 8
"""The stock bot: at least so many times our CPU."""
MOST_MIB = 150
"""Ours on SQLite, as it starts."""

# --- who is measured -------------------------------------------------------------------------


class Field:
    """All contenders; those who run our program keep what they store in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.reply = folder / "reply.json"
        ours = {
            "ASSISTANT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'ours.db'}",
            "ASSISTANT_DATA_DIR": str(folder),
        }
        python = sys.executable
        benchmarks = Path(__file__).parent
        self.floor = Contender(
            "floor",
            FLOOR,
            300,
            lambda port: [python, "-m", "tests.benchmarks.floor", str(port), str(self.reply)],
        )
        self.memory = Contender(
            "ours, in memory",
            OURS,
            300,
            lambda port: [python, "-m", "tests.benchmarks.serve_ours", str(port)],
            ours,
        )
        self.sqlite = Contender(
            "ours, on SQLite",
            OURS,
            150,
            lambda port: [python, "-m", "bot", "serve", "--port", str(port)],
            ours,
        )
        self.stock = Contender(
            "stock botbuilder",
            STOCK,
            60,
            lambda port: [str(stock_python()), str(benchmarks / "stock_bot.py"), str(port)],
        )
        self.all = (self.floor, self.memory, self.sqlite, self.stock)


# --- measuring -------------------------------------------------------------------------------


def run() -> bool:
    """Prints the table and the bars; false where a server could not be measured."""
    with tempfile.TemporaryDirectory() as folder:
        field = Field(Path(folder))
        sample = asyncio.run(_measure(field, Path(folder)))
    print(_heading(sample))
    print(_figures(field))
    print(_bars(field))
    return not any(contender.broken for contender in field.all)


async def _measure(field: Field, folder: Path) -> str:
    """Takes all figures, round by round; returns whose reply the floor sends.

    That is the first one's of those that work: ours, unless it is broken.
    """
    async with AsyncExitStack() as stack:
        for contender in (field.memory, field.sqlite, field.stock):
            await contender.start(stack, folder)
        sample = max(field.memory, field.sqlite, field.stock, key=lambda one: not one.broken)
        field.reply.write_bytes(sample.typical_reply)
        await field.floor.start(stack, folder)
        await warm_up(field.all)
        for _ in range(ROUNDS):
            await take_round(field.all)
    return f"{len(sample.typical_reply):,} bytes, as {sample.name} sends it"


# --- telling ---------------------------------------------------------------------------------

HEADS = (
    "",
    "CPU ms/turn",
    "turns/s",
    "of a core",
    "replies",
    "÷ floor",
    "stock ÷ it",
    "MiB start",
    "end",
)


def _heading(sample: str) -> str:
    return (
        f"\nGuided turns: median of {ROUNDS} interleaved rounds (least–most), "
        f"{CONVERSATIONS} conversations at once\n"
        f"Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}; the floor's reply: {sample}\n"
    )


def _figures(field: Field) -> str:
    rows: list[Sequence[str]] = [HEADS]
    for one in field.all:
        if one.rounds:
            rows.append([one.name, *_measured(one), *_compared(one, field), *_memory(one)])
        else:
            rows.append([one.name, *("–" for _ in HEADS[1:])])
    broken = [f"\n! {one.name}: {one.broken}" for one in field.all if one.broken]
    return table(rows) + "\n" + "".join(broken)


def _measured(one: Contender) -> Sequence[str]:
    busy = spread(one.rounds, lambda window: window.busy).middle
    return [
        spread(one.rounds, lambda window: window.cpu_ms).shown(3),
        spread(one.rounds, lambda window: window.rate).shown(0),
        f"{busy:.0%}",
        f"{one.script.replies:.2f}",
    ]


def _compared(one: Contender, field: Field) -> Sequence[str]:
    ratios = [ratio(one.rounds, field.floor.rounds), ratio(field.stock.rounds, one.rounds)]
    return [each.shown(2) if each else "–" for each in ratios]


def _memory(one: Contender) -> Sequence[str]:
    return [f"{one.start_mib:.0f}", f"{one.end_mib:.0f}"]


def _bars(field: Field) -> str:
    floors = ratio(field.memory.rounds, field.floor.rounds)
    stocks = ratio(field.stock.rounds, field.memory.rounds)
    mib = Spread([field.sqlite.start_mib]) if field.sqlite.start_mib else None
    bars = [
        (f"ours, in memory: at most {FLOORS} × the floor's CPU", floors, FLOORS, 1),
        (f"stock: at least {STOCKS} × the CPU of ours, in memory", stocks, STOCKS, -1),
        (f"ours, on SQLite: starts with at most {MOST_MIB} MiB", mib, MOST_MIB, 1),
    ]
    return "\n".join(_bar(*bar) for bar in bars)


def _bar(what: str, found: Spread | None, limit: float, sign: int) -> str:
    """`sign` is 1 where the limit is the most allowed, -1 where it is the least."""
    if found is None:
        return f"not measured   {what}"
    holds = sign * found.middle <= sign * limit
    return f"{'holds' if holds else 'does not hold':13}  {what}: {found.shown(2)}"
