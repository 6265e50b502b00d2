"""How the matcher grows: learns so many topics, made from ours, and answers questions about them.

python -m tests.benchmarks.growth TOPICS
"""

# ruff: noqa: T201 — a benchmark prints its figures

import json
import resource
import sys
import time
from pathlib import Path
from statistics import quantiles

from dialogs.lexicon import Lexicon
from dialogs.library import load
from dialogs.training import train
from dialogs.understand import Understander, examples

from .questions import Texts

ROOT = Path(__file__).parents[2]
PHRASINGS = 16
"""Phrasings of each topic that is made; ours keep all that they have."""
ASKED = 1000


def grown(texts: Texts, topics: int, lexicon: Lexicon) -> Texts:
    """So many topics: copies of ours in which every second word is one of the copy's own."""
    more, labels = dict(texts), list(texts)
    for number in range(topics - len(texts)):
        copy, at = divmod(number, len(labels))
        label = labels[at]
        more[f"{label} {copy}"] = [
            _altered(lexicon.read(text), copy) for text in texts[label][:PHRASINGS]
        ]
    return more


def _altered(words: tuple[str, ...], copy: int) -> str:
    """Words of a copy are the same in all its topics, and unlike those of other copies."""
    tail = "".join("bdfglmnprs"[int(digit)] + "aeiou"[int(digit) % 5] for digit in str(copy))
    return " ".join(w + tail if (len(w) + copy) % 2 else w for w in words)


def main(topics: int) -> None:
    library = load(ROOT / "knowledge")
    texts = examples(library)
    more = grown(texts, topics + len(texts) - len(library.topics), library.lexicon)
    start = time.perf_counter()
    model = train(more, library.lexicon)
    trained = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    understander = Understander(library.phrases, more, library.lexicon, model)
    asked = [text for label in more for text in more[label]]
    asked = [f"please {text} now" for text in asked[:: max(1, len(asked) // ASKED)]]
    understander.understand(asked[0])
    spent = []
    for text in asked:
        start = time.perf_counter()
        understander.understand(text)
        spent.append((time.perf_counter() - start) * 1000)
    percentiles = quantiles(spent, n=100)
    figures = {
        "texts": sum(map(len, more.values())),
        "features": len(model.features.numbers),
        "p50": percentiles[49],
        "p95": percentiles[94],
        "seconds": trained,
        "model": model.weights.nbytes / 2**20,
        "peak": peak,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]))
