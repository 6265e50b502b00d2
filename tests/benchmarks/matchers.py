"""Three ways of matching, alike to use: learn from texts by label, then score each label."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import log

from rapidfuzz import fuzz, process

from dialogs.lexicon import Lexicon
from dialogs.repair import Spelling
from dialogs.training import train

from .questions import Texts

Scores = Mapping[str, float]
"""A score for each label, higher is likelier; labels that are left out have none."""
Matcher = Callable[[str], Scores]


def ours(texts: Texts, lexicon: Lexicon) -> Matcher:
    """The assistant's own; what is outside is a label like another."""
    model = train(texts, lexicon)
    spelling = Spelling(model.counts)

    def scores(text: str) -> Scores:
        read = [spelling.repaired(word) for word in lexicon.read(text)]
        return model.likelihoods(read, lexicon)

    return scores


def token_set_ratio(texts: Texts, lexicon: Lexicon) -> Matcher:
    """The best text of each label by rapidfuzz's token_set_ratio."""
    flat = [(" ".join(lexicon.read(text)), label) for label in texts for text in texts[label]]
    known = [text for text, _ in flat]

    def scores(text: str) -> Scores:
        said = " ".join(lexicon.read(text))
        (row,) = process.cdist([said], known, scorer=fuzz.token_set_ratio)
        return _best((label, score) for (_, label), score in zip(flat, row.tolist(), strict=True))

    return scores


def bm25(texts: Texts, lexicon: Lexicon, k: float = 1.5, b: float = 0.75) -> Matcher:
    """Okapi BM25 with the usual parameters, the texts of a label taken as one document."""
    read = {
        label: [word for text in texts[label] for word in lexicon.read(text)] for label in texts
    }
    documents = {label: Counter(words) for label, words in read.items()}
    mean = sum(map(len, read.values())) / len(read)
    found = Counter(word for words in documents.values() for word in words)
    rarity = {w: log(1 + (len(read) - n + 0.5) / (n + 0.5)) for w, n in found.items()}

    def score(label: str, said: set[str]) -> float:
        words = documents[label]
        room = k * (1 - b + b * len(read[label]) / mean)
        return sum(rarity[w] * words[w] * (k + 1) / (words[w] + room) for w in said & words.keys())

    def scores(text: str) -> Scores:
        said = set(lexicon.read(text))
        return {label: score(label, said) for label in documents}

    return scores


def _best(scored: Iterable[tuple[str, float]]) -> Scores:
    best: dict[str, float] = {}
    for label, score in scored:
        best[label] = max(score, best.get(label, 0.0))
    return best
