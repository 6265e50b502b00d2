"""What operators keep in CSV files: who people are, and where cases go at a desk."""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from bot.desk.recording import Route
from bot.environment import SettingsError
from dialogs.schema import suggest

Row = Mapping[str, str]


def read_people(path: Path) -> Mapping[str, str]:
    """Sign-in addresses by the id of a channel's user, or by their object id in the directory.

    The columns are `id` and `address`. Raises SettingsError, with file and line, for a file that
    cannot be used: a person under a wrong address would be told of another's account.
    """
    people: dict[str, str] = {}
    for line, row in _rows(path, "ASSISTANT_PEOPLE", ["id", "address"]):
        if not row["id"] or "@" not in row["address"]:
            raise _mistake(path, line, "ASSISTANT_PEOPLE", "an id and an address are needed")
        if row["id"] in people:
            raise _mistake(path, line, "ASSISTANT_PEOPLE", "this id stands in a line above, too")
        people[row["id"]] = row["address"]
    return people


def read_routes(path: Path, known: Collection[str]) -> Mapping[str, Route]:
    """Routes by verdict or topic; the columns are `about`, `queue`, `priority` and `group`.

    Raises SettingsError, with file and line, for a file that cannot be used: of what is none of the
    `known` verdicts and topics there never is a case.
    """
    routes: dict[str, Route] = {}
    columns = ["about", "queue", "priority", "group"]
    for line, row in _rows(path, "ASSISTANT_DESK_ROUTES", columns):
        if not row["about"]:
            what = "a topic or a verdict is needed, and up to three values"
            raise _mistake(path, line, "ASSISTANT_DESK_ROUTES", what)
        if row["about"] not in known:
            what = f"“{row['about']}” is no verdict and no topic"
            remedy = suggest(row["about"], sorted(known))
            raise _mistake(path, line, "ASSISTANT_DESK_ROUTES", what, remedy)
        routes[row["about"]] = Route(row["queue"], row["priority"], row["group"])
    return routes


def _rows(path: Path, setting: str, columns: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """The rows of a file with their lines; what is left out at the end of one is empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restval="")
            if reader.fieldnames != columns:
                what = f"the first line must be: {','.join(columns)}"
                raise _mistake(path, 1, setting, what)
            for row in reader:
                if None in row:
                    raise _mistake(path, reader.line_num, setting, "it has too many values")
                yield reader.line_num, {name: row[name].strip() for name in columns}
    except OSError as error:
        raise SettingsError(f"{setting} names {path}: {error.strerror}.") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise SettingsError(f"{setting} names {path}, which is no CSV file.") from error


def _mistake(path: Path, line: int, setting: str, what: str, remedy: str = "") -> SettingsError:
    return SettingsError(f"{path}:{line} ({setting}): {what}. {remedy}".rstrip())
