"""The exports of the Get-Cs* cmdlets: their rows in the form of each, or what is wrong with one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.directory.forms import R, Row, Text
from bot.directory.powershell import Line, SnapshotError, lines
from dialogs.document import Problem
from dialogs.schema import suggest


class RecordRow(Row):
    """Resolve-DnsName -Type SRV; no target: it was asked for, and there is no record."""

    name: str
    name_target: Text


def rows(path: Path, form: type[R], shown: str) -> Iterator[tuple[int, R]]:
    """The rows of an export in their form, each with its line; `shown` names the file to people.

    Raises SnapshotError for the first row that cannot be used.
    """
    for line in lines(path, shown):
        try:
            yield line.number, form.model_validate(line.value)
        except ValidationError as error:
            raise SnapshotError([_problem(e, line, shown) for e in error.errors()]) from error


def _problem(error: Any, line: Line, shown: str) -> Problem:
    name = str(error["loc"][0])
    if error["type"] == "missing":
        what, remedy = f"“{name}” is missing.", suggest(name, list(line.value))
        if not remedy.startswith("Did"):
            remedy = f"Export it with Select-Object, {name} among the properties."
        return Problem(shown, line.number, what, remedy)
    said = error["msg"] if error["type"] in {"flag", "sip"} else "must be a text"
    remedy = "Correct it, or export it again."
    return Problem(shown, line.number, f"“{name}” {said}.", remedy)
