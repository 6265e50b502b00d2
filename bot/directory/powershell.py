"""Files as PowerShell writes them, row by row, each with its line.

CSV (Export-Csv) or JSON (ConvertTo-Json), in UTF-8 or UTF-16, with or without a line of types; a
JSON export of one object is no list.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogs.document import Problem

TYPES = "#TYPE"
"""How the first line begins that Export-Csv writes unless told not to."""


class SnapshotError(Exception):
    """Exports that cannot be used; `problems` names every mistake with its file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Line:
    """Where a row begins in its file, and what it holds."""

    number: int
    value: dict[str, Any]


def lines(path: Path, shown: str) -> Iterator[Line]:
    """The rows of a file; `shown` names it to people. Raises SnapshotError with the line."""
    text = _decoded(path, shown)
    return _json(text, shown) if path.suffix == ".json" else _csv(text, shown)


def _decoded(path: Path, shown: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"It cannot be read: {error.strerror}."
        raise mistake(shown, 1, what, "Let the service read it.") from error
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = "This line is neither UTF-8 nor UTF-16."
        raise mistake(shown, line, what, "Export it with -Encoding UTF8.") from error


def _csv(text: str, shown: str) -> Iterator[Line]:
    skipped = text.startswith(TYPES)
    if skipped:
        text = text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    above = int(skipped)
    try:
        names = next(reader, [])
        begins = reader.line_num + above + 1
        for cells in reader:
            if cells and len(cells) != len(names):
                what = f"This row has {len(cells)} values, and the first line names {len(names)}."
                raise mistake(shown, begins, what, "Export it again with Export-Csv.")
            if cells:
                yield Line(begins, dict(zip(names, cells, strict=True)))
            begins = reader.line_num + above + 1
    except csv.Error as error:
        line, what = reader.line_num + above, f"This is not CSV: {error}."
        raise mistake(shown, line, what, "Export it again with Export-Csv.") from error


def _json(text: str, shown: str) -> Iterator[Line]:
    """One object after the other, so that the line of each is known."""
    decoder, at, number, counted = json.JSONDecoder(), _after_blanks(text, 0), 1, 0
    many = text[at : at + 1] == "["
    at = _after_blanks(text, at + many)
    while text[at : at + 1] not in ("]", ""):
        number, counted = number + text.count("\n", counted, at), at
        try:
            value, end = decoder.raw_decode(text, at)
        except ValueError as error:
            line = getattr(error, "lineno", number)
            what = f"This is not JSON: {getattr(error, 'msg', error)}."
            raise mistake(shown, line, what, "Export it again with ConvertTo-Json.") from error
        if not isinstance(value, dict):
            what, remedy = "This is no object.", "Export objects with ConvertTo-Json."
            raise mistake(shown, number, what, remedy)
        yield Line(number, value)
        at = _after_blanks(text, end)
        if not many:
            break
        at = _after_comma(text, at, shown)
    if many != (text[at : at + 1] == "]") or text[at + many :].strip():
        line = text.count("\n", 0, at) + 1
        what = "The file ends too early, or goes on behind its end."
        raise mistake(shown, line, what, "Export it again with ConvertTo-Json.")


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _after_comma(text: str, at: int, shown: str) -> int:
    match text[at : at + 1]:
        case ",":
            return _after_blanks(text, at + 1)
        case "]" | "":
            return at
    line, what = text.count("\n", 0, at) + 1, "A comma is missing before this."
    raise mistake(shown, line, what, "Export it again with ConvertTo-Json.")


def mistake(shown: str, line: int, what: str, remedy: str) -> SnapshotError:
    """One mistake in an export."""
    return SnapshotError([Problem(shown, line, what, remedy)])
