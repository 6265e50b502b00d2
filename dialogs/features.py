"""What of a text is compared: its words and pairs of words, its letters, what its words are about.

Each of the three is a block of its own, weighed by TF-IDF and brought to the same length, so that
a long story counts no more than a short question.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from dialogs.lexicon import Lexicon

WORDS, LETTERS, ABOUT = "", "~", "#"
"""What the features of a block begin with; no token begins so."""
WEIGHTS: Mapping[str, float] = {WORDS: 1.0, LETTERS: 1.0, ABOUT: 0.3}
GRAMS = range(2, 6)
"""How many letters are taken together, the blanks around a word among them."""
STEM = 3
"""Letters of a word that remain when its ending is left out."""

Vector = tuple[list[int], list[float]]
"""The features that are not zero: their numbers and their values."""


@dataclass(frozen=True)
class Features:
    """Every feature that is known: its number, and how rare it is (IDF)."""

    numbers: Mapping[str, int]
    rarity: Sequence[float]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], lexicon: Lexicon, most: int) -> "Features":
        """The features of texts, as tokens; where there are more than `most`, the commonest."""
        found = Counter(f for words in texts for f in set(_all(words, lexicon)))
        kept = sorted(found, key=lambda feature: (-found[feature], feature))[:most]
        rarity = [log((1 + len(texts)) / (1 + found[feature])) + 1 for feature in kept]
        return cls({feature: number for number, feature in enumerate(kept)}, rarity)

    def vector(self, words: Sequence[str], lexicon: Lexicon) -> Vector:
        """A text, as tokens, in numbers; what is not known is left out."""
        numbers: list[int] = []
        values: list[float] = []
        for block, found in blocks(words, lexicon).items():
            counts = Counter(n for f in found if (n := self.numbers.get(f)) is not None)
            weighed = [(1 + log(count)) * self.rarity[n] for n, count in counts.items()]
            length = sqrt(sum(value * value for value in weighed))
            numbers += counts
            values += [value / length * WEIGHTS[block] for value in weighed]
        return numbers, values


def blocks(words: Sequence[str], lexicon: Lexicon) -> Mapping[str, list[str]]:
    """The features of a text, as tokens, by what they begin with."""
    stems = [stem(word, lexicon) for word in words]
    about = [lexicon.concept_of[word] for word in words if word in lexicon.concept_of]
    return {
        WORDS: [*stems, *_pairs(stems)],
        LETTERS: [f"{LETTERS}{gram}" for word in words for gram in _grams(word)],
        ABOUT: [f"{ABOUT}{feature}" for feature in (*about, *_pairs(about))],
    }


def stem(word: str, lexicon: Lexicon) -> str:
    """A word without its ending, where enough of it remains."""
    for ending in lexicon.longest_first:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word[: -len(ending)]
    return word


def _all(words: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    for found in blocks(words, lexicon).values():
        yield from found


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return (f"{one} {other}" for one, other in pairwise(words))


def _grams(word: str) -> Iterator[str]:
    """Letters that stand together; a word that is shorter than they are is taken once, whole."""
    padded = f" {word} "
    for size in GRAMS:
        if size >= len(padded):
            yield padded
            return
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]
