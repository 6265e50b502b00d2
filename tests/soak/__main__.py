"""The whole run against every ticketing system that is installed here."""

# ruff: noqa: T201 — a run prints its figures

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.bot.desk.trackers import (
    RequestTrackerServer,
    RoundupServer,
    missing_request_tracker,
    missing_roundup,
)
from tests.soak.assistant import port
from tests.soak.figures import Figures, Size
from tests.soak.run import prepared
from tests.soak.stopped import Stopped, stopped
from tests.soak.trackers import RequestTrackerTracker, RoundupTracker, Tracker

WHOLE = Size(cases=320, kills=44, struck=22, desk_kills=2)
SHORTER = Size(cases=60, kills=10, struck=5, patience=12.0)
"""Request Tracker is asked a minute after an attempt whose end is not known, and takes longer."""
LOSING = Size(cases=200, kills=0, struck=0, desk_kills=0, patience=20.0, loses=0.05)
SHOWN = 20
"""Lines of what went wrong."""


@dataclass(frozen=True)
class Scenario:
    """A run; `missing` says why it cannot be made here, empty: it can."""

    title: str
    size: Size
    missing: Callable[[], str]
    tracker: Callable[[Path, int], Tracker]


def roundup(folder: Path, at: int) -> Tracker:
    """A Roundup, made from nothing."""
    (server := RoundupServer(folder, at)).make()
    return RoundupTracker(server)


def request_tracker(folder: Path, at: int) -> Tracker:
    """A Request Tracker, made from nothing."""
    (server := RequestTrackerServer(folder, at)).make()
    return RequestTrackerTracker(server)


SCENARIOS = (
    Scenario("Roundup", WHOLE, missing_roundup, roundup),
    Scenario("Request Tracker", SHORTER, missing_request_tracker, request_tracker),
    Scenario("Request Tracker, answers lost", LOSING, missing_request_tracker, request_tracker),
)


STOPPED = Scenario(
    "Request Tracker, a process stopped past its lease",
    Size(cases=1, kills=0, struck=0, patience=3.0),
    missing_request_tracker,
    request_tracker,
)


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """One for the desk and one for the assistant."""
    with TemporaryDirectory() as root:
        desk, assistant = Path(root, "desk"), Path(root, "assistant")
        desk.mkdir()
        assistant.mkdir()
        yield desk, assistant


async def stop(scenario: Scenario, seed: str) -> Stopped:
    """A process stopped past its lease, with everything from nothing."""
    with folders() as (desk, own):
        tracker = scenario.tracker(desk, port(Random(f"{seed}/desk")))
        await asyncio.to_thread(tracker.server.start)
        try:
            return await stopped(tracker, own, seed, scenario.size.patience)
        finally:
            await asyncio.to_thread(tracker.server.kill)


async def soak(scenario: Scenario, seed: str) -> Figures:
    """One run from nothing."""
    with folders() as (desk, own):
        tracker = scenario.tracker(desk, port(Random(f"{seed}/desk")))
        await asyncio.to_thread(tracker.server.start)
        try:
            async with prepared(scenario.size, tracker, own, seed) as run:
                return await run.go()
        finally:
            await asyncio.to_thread(tracker.server.kill)


def main(seed: str = "1", only: str = "") -> int:
    """Exit status: 0 nothing is lost and nothing doubled; 1 something is.

    `only` is how the titles of the scenarios begin that are run.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended, too
    whole = True
    for scenario in (one for one in (*SCENARIOS, STOPPED) if one.title.startswith(only)):
        if why := scenario.missing():
            print(f"{scenario.title}: {why}")
            continue
        if scenario is STOPPED:
            outcome = asyncio.run(stop(scenario, seed))
            print(outcome.table(scenario.title), flush=True)
            whole = whole and outcome.whole
            continue
        figures = asyncio.run(soak(scenario, seed))
        print(figures.table(f"{scenario.title}, seed {seed}"), flush=True)
        wrong = (*figures.lost, *figures.doubled, *figures.mistold, *figures.errors)
        for line in wrong[:SHOWN]:
            print(f"    {line}")
        whole = whole and figures.whole
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
