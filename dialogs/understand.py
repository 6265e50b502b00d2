"""Words → a topic, a dialog act, a question back, or "I don't know"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz, process

from dialogs.answers import NEAR, mistyped, plain
from dialogs.classifier import Model
from dialogs.lexicon import Lexicon
from dialogs.library import Library
from dialogs.model import OUTSIDE, SHOWN_ACTS, Act
from dialogs.repair import Spelling
from dialogs.tokens import ADDRESSES

REJECTED = 0.3
"""How likely it must be that no topic answers a text for it to be taken so."""
MARGIN = 0.5
"""How far the likeliest topic must be ahead of the second to be answered without asking."""
SHORT = 2
"""Words of a text, addresses aside, that is so short that it may mean many things."""
MARGIN_OF_SHORT = 0.9
"""The same as the margin, for a short text that is not one of our phrasings."""
LEAST_OF_SHORT = 0.3
"""How likely the likeliest topic of a short text must be for any to be offered."""
LEAST = 0.01
"""How likely a topic must be to be offered."""
OFFERED = 3

Decision = Literal["answer", "choose", "unknown"]


@dataclass(frozen=True)
class Guess:
    """A topic that may be meant, and how likely that is (0 to 1)."""

    topic: str
    score: float


@dataclass(frozen=True)
class Understanding:
    """What a text was taken for.

    `guesses` come best first, at most three; `outside` is how likely no topic answers the text;
    `words` are its tokens, and `repaired` tells which of them were read as another word.
    """

    decision: Decision
    guesses: tuple[Guess, ...] = ()
    outside: float = 0.0
    words: tuple[str, ...] = ()
    repaired: Mapping[str, str] = field(default_factory=dict)

    @property
    def offered(self) -> tuple[str, ...]:
        """The topics that are worth a button where it is asked which of them is meant."""
        return tuple(guess.topic for guess in self.guesses if guess.score >= LEAST)

    @property
    def is_outside(self) -> bool:
        """Whether it is likely to be something that no topic answers."""
        return self.outside >= REJECTED

    @property
    def act(self) -> Act | None:
        """The dialog act that was meant, where that is the answer."""
        if self.decision != "answer":
            return None
        return next((act for act in SHOWN_ACTS if act == self.guesses[0].topic), None)


@dataclass(frozen=True)
class Understander:
    """Tells what a text is about: known phrasings by themselves, all others by a trained model.

    `acts` are the phrases of each dialog act, recognised only where they are the whole text;
    `texts` are all phrasings by their label, as `examples` gives them.
    """

    acts: Mapping[Act, tuple[str, ...]]
    texts: Mapping[str, Sequence[str]]
    lexicon: Lexicon
    model: Model

    @classmethod
    def of(cls, library: Library, model: Model) -> "Understander":
        """One for a library, with the model that was trained on its examples."""
        return cls(library.phrases, examples(library), library.lexicon, model)

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
        """What a text is about, be it one of our phrasings or in words of its own.

        Addresses by themselves are about nothing: what to do with them is for others to say.
        """
        if (act := self.act(text)) in SHOWN_ACTS:
            return Understanding("answer", (Guess(str(act), 1.0),))
        words = self.lexicon.read(text)
        if not _unaddressed(words):
            return Understanding("unknown", words=words)
        repaired = self._repairs(words)
        read = tuple(repaired.get(word, word) for word in words)
        likely = dict(self.model.likelihoods(read, self.lexicon))
        if known := self._known.get(_unaddressed(read)):
            likely = {**dict.fromkeys(likely, 0.0), known: 1.0}
        outside = round(likely.pop(OUTSIDE, 0.0), 3)
        ranked = sorted(likely.items(), key=lambda pair: (-pair[1], pair[0]))
        guesses = tuple(Guess(t, round(p, 3)) for t, p in ranked[:OFFERED] if p > 0)
        decision = _decide(guesses, outside, short=len(_unaddressed(read)) <= SHORT)
        return Understanding(decision, guesses, outside, words, repaired)

    @cached_property
    def _acts(self) -> Mapping[str, Act]:
        return {plain(phrase): act for act, phrases in self.acts.items() for phrase in phrases}

    @cached_property
    def _known(self) -> Mapping[tuple[str, ...], str]:
        """Every phrasing's label, by its tokens: an address more or less changes nothing."""
        read = self.lexicon.read
        return {
            _unaddressed(read(text)): label for label in self.texts for text in self.texts[label]
        }

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self.model.counts)

    def _repairs(self, words: Sequence[str]) -> Mapping[str, str]:
        """Words that were mended, and what they are read as."""
        meant = {word: self._spelling.repaired(word) for word in dict.fromkeys(words)}
        return {word: other for word, other in meant.items() if word != other}


def examples(library: Library) -> Mapping[str, Sequence[str]]:
    """All that a model learns from, by label: topics, dialog acts shown, and what is outside."""
    further = library.phrasings
    topics = {
        name: (topic.title, topic.in_a_word, *topic.phrases, *further.get(name, ()))
        for name, topic in library.topics.items()
    }
    acts = {str(act): (*library.phrases[act], *further.get(act, ())) for act in SHOWN_ACTS}
    return {**topics, **acts, OUTSIDE: library.outside}


def _unaddressed(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in ADDRESSES)


def _decide(guesses: tuple[Guess, ...], outside: float, *, short: bool) -> Decision:
    least, margin = (LEAST_OF_SHORT, MARGIN_OF_SHORT) if short else (0.0, MARGIN)
    if not guesses or outside >= REJECTED or guesses[0].score < least:
        return "unknown"
    second = guesses[1].score if len(guesses) > 1 else 0.0
    return "answer" if guesses[0].score - second >= margin else "choose"
