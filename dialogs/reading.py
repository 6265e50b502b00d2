"""Reads the files of knowledge/, each by itself; `check` finds what must hold between them."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from pydantic import BaseModel

from dialogs.check import PICTURES
from dialogs.document import Document, KnowledgeError, Problem, parse
from dialogs.pictures import Drawing, PictureForm, drawing
from dialogs.schema import ArticleForm, ProcedureForm, TopicHead, steps, validate
from dialogs.steps import Article, Procedure

F = TypeVar("F", bound=BaseModel)
P = ParamSpec("P")
T = TypeVar("T")

LONGEST_PROCEDURE = 120
LONGEST_ARTICLE = 30
"""Lines of a procedure's file, and lines on the screen of an article's text."""
WIDTH = 100
"""Characters of a line on the screen."""


class Reading:
    """Reads files, keeping all their problems, a digest of them, and their documents.

    A document is kept by its topic, or by the file's name where it is no topic's.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        self.digest = hashlib.sha256()

    def tried(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What was read. Where it could not be, its problems are kept, and the value is none that
        can be used: `finish` comes before that."""
        try:
            return read(*args, **kwargs)
        except KnowledgeError as error:
            self.problems += error.problems
            return cast("T", None)

    def each(self, paths: Iterable[Path], read: Callable[[Path], T]) -> Mapping[str, T]:
        """What each of these files holds, by the names of the files without their endings."""
        return {path.stem: self.tried(read, path) for path in sorted(paths)}

    def finish(self) -> None:
        """Raises KnowledgeError with every problem so far, if there is any."""
        if self.problems:
            raise KnowledgeError(self.problems)

    def procedure(self, path: Path) -> Procedure:
        """A procedure's file."""
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
        """An article's file: a head between two lines of ---, then Markdown."""
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
        """A picture's description."""
        document = self._document(path, f"{PICTURES}{path.stem}", self._text(path))
        return drawing(path.stem, document, validate(PictureForm, document))

    def form(self, path: Path, form: type[F]) -> F:
        """A file of names and values in a form."""
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


def _unwrapped(body: str) -> str:
    r"""Markdown with each paragraph and list item on one line: some channels show every new line.

    >>> _unwrapped("One\nparagraph.\n\n- an item\n  of two lines\n- another")
    'One paragraph.\n\n- an item of two lines\n- another'
    """
    return re.sub(r"(?<!\n)\n[ \t]*(?![-*\n]|\d+\. )(?=\S)", " ", body.strip())
