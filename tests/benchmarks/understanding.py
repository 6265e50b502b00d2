"""What the matcher understands, beside two simple ones; what it costs, and how that grows."""

# ruff: noqa: T201 — a benchmark prints its figures

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import ClientError, ClientSession

from dialogs.lexicon import Lexicon
from dialogs.library import Library, load
from dialogs.model import OUTSIDE
from dialogs.training import train
from dialogs.understand import Understander, Understanding, examples

from .figures import table
from .judged import (
    Judged,
    about_topics,
    best_correlation,
    correlation,
    folded,
    part,
    right,
    threshold,
    turned_away,
)
from .matchers import Matcher, bm25, ours, token_set_ratio
from .questions import EVAL, ROOT, Question, Texts, banking, blind, dev, mattresses
from .servers import serving

MATCHERS: Mapping[str, Callable[[Texts, Lexicon], Matcher]] = {
    "token_set_ratio": token_set_ratio,
    "BM25": bm25,
    "ours": ours,
}
SIZES = (29, 280, 2800)
MIB_AT_START, SECONDS_AT_START = 250, 3
"""What a server may need that finds what was learned before."""


def run() -> bool:
    """Prints all figures; those of some questions only where these lie beside the project."""
    library = load(ROOT / "knowledge")
    _show_questions("Questions of those who know none of the phrasings", blind(), library)
    if EVAL.is_dir():
        _show_questions("Questions of the development set", dev(), library)
        _show_public(library.lexicon)
    else:
        print(f"Other questions are not asked: {EVAL} is missing.")
    _show_growth()
    asyncio.run(_show_start())
    return True


# --- right and wrong -------------------------------------------------------------------------


def _show_questions(whose: str, questions: Sequence[Question], library: Library) -> None:
    print(f"{whose}: {len(questions)}, five-fold, nothing like the question learned (%)")
    texts = examples(library)
    rows: list[Sequence[str]] = [("", "top-1", "top-3", "typo", "long", "outside found")]
    for name, matcher in MATCHERS.items():
        answered = folded(questions, texts, lambda rest, m=matcher: m(rest, library.lexicon))  # type: ignore[misc]
        judged = [Judged(question, scores) for question, scores in answered]
        figures = (
            right(judged),
            right(judged, 3),
            right(judged, kind="typo"),
            right(judged, kind="long"),
            turned_away(judged),
        )
        rows.append((name, *map(_percent, figures)))
    rows.append(("to reach", "80", "94", "92", "70", "88"))
    print(table(rows))
    decided = folded(questions, texts, lambda rest: _understander(rest, library).understand)
    _show_decisions(decided)


def _understander(texts: Texts, library: Library) -> Understander:
    """The assistant's own, phrases of dialog acts left out as well where they were removed."""
    acts = {
        act: tuple(phrase for phrase in phrases if phrase in texts.get(act, phrases))
        for act, phrases in library.phrases.items()
    }
    return Understander(acts, texts, library.lexicon, train(texts, library.lexicon))


def _show_decisions(decided: Sequence[tuple[Question, Understanding]]) -> None:
    direct = [(q, u) for q, u in decided if u.decision == "answer"]
    inside = [(q, u) for q, u in decided if q.label != OUTSIDE]
    figures = {
        "answered at once (55)": part([u.decision == "answer" for _, u in decided]),
        "and rightly so (96)": part([q.label == u.guesses[0].topic for q, u in direct]),
        "right one answered or offered (90)": part([_helped(q, u) for q, u in inside]),
        "outside, and told so (88)": part(
            [u.decision == "unknown" for q, u in decided if q.label == OUTSIDE]
        ),
        "turned away wrongly (7 at most)": part([u.decision == "unknown" for _, u in inside]),
    }
    print("What is done then: " + ", ".join(f"{k} {_percent(v)}" for k, v in figures.items()))
    print()


def _helped(question: Question, understood: Understanding) -> bool:
    seen = understood.guesses[: 1 if understood.decision == "answer" else 3]
    named = question.label in [guess.topic for guess in seen]
    return understood.decision != "unknown" and named


def _show_public(lexicon: Lexicon) -> None:
    print("Public sets (%, and Matthews' correlation)")
    rows = [("", "BANKING77", "SOFMattress", "best of all thresholds", "threshold by training")]
    for name, matcher in MATCHERS.items():
        texts, questions = banking()
        bank = _judged(questions, matcher(texts, lexicon))
        texts, questions = mattresses()
        shop = _judged(questions, matcher(texts, lexicon))
        least = threshold(texts, lambda rest, m=matcher: m(rest, lexicon))  # type: ignore[misc]
        best, trained = best_correlation(shop), correlation(shop, least)
        shares = _percent(right(bank)), _percent(right(about_topics(shop)))
        rows.append((name, *shares, f"{best:.3f}", f"{trained:.3f}"))
    rows.append(("to reach", "77", "73", "0.60", ""))
    print(table(rows))
    print()


def _judged(questions: Sequence[Question], matcher: Matcher) -> list[Judged]:
    return [Judged(question, matcher(question.text)) for question in questions]


def _percent(share: float) -> str:
    return f"{share * 100:.1f}"


# --- what it costs ---------------------------------------------------------------------------


def _show_growth() -> None:
    print("Growth (one process each; to reach: p50 2 ms and p95 5 ms at 29, p50 8 ms at 280)")
    rows = [("topics", "phrasings", "features", "p50 ms", "p95 ms", "learning s", "model MiB",
             "peak MiB while learning")]  # fmt: skip
    for size in SIZES:
        command = [sys.executable, "-m", "tests.benchmarks.growth", str(size)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        found = json.loads(done.stdout)
        rows.append(
            (str(size), str(found["texts"]), str(found["features"]), f"{found['p50']:.2f}",
             f"{found['p95']:.2f}", f"{found['seconds']:.1f}", f"{found['model']:.0f}",
             f"{found['peak']:.0f}")
        )  # fmt: skip
    print(table(rows))
    print()


async def _show_start() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "ASSISTANT_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'ours.db'}",
            "ASSISTANT_DATA_DIR": str(folder),
        }
        first, _ = await _start(environment, folder)
        again, memory = await _start(environment, folder)
    print(
        f"Start of the server: {first:.1f} s while it learns, {again:.1f} s afterwards "
        f"(to reach: {SECONDS_AT_START}), {memory:.0f} MiB (to reach: {MIB_AT_START})"
    )


async def _start(environment: Mapping[str, str], folder: Path) -> tuple[float, float]:
    """Seconds until it answers, and the memory that it then holds (MiB)."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "bot", "serve", "--port"]
    async with serving(lambda port: [*command, str(port)], environment, folder / "log") as server:
        async with ClientSession() as session:
            while not await _ready(session, server.url):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.02)
        return time.perf_counter() - begun, server.memory_mib()


async def _ready(session: ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/readyz") as response:
            return response.status == 200
    except ClientError:
        return False
