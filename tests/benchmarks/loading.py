"""Loading and checking the knowledge: as it is, and 10 and 100 times as much of it.

Beside it the floor: the same files only parsed, by the same YAML parser, and checked for nothing.
"""

# ruff: noqa: T201 — a benchmark prints its figures

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time
from typing import Any

import psutil  # type: ignore[import-untyped]  # it ships no types
import yaml

from dialogs.library import load

from .figures import Spread, table

ROOT = Path(__file__).parents[2]
TIMES = (1, 10, 100)
ROUNDS = 3
PHRASE_ENDS = re.compile(r"(?=\n  - |\Z)")
GO_ON = re.compile(r"procedure: ([\w-]+)")


def run() -> bool:
    """Prints CPU time, growth and memory by size; raises where a size cannot be measured."""
    rows = [["knowledge", "topics", "load and check, s", "÷ parsing", "per topic, ms", "MiB"]]
    with tempfile.TemporaryDirectory() as folder:
        for times in TIMES:
            root = enlarged(Path(folder) / str(times), times)
            ours = [_in_child("ours", root) for _ in range(ROUNDS)]
            floor = [_in_child("floor", root) for _ in range(ROUNDS)]
            rows.append(_row(times, ours, floor))
    print(f"The whole knowledge, medians of {ROUNDS} rounds, each in a process of its own\n")
    print(table(rows))
    return True


def enlarged(root: Path, times: int) -> Path:
    """The knowledge so many times over: each copy's topics and phrases have names of their own."""
    knowledge = ROOT / "knowledge"
    topics = [path.stem for path in knowledge.glob("en/*/*") if path.suffix in {".yaml", ".md"}]
    for path in sorted(knowledge.rglob("*")):
        if not path.is_file():
            continue
        inside = path.relative_to(knowledge)
        copies = range(times) if inside.parent.name in {"procedures", "articles"} else range(1)
        for copy in copies:
            text = path.read_text(encoding="utf-8")
            target = root / inside
            if copy:
                target = target.with_stem(f"{path.stem}-{copy}")
                text = _renamed(text, topics, copy)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return root


def _renamed(text: str, topics: list[str], copy: int) -> str:
    """A copy of a topic that goes on in copies of the same number, and claims no other's phrase."""
    head, begin, rest = text.partition("when people say:\n")
    phrases, end, rest = rest.partition("\nsources:")
    phrases = PHRASE_ENDS.sub(f" {copy}", phrases)
    text = head + begin + phrases + end + rest
    return GO_ON.sub(lambda m: f"{m[0]}-{copy}" if m[1] in topics else m[0], text)


def _in_child(work: str, root: Path) -> Mapping[str, float]:
    """CPU seconds of some work, how much memory it took, and how many topics it saw."""
    order = [sys.executable, "-m", "tests.benchmarks.loading", work, str(root)]
    done = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, check=True, timeout=600)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _row(
    times: int, ours: list[Mapping[str, float]], floor: list[Mapping[str, float]]
) -> list[str]:
    seconds = Spread([one["cpu"] for one in ours])
    ratios = Spread([one["cpu"] / other["cpu"] for one, other in zip(ours, floor, strict=True)])
    topics = int(ours[0]["topics"])
    return [
        f"{times} ×",
        f"{topics}",
        seconds.shown(2),
        ratios.shown(1),
        f"{1000 * seconds.middle / topics:.2f}",
        f"{Spread([one['mib'] for one in ours]).middle:.0f}",
    ]


def _parsed(root: Path) -> int:
    """Every file through the YAML parser, and nothing more."""
    texts = [path.read_text("utf-8") for path in root.rglob("*.yaml")]
    articles = (path.read_text("utf-8") for path in root.glob("en/articles/*.md"))
    texts += [text.removeprefix("---\n").partition("\n---\n")[0] for text in articles]
    return sum(1 for text in texts if yaml.load(text, Loader=yaml.CBaseLoader))


def _child(work: str, root: Path) -> None:
    works: Mapping[str, Callable[[Path], Any]] = {
        "ours": load,
        "floor": _parsed,
    }
    before, started = _memory(), process_time()
    result = works[work](root)
    cpu = process_time() - started
    topics = len(result.topics) if work == "ours" else result
    print(json.dumps({"cpu": cpu, "mib": _memory() - before, "topics": topics}))


def _memory() -> float:
    """The memory that this process has, in MiB."""
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    _child(sys.argv[1], Path(sys.argv[2]))
