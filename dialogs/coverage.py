"""Which facts of the source documents are told, and where; a tag alone tells nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, RootModel

from dialogs.addresses import AddressRules
from dialogs.document import Document, Problem, Where
from dialogs.library import Library, read
from dialogs.model import Person
from dialogs.questions import CONTACT, SIP, Facts, values
from dialogs.schema import Strict, suggest
from dialogs.sentences import fill, unmarked
from dialogs.steps import Article, Choose, Step, Topic

EXAMPLES = (
    {CONTACT: "bob@contoso.com", SIP: "bob@contoso.com"},
    {CONTACT: "bob@outlook.com", SIP: "bob@contoso.com"},
)
"""Answers that names in braces are filled with, as at run time: on a custom domain, and not."""


class Fact(Strict):
    """A claim of the documents, and the terms that the steps which tell it must contain."""

    claim: str
    words: list[str] = Field(min_length=1)


class FactsFile(RootModel[dict[str, Fact]]):
    """facts.yaml: the facts by their number."""


@dataclass(frozen=True)
class Telling:
    """A place tagged with a fact: a step, or a whole article (`step` is empty)."""

    topic: str
    step: str
    where: Where
    text: str

    def __str__(self) -> str:
        return f"{self.topic}, step “{self.step}”" if self.step else self.topic


@dataclass(frozen=True)
class Coverage:
    """The facts, the file they stand in, and where each tag says it is told."""

    facts: Mapping[str, Fact]
    document: Document
    tellings: Mapping[str, tuple[Telling, ...]]


def cover(root: Path, library: Library) -> Coverage:
    """What the knowledge under a folder tells of facts.yaml. Raises KnowledgeError."""
    facts, document = read(root / "facts.yaml", FactsFile)
    tellings: dict[str, tuple[Telling, ...]] = {}
    for topic in library.topics.values():
        for fact, telling in _tellings(topic, library):
            tellings[fact] = (*tellings.get(fact, ()), telling)
    return Coverage(facts.root, document, tellings)


def listed(coverage: Coverage) -> Iterator[str]:
    """Each fact with the topics and steps that tell it, as lines."""
    for name, fact in coverage.facts.items():
        yield f"{name:4} {fact.claim}"
        steps: dict[str, list[str]] = {}
        for telling in coverage.tellings.get(name, ()):
            steps.setdefault(telling.topic, []).append(telling.step)
        for topic, told in steps.items():
            yield f"     {topic}: {', '.join(told)}" if any(told) else f"     {topic}"


def problems(coverage: Coverage, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Facts that nobody tells, tags of no fact, and tags whose words do not tell the fact."""
    for name, fact in coverage.facts.items():
        if told := coverage.tellings.get(name):
            yield from _untold(name, fact, told, documents)
        else:
            remedy = f"Tag the step that tells it with `facts: [{name}]`."
            yield coverage.document.problem((name,), f"No topic tells {name}.", remedy)
    for name, told in coverage.tellings.items():
        if name not in coverage.facts:
            for telling in told:
                what, remedy = f"“{name}” is no known fact.", suggest(name, list(coverage.facts))
                yield documents[telling.topic].problem(telling.where, what, remedy)


def _untold(
    name: str, fact: Fact, told: Iterable[Telling], documents: Mapping[str, Document]
) -> Iterator[Problem]:
    first, *_ = told = tuple(told)
    text = "\n".join(telling.text for telling in told)
    places = "; ".join(map(str, told))
    for word in fact.words:
        if not re.search(rf"(?<!\w){re.escape(_even(word))}(?!\w)", text):
            what = f"{name} is tagged, but “{word}” is not told in {places}."
            remedy = "Tell it there, or move the tag to where it is told."
            yield documents[first.topic].problem(first.where, what, remedy)


def _tellings(topic: Topic, library: Library) -> Iterator[tuple[str, Telling]]:
    if isinstance(topic, Article):
        for fact in topic.facts:
            yield fact, Telling(topic.topic, "", ("facts",), _even(topic.text))
        return
    for name, facts in topic.facts.items():
        text = _told(topic.steps[name], library)
        for fact in facts:
            yield fact, Telling(topic.topic, name, ("steps", name, "facts"), text)


def _told(step: Step, library: Library) -> str:
    """All that a step shows, its names in braces filled as for each of the examples."""
    options = step.options if isinstance(step, Choose) else ()
    parts = [getattr(step, name, "") for name in ("text", "type_this", "because")]
    source = getattr(step, "source", "")
    cited = [library.cited(source)] if source else []
    facts = Facts(Person(""), AddressRules(), library.reasons)
    known = [values(facts, answers) for answers in EXAMPLES]
    shown = (fill(text, named) for text in (*parts, *options, *cited) for named in known)
    return "\n".join(dict.fromkeys(map(_even, shown)))  # no term is found across two of them


def _even(text: str) -> str:
    """A text without marks of Markdown, line ends and capitals, in which terms are looked for."""
    return " ".join(unmarked(text).split()).casefold()
