"""Mends typing mistakes: a word that nobody here wrote becomes one that is known."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

SHORTEST = 3
"""Letters that a word needs to be mended, and to be what is meant."""
SHORT = 5
"""Letters up to which a word keeps its first letter, unless its first two changed places."""


def mistakes(length: int) -> int:
    """How many mistakes are mended in a word of so many letters."""
    if length <= SHORT:
        return 1
    return 2 if length <= 9 else 3


@dataclass(frozen=True)
class Spelling:
    """The words that are known, and how often each occurs: a common one may never do so."""

    counts: Mapping[str, int]

    def repaired(self, word: str) -> str:
        """The known word that was meant; the word itself where none is near enough.

        Mistakes are letters left out, added, changed, or in each other's place (OSA).

        >>> Spelling({"skype": 9, "type": 2}).repaired("skpye")
        'skype'
        """
        if word in self.counts or len(word) < SHORTEST or not word.isalpha():
            return word
        most = mistakes(len(word))
        sizes = range(max(SHORTEST, len(word) - most), len(word) + most + 1)
        known = [other for size in sizes for other in self._by_length.get(size, ())]
        near = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=None)
        meant = [(distance, other) for other, distance, _ in near if _may_be(word, other)]
        return min(meant, key=lambda found: self._rank(word, *found))[1] if meant else word

    def _rank(self, word: str, distance: float, other: str) -> tuple[float, float, int, str]:
        """The smaller, the likelier: few mistakes, a like beginning, a word that is used often."""
        return distance, -JaroWinkler.similarity(word, other), -self.counts[other], other

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        lengths: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self.counts):
            if word.isalpha():
                lengths[len(word)].append(word)
        return lengths


def _may_be(said: str, meant: str) -> bool:
    """People seldom mistype the first letter; in a short word another one makes another word."""
    return len(said) > SHORT or said[0] == meant[0] or said[:2] == meant[1::-1]
