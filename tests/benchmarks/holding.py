"""What a snapshot of many users takes: memory and time, in this process alone.

python -m tests.benchmarks.holding FOLDER ADDRESS
"""

# ruff: noqa: T201 — a benchmark prints its figures

import asyncio
import json
import resource
import sys
from pathlib import Path
from time import perf_counter

import psutil  # type: ignore[import-untyped]  # it ships no types

from bot.clock import utc_now
from bot.directory.snapshot import Snapshot

MIB = 2**20


def main(folder: Path, address: str) -> None:
    process = psutil.Process()
    before, start = process.memory_info().rss, perf_counter()
    snapshot = Snapshot(folder, utc_now)
    known = asyncio.run(snapshot.user(address))
    seconds = perf_counter() - start
    added = (process.memory_info().rss - before) / MIB
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before / MIB
    print(json.dumps({"found": known.facts.found, "seconds": seconds, "mib": added, "peak": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
