"""Cases: what recording one adds to a turn, how many a second reach a desk, and an outage."""

# ruff: noqa: T201 — a benchmark prints its figures

import asyncio
import os
import tempfile
from math import inf
from pathlib import Path

from bot.desk.gate import FIRST_SECOND

from .deliveries import CONFIGURED, Outage, Rates, outage, rates, receiver, settings_for
from .enqueue import MEASURED, Side, measured
from .figures import Round, Spread, ratio, spread, table
from .load import Broken
from .servers import last_line

ROUNDS = 3
MOST_TIMES = 1.5
"""A turn that records a case: at most so many times the CPU of the same turn alone."""
CASES = 200
"""In one run to a fast receiver."""
BACKLOG = 10_000
DOWN, TAKES = 3.0, 0.25
"""Seconds for which the receiver is down in the outage, and that it takes for each answer in a
stretch afterwards: what is answered at once is hardly seen to overlap."""
OURS, PLAIN = ("courier", CONFIGURED), ("plain", CONFIGURED)
WAYS = {
    ("courier", 1): "our courier, 1 at once",
    OURS: f"our courier, {CONFIGURED} at once, as in the service",
    ("courier", 16): "our courier, 16 at once",
    ("desk", CONFIGURED): f"our webhook desk without an outbox, {CONFIGURED} at once",
    PLAIN: f"plain aiohttp, {CONFIGURED} at once",
}


def run() -> bool:
    """Prints the tables and the bars; false where a server could not be measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            kept, alone = asyncio.run(_turns(folder))
            print(_costs(kept, alone))
            print(_rates(found := asyncio.run(rates(folder, CASES, tuple(WAYS), ROUNDS))))
            over = asyncio.run(outage(folder, BACKLOG, DOWN, TAKES))
            print(_outage(over, found))
        except Broken as broken:
            print(f"\n! {broken}")
            for log in sorted(folder.glob("*.log")):
                print(f"  the last line of {log.name}: {last_line(log)}")
            return False
    print(_bars(kept, alone, over))
    return True


async def _turns(folder: Path) -> tuple[Side, Side]:
    async with receiver(folder, down=inf) as server:
        return await measured(folder, settings_for(server), ROUNDS)


# --- telling ---------------------------------------------------------------------------------


def _costs(kept: Side, alone: Side) -> str:
    rows = [["turn", "CPU ms", "without a case", "CPU ÷", "wall ms", "without a case", "wall ÷"]]
    for sort in MEASURED:
        one, other = _rounds(kept, sort), _rounds(alone, sort)
        walls = [a.wall / b.wall for a, b in zip(one, other, strict=True)]
        times = ratio(one, other)
        rows.append([
            sort,
            spread(one, lambda each: each.cpu_ms).shown(2),
            spread(other, lambda each: each.cpu_ms).shown(2),
            times.shown(2) if times else "–",
            spread(one, _wall_ms).shown(2),
            spread(other, _wall_ms).shown(2),
            Spread(walls).shown(2),
        ])  # fmt: skip
    step = ratio(_rounds(kept, "hands over"), _rounds(kept, "a guided step"))
    beside = f"\nhanding over ÷ a guided step, CPU: {step.shown(2)}\n" if step else ""
    return (
        f"\nTurns on SQLite, with the case kept and the same without: median of {ROUNDS} "
        f"interleaved rounds (least–most), load {os.getloadavg()[0]:.1f}\n\n{table(rows)}{beside}"
    )


def _rounds(side: Side, sort: str) -> list[Round]:
    return [sorts[sort] for sorts in side.rounds]


def _wall_ms(one: Round) -> float:
    return one.wall / one.turns * 1000


def _rates(found: Rates) -> str:
    rows = [["", "cases/s", "CPU ms/case", "cases/s ÷ plain"]]
    for way, name in WAYS.items():
        pairs = zip(found[way], found[PLAIN], strict=True)
        rows.append([
            name,
            spread(found[way], lambda one: one.rate).shown(0),
            spread(found[way], lambda one: one.cpu_ms).shown(2),
            Spread([one.rate / other.rate for one, other in pairs]).shown(3),
        ])  # fmt: skip
    return (
        f"\n{CASES} cases on SQLite to a receiver that answers at once: median of {ROUNDS} "
        f"interleaved rounds (least–most), load {os.getloadavg()[0]:.1f}\n\n{table(rows)}"
    )


def _outage(over: Outage, found: Rates) -> str:
    seen, took = over.seen, over.took
    rate = len(over.cases) / over.draining
    beside = spread(found[OURS], lambda one: one.rate).middle
    return (
        f"\n{len(over.cases):,} cases that wait while the receiver is down for {DOWN:g} s: "
        f"{seen['refused']} requests meanwhile, asked again {seen['asked_again']:.1f} s after it "
        f"came back,\ndrained in {over.draining:.0f} s ({rate:.0f} cases/s; {beside:.0f} where few "
        f"wait), {1000 * took['cpu'] / took['cases']:.1f} ms CPU a case, "
        f"{took['mib']:.0f} MiB added, {took['peak']:.0f} at most\n"
    )


def _bars(kept: Side, alone: Side, over: Outage) -> str:
    times = ratio(_rounds(kept, "hands over"), _rounds(alone, "hands over"))
    assert times
    most, first = over.seen["most_in_flight"], over.seen["first_second"]
    bars = (
        (
            times.middle <= MOST_TIMES,
            f"recording a case: at most {MOST_TIMES} × the CPU of the turn alone: {times.shown(2)}",
        ),
        (most <= CONFIGURED, f"at most {CONFIGURED} requests in flight: {most}"),
        (
            first <= FIRST_SECOND,
            f"at most {FIRST_SECOND} requests in the first second after an outage: {first}",
        ),
        (not over.lost, f"no case lost: {over.lost} of {len(over.cases):,}"),
        (not over.doubled, f"no case doubled: {over.doubled}"),
    )
    return "\n".join(f"{'holds' if holds else 'does not hold':13}  {what}" for holds, what in bars)
