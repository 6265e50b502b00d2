"""All that the assistant knows, read from knowledge/ once and checked."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel

from dialogs import check
from dialogs.document import Document, KnowledgeError, Problem, parse
from dialogs.model import Article, Place, Procedure, Step, Topic
from dialogs.schema import ProcedureForm, SourceForm, TopicHead, steps, validate
from dialogs.words import Words

F = TypeVar("F", bound=BaseModel)


class Sources(RootModel[dict[str, SourceForm]]):
    """sources.yaml: the documents cited, by key."""


class Phrases(RootModel[dict[str, tuple[str, ...]]]):
    """phrases.yaml: what people type instead of pressing a button, by dialog act."""


class Reasons(RootModel[dict[str, str]]):
    """addresses.yaml: why an address is written as it is, by reason code."""


@dataclass(frozen=True)
class Library:
    """The knowledge in one language; `version` changes with every letter of it."""

    procedures: Mapping[str, Procedure]
    articles: Mapping[str, Article]
    sources: Mapping[str, SourceForm]
    words: Words
    phrases: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, str]
    version: str

    def topic(self, topic: str) -> Topic | None:
        """A procedure or an article by its id."""
        return self.procedures.get(topic) or self.articles.get(topic)

    def step(self, place: Place) -> Step | None:
        """The step at a place, unless the procedure has changed and has it no more."""
        procedure = self.procedures.get(place.procedure)
        return procedure.steps.get(place.step) if procedure else None

    @property
    def topics(self) -> Mapping[str, Topic]:
        """Procedures and articles by id."""
        return {**self.procedures, **self.articles}


def load(root: Path, language: str = "en") -> Library:
    """The knowledge under a folder. Raises KnowledgeError with every mistake in it."""
    reading = _Reading(root)
    folder = root / language
    procedures = [reading.procedure(path) for path in sorted(folder.glob("procedures/*.yaml"))]
    articles = [reading.article(path) for path in sorted(folder.glob("articles/*.md"))]
    sources = reading.form(root / "sources.yaml", Sources)
    words = reading.form(folder / "words.yaml", Words)
    phrases = reading.form(folder / "phrases.yaml", Phrases)
    reasons = reading.form(folder / "addresses.yaml", Reasons)
    if not (sources and words and phrases and reasons) or reading.problems:
        raise KnowledgeError(reading.problems)
    library = Library(
        procedures={p.topic: p for p in procedures if p},
        articles={a.topic: a for a in articles if a},
        sources=sources.root,
        words=words,
        phrases=phrases.root,
        reasons=reasons.root,
        version=reading.digest.hexdigest()[:12],
    )
    if problems := list(check.problems(library.topics, library.sources, reading.documents)):
        raise KnowledgeError(problems)
    return library


class _Reading:
    """Reads files, keeping their documents by topic, their problems, and a digest of them all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        self.digest = hashlib.sha256()

    def procedure(self, path: Path) -> Procedure | None:
        document = self._document(path)
        form = document and self._valid(ProcedureForm, document)
        if not (document and form):
            return None
        try:
            made = steps(document, form)
        except KnowledgeError as error:
            self.problems += error.problems
            return None
        return Procedure(path.stem, **_head(form), steps=made)

    def article(self, path: Path) -> Article | None:
        text = path.read_text(encoding="utf-8")
        head, _, body = text.removeprefix("---\n").partition("\n---\n")
        document = self._document(path, head, first_line=2)
        form = document and self._valid(TopicHead, document)
        return Article(path.stem, **_head(form), text=_unwrapped(body)) if form else None

    def form(self, path: Path, form: type[F]) -> F | None:
        document = self._document(path)
        return self._valid(form, document) if document else None

    def _document(
        self, path: Path, text: str | None = None, first_line: int = 1
    ) -> Document | None:
        name = str(path.relative_to(self.root))
        try:
            text = path.read_text(encoding="utf-8") if text is None else text
            self.digest.update(path.read_bytes())
            document = self.documents[path.stem] = parse(text, name, first_line)
        except (OSError, UnicodeDecodeError) as error:
            remedy = "Put the file back, saved as UTF-8."
            self.problems.append(Problem(name, 1, f"It cannot be read ({error}).", remedy))
        except KnowledgeError as error:
            self.problems += error.problems
        else:
            return document
        return None

    def _valid(self, form: type[F], document: Document) -> F | None:
        try:
            return validate(form, document)
        except KnowledgeError as error:
            self.problems += error.problems
            return None


def _head(form: TopicHead) -> dict[str, Any]:
    return {
        "title": form.title,
        "in_a_word": form.in_a_word,
        "phrases": tuple(form.when_people_say),
        "sources": tuple(form.sources),
    }


def _unwrapped(body: str) -> str:
    r"""Markdown with each paragraph and list item on one line: some channels show every new line.

    >>> _unwrapped("One\nparagraph.\n\n- an item\n  of two lines\n- another")
    'One paragraph.\n\n- an item of two lines\n- another'
    """
    return re.sub(r"(?<!\n)\n[ \t]*(?![-*\n]|\d+\. )(?=\S)", " ", body.strip())
