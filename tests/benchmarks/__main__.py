"""Runs every section of the benchmark, or the ones that are named."""

# ruff: noqa: T201 — a benchmark prints its figures

import signal
import sys
from collections.abc import Callable, Mapping

from . import cases, directory, loading, turns, understanding

SECTIONS: Mapping[str, Callable[[], bool]] = {
    "turns": turns.run,
    "loading": loading.run,
    "understanding": understanding.run,
    "directory": directory.run,
    "cases": cases.run,
}
"""A section prints its figures and returns whether all of them could be taken."""


def main(names: list[str]) -> int:
    """Exit status: 0 all figures taken, whatever they are; 1 something broke; 2 wrong usage."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended, too
    whole = [SECTIONS[name]() for name in names or SECTIONS]
    return 0 if all(whole) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
