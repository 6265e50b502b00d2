"""Who people are, by the ids that channels give them; read from a file that the operator keeps."""

import csv
from collections.abc import Mapping
from pathlib import Path

from bot.settings import SettingsError

COLUMNS = ["id", "address"]


def read_people(path: Path) -> Mapping[str, str]:
    """Sign-in addresses by the id of a channel's user, or by their object id in the directory.

    The file is CSV with the columns `id` and `address`. Raises SettingsError, with file and line,
    for one that cannot be used: a person under a wrong address would be told of another's account.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if reader.fieldnames != COLUMNS:
                raise _mistake(path, 1, "the first line must be: id,address")
            return _people(path, reader)
    except OSError as error:
        raise SettingsError(f"ASSISTANT_PEOPLE names {path}: {error.strerror}.") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise SettingsError(f"ASSISTANT_PEOPLE names {path}, which is no CSV file.") from error


def _people(path: Path, reader: "csv.DictReader[str]") -> Mapping[str, str]:
    people: dict[str, str] = {}
    for row in reader:
        own_id, address = (row["id"] or "").strip(), (row["address"] or "").strip()
        if not own_id or "@" not in address or None in row:
            raise _mistake(path, reader.line_num, "an id and an address are needed")
        if own_id in people:
            raise _mistake(path, reader.line_num, "this id stands in a line above, too")
        people[own_id] = address
    return people


def _mistake(path: Path, line: int, what: str) -> SettingsError:
    return SettingsError(f"{path}:{line} (ASSISTANT_PEOPLE): {what}.")
