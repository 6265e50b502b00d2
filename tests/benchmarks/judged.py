"""What is told of a matcher by its scores for questions whose label is known."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from rapidfuzz import fuzz, process

from dialogs.model import OUTSIDE

from .matchers import Matcher, Scores
from .questions import Question, Texts

T = TypeVar("T")
Learn = Callable[[Texts], Matcher]

FOLDS = 5
ALIKE = 85
"""A phrasing that is so like a question that is asked (ratio) would give its answer away."""
PASSED_OVER = 0.07
"""The part of all questions about topics that may be taken for outside ones."""


@dataclass(frozen=True)
class Judged:
    """A question, and the scores that it was given."""

    question: Question
    scores: Scores

    @property
    def topics(self) -> list[str]:
        """The labels by their scores, best first; what is outside is none of them."""
        ranked = sorted(self.scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return [label for label, _ in ranked if label != OUTSIDE]

    def within(self, first: int) -> bool:
        """Whether the right label is among the first."""
        return self.question.label in self.topics[:first]

    @property
    def outside(self) -> float:
        """How far being outside is ahead of the best topic."""
        best = self.scores[self.topics[0]] if self.topics else 0.0
        return self.scores.get(OUTSIDE, 0.0) - best


def folded(
    questions: Sequence[Question], texts: Texts, learn: Callable[[Texts], Callable[[str], T]]
) -> list[tuple[Question, T]]:
    """What every question gets from one who has learned from nothing equal to it, or nearly so."""
    answered = []
    for fold in range(FOLDS):
        asked = questions[fold::FOLDS]
        matcher = learn(_without(texts, [question.text.lower() for question in asked]))
        answered += [(question, matcher(question.text)) for question in asked]
    return answered


def _without(texts: Texts, asked: Collection[str]) -> Texts:
    def near(text: str) -> bool:
        return bool(
            process.extractOne(text.lower(), asked, scorer=fuzz.ratio, score_cutoff=ALIKE + 1e-9)
        )

    return {label: [text for text in texts[label] if not near(text)] for label in texts}


def part(rows: Sequence[bool]) -> float:
    """How many of them are so, of one; of none, none."""
    return sum(rows) / len(rows) if rows else 0.0


def about_topics(judged: Sequence[Judged], kind: str = "") -> list[Judged]:
    """Those that are about a topic, of one kind or of all."""
    inside = (row for row in judged if row.question.label != OUTSIDE)
    return [row for row in inside if kind in {"", row.question.kind}]


def right(judged: Sequence[Judged], first: int = 1, kind: str = "") -> float:
    """How often the right topic is among the first."""
    return part([row.within(first) for row in about_topics(judged, kind)])


def turned_away(judged: Sequence[Judged]) -> float:
    """What part of outside questions is found where few others are taken for such."""
    inside = sorted((row.outside for row in about_topics(judged)), reverse=True)
    limit = inside[int(PASSED_OVER * len(inside))]
    return part([row.outside > limit for row in judged if row.question.label == OUTSIDE])


def threshold(texts: Texts, learn: Learn) -> float:
    """The score that nine in ten training texts reach with a matcher that has not seen them."""
    flat = [Question(text, label) for label in texts for text in texts[label]]
    reached = []
    for fold in range(FOLDS):
        held = set(range(fold, len(flat), FOLDS))
        rest: dict[str, list[str]] = {label: [] for label in texts}
        for i, question in enumerate(flat):
            if i not in held:
                rest[question.label].append(question.text)
        matcher = learn({label: found for label, found in rest.items() if found})
        reached += [max(matcher(flat[i].text).values(), default=0.0) for i in held]
    return sorted(reached)[len(reached) // 10]


def correlation(judged: Sequence[Judged], least: float) -> float:
    """Matthews' correlation of labels where what scores less than `least` counts as outside."""
    pairs = [(row.question.label, _label(row, least)) for row in judged]
    labels = {label for pair in pairs for label in pair}
    total, hits = len(pairs), sum(one == other for one, other in pairs)
    true = {label: sum(one == label for one, _ in pairs) for label in labels}
    said = {label: sum(other == label for _, other in pairs) for label in labels}
    both = sum(true[label] * said[label] for label in labels)
    spread = (total**2 - sum(n * n for n in true.values())) * (
        total**2 - sum(n * n for n in said.values())
    )
    return (hits * total - both) / sqrt(spread) if spread else 0.0


def best_correlation(judged: Sequence[Judged]) -> float:
    """The same at the best of all thresholds, as it is published."""
    scores = {max(row.scores.values(), default=0.0) for row in judged}
    return max(correlation(judged, least) for least in sorted(scores)[::5])


def _label(row: Judged, least: float) -> str:
    sure = row.topics and max(row.scores.values()) >= least
    return row.topics[0] if sure else OUTSIDE
