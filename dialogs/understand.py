"""Words → a topic, a dialog act, a question back, or "I don't know"."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from rapidfuzz import fuzz, process

from dialogs.answers import NEAR, mistyped, plain
from dialogs.library import Library
from dialogs.model import Act
from dialogs.tidy import find_addresses

ALIKE = 80
"""How alike (rapidfuzz ratio, 0 to 100) a word must be to one of ours to count as it, mistyped."""
SURE = 0.5
LIKELY = 0.35
"""Scores from which a topic is answered, or offered."""
MARGIN = 0.10
"""How far the best topic must be ahead of the second to be answered without asking."""
PAIR = 0.5
"""What a pair of words weighs, against a word as rare."""
OFFERED = 3
LONGEST = 400
"""How many words of a text are looked at."""

SHOWN_ACTS = ("talk-to-a-person", "greeting", "thanks", "help", "cancel")
"""Dialog acts that count as topics to those who ask what is understood."""

_WORD = re.compile(r"[\w']+|\?")


@dataclass(frozen=True)
class Guess:
    """A topic that may be meant, and how likely that is (0 to 1)."""

    topic: str
    score: float


@dataclass(frozen=True)
class Understanding:
    """What a text was taken for: `guesses` best first, at most three."""

    decision: Literal["answer", "choose", "unknown"]
    guesses: tuple[Guess, ...] = ()
    words: tuple[str, ...] = ()
    repaired: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Understander:
    """Matches texts to phrases by their words and pairs of words, rare ones counting more (IDF).

    Pairs tell "a Skype contact to Lync" from "a Lync contact to Skype".
    `phrases` are those of each topic, `acts` those of each dialog act; an act is recognised only
    where it is the whole text.
    """

    phrases: Mapping[str, tuple[str, ...]]
    acts: Mapping[Act, tuple[str, ...]]

    @classmethod
    def of(cls, library: Library) -> "Understander":
        """One that knows the phrases, and the titles, of a library's topics."""
        topics = library.topics
        phrases = {topic: (*t.phrases, t.title) for topic, t in topics.items()}
        return cls(phrases, library.phrases)

    def act(self, text: str) -> Act | None:
        """The dialog act that this text is, if it is one."""
        said = plain(text)
        if said in self._acts:
            return self._acts[said]
        if len(said) < 6:
            return None
        near = process.extractOne(said, self._acts.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
        return self._acts[near[0]] if near and mistyped(said, near[0]) else None

    def understand(self, text: str) -> Understanding:
        """What a text is about; addresses in it are left out of account."""
        if (act := self.act(text)) in SHOWN_ACTS:
            return Understanding("answer", (Guess(str(act), 1.0),))
        words = _words(text)
        repaired = self._repairs(words)
        guesses = self._guesses(_features([repaired.get(word, word) for word in words]))
        return Understanding(_decide(guesses), guesses[:OFFERED], tuple(words), repaired)

    @cached_property
    def _acts(self) -> Mapping[str, Act]:
        return {plain(phrase): act for act, phrases in self.acts.items() for phrase in phrases}

    @cached_property
    def _known(self) -> tuple[tuple[str, Counter[str]], ...]:
        """Every phrase as its topic and its features."""
        return tuple(
            (topic, Counter(_features(_words(phrase))))
            for topic, phrases in self.phrases.items()
            for phrase in phrases
        )

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        """Inverse document frequency of every feature, over phrases."""
        counts = Counter(word for _, words in self._known for word in words)
        total = len(self._known)
        return {
            feature: math.log(1 + total / count) * (PAIR if " " in feature else 1)
            for feature, count in counts.items()
        }

    @cached_property
    def _totals(self) -> tuple[float, ...]:
        """What all features of a phrase weigh together, by phrase."""
        return tuple(sum(self._weights[word] for word in words) for _, words in self._known)

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(feature for feature in self._weights if " " not in feature)

    @cached_property
    def _unknown_weight(self) -> float:
        return math.log(1 + len(self._known)) / 2

    @cached_property
    def _phrases_with(self) -> Mapping[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for i, (_, words) in enumerate(self._known):
            for word in words:
                index[word].append(i)
        return index

    def _repairs(self, words: Iterable[str]) -> Mapping[str, str]:
        """Words of ours in the place of words that look like them."""
        repaired = {}
        for word in sorted(set(words) - self._weights.keys()):
            near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=ALIKE)
            if near and len(word) > 3:
                repaired[word] = near[0]
        return repaired

    def _guesses(self, words: list[str]) -> tuple[Guess, ...]:
        """Topics by their best phrase: shared weight over mean weight, as in Dice's coefficient."""
        said = Counter(words)
        weight = sum(self._weight(word) for word in said)
        shared: dict[int, float] = defaultdict(float)
        for word in said:
            for i in self._phrases_with.get(word, ()):
                shared[i] += self._weights[word]
        best: dict[str, float] = defaultdict(float)
        for i, common in shared.items():
            topic, _ = self._known[i]
            best[topic] = max(best[topic], 2 * common / (weight + self._totals[i]))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Guess(topic, round(score, 3)) for topic, score in ranked)

    def _weight(self, word: str) -> float:
        return self._weights.get(word, self._unknown_weight * (PAIR if " " in word else 1))


def _decide(guesses: tuple[Guess, ...]) -> Literal["answer", "choose", "unknown"]:
    if not guesses or guesses[0].score < LIKELY:
        return "unknown"
    second = guesses[1].score if len(guesses) > 1 else 0.0
    clear = guesses[0].score >= SURE and guesses[0].score - second >= MARGIN
    return "answer" if clear or guesses[0].score == 1.0 else "choose"


def _features(words: list[str]) -> list[str]:
    """The words and the pairs of words that stand together."""
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def _words(text: str) -> list[str]:
    for address in find_addresses(text):
        text = text.replace(address, " ")
    return _WORD.findall(plain(text))[:LONGEST]
