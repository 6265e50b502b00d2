"""All that the assistant knows, read from knowledge/ once and checked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, RootModel

from dialogs import check, flow, lexicon, verdicts
from dialogs.document import Document, Problem
from dialogs.lexicon import Lexicon
from dialogs.memory import Place
from dialogs.model import Act
from dialogs.pictures import Drawing
from dialogs.reading import Reading
from dialogs.schema import ALL, NoticeForm, SourceForm
from dialogs.sentences import fill
from dialogs.steps import Article, Notice, Procedure, Step, Topic
from dialogs.verdicts import Fixed, Fixes
from dialogs.words import Words

F = TypeVar("F", bound=BaseModel)


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
    fixes: Mapping[str, Fixed]
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

    def keeping_cases(self) -> "Library":
        """The same knowledge where cases are recorded and sent nowhere, and told so."""
        words = self.words
        case = words.case.model_copy(update=dict(words.case_kept_here))
        return replace(self, words=words.model_copy(update={"case": case}))

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
    reading = Reading(path.parent)
    return reading.form(path, form), reading.documents[path.name]


def study(
    root: Path, language: str = "en", talks: Collection[str] | None = None
) -> tuple[Library, Mapping[str, Document]]:
    """The knowledge as `load` reads it, and its files as they are written, by topic."""
    reading = Reading(root)
    library = _read(reading, root, root / language)
    reading.problems += _mistakes(library, reading.documents)
    if talks is not None:
        reading.problems += check.of_talks(library.topics, talks, reading.documents)
    reading.finish()
    return library, reading.documents


def _read(reading: Reading, root: Path, folder: Path) -> Library:
    """Every file, each in order by itself."""
    form, tried = reading.form, reading.tried
    procedures = reading.each(folder.glob("procedures/*.yaml"), reading.procedure)
    articles = reading.each(folder.glob("articles/*.md"), reading.article)
    pictures = reading.each(folder.glob("pictures/*.yaml"), reading.picture)
    sources = tried(form, root / "sources.yaml", Sources)
    words = tried(form, folder / "words.yaml", Words)
    phrases = tried(form, folder / "phrases.yaml", Phrases)
    phrasings = tried(form, folder / "phrasings.yaml", Phrasings)
    outside = tried(form, folder / "outside.yaml", Outside)
    lexicon = tried(form, folder / "lexicon.yaml", Lexicon)
    reasons = tried(form, folder / "addresses.yaml", Reasons)
    refusals = tried(form, folder / "answers.yaml", Reasons)
    notices = tried(form, folder / "notices.yaml", Notices)
    fixes = tried(form, folder / "verdict.yaml", Fixes)
    reading.finish()
    return Library(
        procedures=procedures,
        articles=articles,
        sources=sources.root,
        words=words,
        phrases=phrases.root,
        phrasings=phrasings.root,
        outside=tuple(text for texts in outside.root.values() for text in texts),
        lexicon=lexicon,
        reasons={**reasons.root, **refusals.root},
        notices=tuple(_notice(name, notice) for name, notice in notices.root.items()),
        pictures=pictures,
        fixes=fixes.root,
        version=reading.digest.hexdigest()[:12],
    )


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
    yield from verdicts.problems(library.fixes, topics, documents["verdict.yaml"])


def _notice(name: str, form: NoticeForm) -> Notice:
    topics = () if form.topics == [ALL] else form.topics
    told_in = frozenset(form.told_in)
    enabled = form.enabled == "yes"
    return Notice(name, frozenset(topics), told_in, form.from_, form.text, form.source, enabled)
