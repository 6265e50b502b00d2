"""All that the assistant knows, read from knowledge/ once and checked."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

from pydantic import BaseModel, Field, RootModel

from dialogs import check, flow, lexicon
from dialogs.check import PICTURES
from dialogs.document import Document, KnowledgeError, Problem, parse
from dialogs.lexicon import Lexicon
from dialogs.model import Act, Article, Notice, Place, Procedure, Step, Topic
from dialogs.pictures import Drawing, PictureForm, drawing
from dialogs.schema import (
    ALL,
    ArticleForm,
    NoticeForm,
    ProcedureForm,
    SourceForm,
    TopicHead,
    steps,
    validate,
)
from dialogs.words import Words, fill

F = TypeVar("F", bound=BaseModel)
P = ParamSpec("P")
T = TypeVar("T")

LONGEST_PROCEDURE = 120
LONGEST_ARTICLE = 30
"""Lines of a procedure's file, and lines on the screen of an article's text."""
WIDTH = 100
"""Characters of a line on the screen."""


class Sources(RootModel[dict[str, SourceForm]]):
    """sources.yaml: the documents cited, by key."""


class Notices(RootModel[dict[str, NoticeForm]]):
    """notices.yaml: what has changed since the documents were written, by name."""


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
    notices: tuple[Notice, ...]
    pictures: Mapping[str, Drawing]
    version: str

    def topic(self, topic: str) -> Topic | None:
        """A procedure or an article by its id."""
        return self.procedures.get(topic) or self.articles.get(topic)

    def step(self, place: Place) -> Step | None:
        """The step at a place, unless the procedure has changed and has it no more."""
        procedure = self.procedures.get(place.procedure)
        return procedure.steps.get(place.step) if procedure else None

    def hiding(self, names: Collection[str]) -> "Library":
        """The same knowledge, but these notices are never told."""
        hidden = (n if n.name not in names else replace(n, enabled=False) for n in self.notices)
        return replace(self, notices=tuple(hidden))

    def cited(self, source: str) -> str:
        """A document, and its section, as the small print names it."""
        key, _, section = source.partition("#")
        document = self.sources[key]
        form = self.words.step.source_section if section else self.words.step.source_item
        named = {
            "title": document.title,
            "publisher": document.publisher,
            "date": document.date,
            "section": document.sections.get(section, ""),
        }
        return fill(form, named)

    @property
    def topics(self) -> Mapping[str, Topic]:
        """Procedures and articles by id."""
        return {**self.procedures, **self.articles}


def load(root: Path, language: str = "en", talks: Collection[str] | None = None) -> Library:
    """The knowledge under a folder. Raises KnowledgeError with every mistake in it.

    Where the names of the talks are given, a topic without one is a mistake, too.
    """
    return study(root, language, talks)[0]


def read(path: Path, form: type[F]) -> tuple[F, Document]:
    """One knowledge file in its form, and as it is written. Raises KnowledgeError."""
    reading = _Reading(path.parent)
    return reading.form(path, form), reading.documents[path.name]


def study(
    root: Path, language: str = "en", talks: Collection[str] | None = None
) -> tuple[Library, Mapping[str, Document]]:
    """The knowledge as `load` reads it, and its files as they are written, by topic."""
    reading = _Reading(root)
    folder = root / language
    procedures = [
        reading.tried(reading.procedure, path) for path in sorted(folder.glob("procedures/*.yaml"))
    ]
    articles = [
        reading.tried(reading.article, path) for path in sorted(folder.glob("articles/*.md"))
    ]
    pictures = {
        path.stem: reading.tried(reading.picture, path)
        for path in sorted(folder.glob("pictures/*.yaml"))
    }
    sources = reading.tried(reading.form, root / "sources.yaml", Sources)
    words = reading.tried(reading.form, folder / "words.yaml", Words)
    phrases = reading.tried(reading.form, folder / "phrases.yaml", Phrases)
    phrasings = reading.tried(reading.form, folder / "phrasings.yaml", Phrasings)
    outside = reading.tried(reading.form, folder / "outside.yaml", Outside)
    lexicon = reading.tried(reading.form, folder / "lexicon.yaml", Lexicon)
    reasons = reading.tried(reading.form, folder / "addresses.yaml", Reasons)
    refusals = reading.tried(reading.form, folder / "answers.yaml", Reasons)
    notices = reading.tried(reading.form, folder / "notices.yaml", Notices)
    if (
        reading.problems
        or not (sources and words and reasons and refusals and notices)
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
        notices=tuple(_notice(name, form) for name, form in notices.root.items()),
        pictures={name: drawn for name, drawn in pictures.items() if drawn},
        version=reading.digest.hexdigest()[:12],
    )
    problems = list(_mistakes(library, reading.documents))
    if talks is not None:
        problems += check.of_talks(library.topics, talks, reading.documents)
    if problems:
        raise KnowledgeError(problems)
    return library, reading.documents


def _mistakes(library: Library, documents: Mapping[str, Document]) -> Iterator[Problem]:
    """Every mistake that a single file does not show."""
    topics = library.topics
    yield from flow.problems(library.procedures, documents)
    yield from check.of_topics(topics, library.sources, documents)
    yield from check.of_pictures(library.procedures, library.pictures, documents)
    yield from check.of_phrases(library.phrases, topics, library.phrasings, documents)
    yield from lexicon.problems(library.lexicon, documents["lexicon.yaml"])
    yield from check.of_notices(library.notices, topics, library.sources, documents)
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
        text = self._text(path)
        document = self._document(path, path.stem, text)
        form = validate(ProcedureForm, document)
        self._short(path, "procedure", len(text.splitlines()), LONGEST_PROCEDURE)
        facts = {name: tuple(step.facts) for name, step in form.steps.items()}
        return Procedure(
            path.stem,
            **_head(form),
            steps=steps(document, form),
            facts=facts,
            other_way=form.other_way,
        )

    def article(self, path: Path) -> Article:
        text = self._text(path)
        head, rule, body = text.removeprefix("---\n").partition("\n---\n")
        if not (text.startswith("---\n") and rule and body.strip()):
            what = "An article has its names between two lines of ---, and its text below."
            raise self._error(path, what, "Begin it as the other articles begin.")
        form = validate(ArticleForm, self._document(path, path.stem, head, first_line=2))
        lines = sum(len(line) // WIDTH + 1 for line in body.strip().splitlines())
        self._short(path, "article", lines, LONGEST_ARTICLE)
        text = _unwrapped(body)
        return Article(path.stem, **_head(form), text=text, facts=tuple(form.facts))

    def picture(self, path: Path) -> Drawing:
        document = self._document(path, f"{PICTURES}{path.stem}", self._text(path))
        return drawing(path.stem, document, validate(PictureForm, document))

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

    def _short(self, path: Path, what: str, lines: int, limit: int) -> None:
        """Notes a procedure or an article that is too long to be seen at once."""
        if lines > limit:
            long = f"The {what} has {lines} lines, and at most {limit} can be seen at once."
            remedy = "Move a part of it into a topic of its own."
            self.problems.append(Problem(self._name(path), 1, long, remedy))

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


def _notice(name: str, form: NoticeForm) -> Notice:
    topics = () if form.topics == [ALL] else form.topics
    told_in = frozenset(form.told_in)
    enabled = form.enabled == "yes"
    return Notice(name, frozenset(topics), told_in, form.from_, form.text, form.source, enabled)


def _unwrapped(body: str) -> str:
    r"""Markdown with each paragraph and list item on one line: some channels show every new line.

    >>> _unwrapped("One\nparagraph.\n\n- an item\n  of two lines\n- another")
    'One paragraph.\n\n- an item of two lines\n- another'
    """
    return re.sub(r"(?<!\n)\n[ \t]*(?![-*\n]|\d+\. )(?=\S)", " ", body.strip())
