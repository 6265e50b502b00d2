"""All that the assistant knows, read from knowledge/ once and checked."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

from pydantic import BaseModel, Field, RootModel

from dialogs import check, flow, lexicon
from dialogs.document import Document, KnowledgeError, Problem, parse
from dialogs.lexicon import Lexicon
from dialogs.model import Act, Article, Place, Procedure, Step, Topic
from dialogs.schema import ProcedureForm, SourceForm, TopicHead, steps, validate
from dialogs.words import Words

F = TypeVar("F", bound=BaseModel)
P = ParamSpec("P")
T = TypeVar("T")


class Sources(RootModel[dict[str, SourceForm]]):
    """sources.yaml: the documents cited, by key."""


class Phrases(RootModel[dict[Act, Annotated[tuple[str, ...], Field(min_length=1)]]]):
    """phrases.yaml: what people type instead of pressing a button, by dialog act."""


class Phrasings(RootModel[dict[str, tuple[str, ...]]]):
    """phrasings.yaml: further phrasings by topic, and longer ones by dialog act."""


class Outside(RootModel[dict[str, tuple[str, ...]]]):
    """outside.yaml: what no topic answers, in groups whose names mean nothing to the program."""


class Reasons(RootModel[dict[str, str]]):
    """addresses.yaml: why an address is written as it is, by reason code."""


@dataclass(frozen=True)
class Library:
    """The knowledge in one language; `version` changes with every letter of it."""

    procedures: Mapping[str, Procedure]
    articles: Mapping[str, Article]
    sources: Mapping[str, SourceForm]
    words: Words
    phrases: Mapping[Act, tuple[str, ...]]
    phrasings: Mapping[str, tuple[str, ...]]
    outside: tuple[str, ...]
    lexicon: Lexicon
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
    procedures = [
        reading.tried(reading.procedure, path) for path in sorted(folder.glob("procedures/*.yaml"))
    ]
    articles = [
        reading.tried(reading.article, path) for path in sorted(folder.glob("articles/*.md"))
    ]
    sources = reading.tried(reading.form, root / "sources.yaml", Sources)
    words = reading.tried(reading.form, folder / "words.yaml", Words)
    phrases = reading.tried(reading.form, folder / "phrases.yaml", Phrases)
    phrasings = reading.tried(reading.form, folder / "phrasings.yaml", Phrasings)
    outside = reading.tried(reading.form, folder / "outside.yaml", Outside)
    lexicon = reading.tried(reading.form, folder / "lexicon.yaml", Lexicon)
    reasons = reading.tried(reading.form, folder / "addresses.yaml", Reasons)
    refusals = reading.tried(reading.form, folder / "answers.yaml", Reasons)
    if (
        reading.problems
        or not (sources and words and reasons and refusals)
        or not (phrases and phrasings and outside and lexicon)
    ):
        raise KnowledgeError(reading.problems)
    library = Library(
        procedures={p.topic: p for p in procedures if p},
        articles={a.topic: a for a in articles if a},
        sources=sources.root,
        words=words,
        phrases=phrases.root,
        phrasings=phrasings.root,
        outside=tuple(text for texts in outside.root.values() for text in texts),
        lexicon=lexicon,
        reasons={**reasons.root, **refusals.root},
        version=reading.digest.hexdigest()[:12],
    )
    if problems := list(_mistakes(library, reading.documents)):
        raise KnowledgeError(problems)
    return library


def _mistakes(library: Library, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Every mistake that a single file does not show."""
    topics = library.topics
    yield from flow.problems(library.procedures, documents)
    yield from check.of_topics(topics, library.sources, documents)
    yield from check.of_phrases(library.phrases, topics, library.phrasings, documents)
    yield from lexicon.problems(library.lexicon, documents["lexicon.yaml"])
    yield from check.of_words(library.words, topics, documents)
    yield from check.of_reasons(documents)


class _Reading:
    """Reads files, keeping all their problems, a digest of them, and their documents.

    A document is kept by its topic, or by the file's name where it is no topic's.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        self.digest = hashlib.sha256()

    def tried(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What was read; None where it could not be, and its problems are kept."""
        try:
            return read(*args, **kwargs)
        except KnowledgeError as error:
            self.problems += error.problems
            return None

    def procedure(self, path: Path) -> Procedure:
        document = self._document(path, path.stem, self._text(path))
        form = validate(ProcedureForm, document)
        facts = {name: tuple(step.facts) for name, step in form.steps.items()}
        return Procedure(path.stem, **_head(form), steps=steps(document, form), facts=facts)

    def article(self, path: Path) -> Article:
        text = self._text(path)
        head, rule, body = text.removeprefix("---\n").partition("\n---\n")
        if not (text.startswith("---\n") and rule and body.strip()):
            what = "An article has its names between two lines of ---, and its text below."
            raise self._error(path, what, "Begin it as the other articles begin.")
        form = validate(TopicHead, self._document(path, path.stem, head, first_line=2))
        text = _unwrapped(body)
        return Article(path.stem, **_head(form), text=text, facts=tuple(form.facts))

    def form(self, path: Path, form: type[F]) -> F:
        return validate(form, self._document(path, path.name, self._text(path)))

    def _text(self, path: Path) -> str:
        """A file as text: saved as UTF-8, with or without a mark at its beginning (Notepad)."""
        try:
            data = path.read_bytes()
            text = data.decode("utf-8-sig")
        except OSError as error:
            what = f"It cannot be read: {error.strerror}."
            raise self._error(path, what, "Put the file back.") from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            what = "This line is not UTF-8."
            raise self._error(path, what, "Save the file as UTF-8.", line) from error
        self.digest.update(path.name.encode() + b"\0" + data)
        return text.replace("\r\n", "\n")

    def _document(self, path: Path, key: str, text: str, first_line: int = 1) -> Document:
        if key in self.documents:
            what = f"“{key}” is the name of {self.documents[key].file}, too."
            raise self._error(path, what, "Rename one of the two files.")
        self.documents[key] = parse(text, self._name(path), first_line)
        return self.documents[key]

    def _error(self, path: Path, what: str, remedy: str, line: int = 1) -> KnowledgeError:
        return KnowledgeError([Problem(self._name(path), line, what, remedy)])

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


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
