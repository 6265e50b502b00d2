"""The exports of one deployment, read from its folder; `snapshot` keeps them up to date.

Only Get-CsUser is needed: what another export would tell is unknown without it. Nothing is guessed
where an export cannot be used: SnapshotError names its file and line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.directory import cmdlets
from bot.directory.cmdlets import DOMAINS, USERS
from bot.directory.exports import RecordRow, rows
from bot.directory.facts import RECORD, Account, Organisation
from bot.directory.forms import DomainRow, R, UserRow
from bot.directory.powershell import SnapshotError, mistake
from dialogs.schema import suggest

RECORDS = "Resolve-DnsName"
KNOWN = (USERS, *cmdlets.FOR_EVERYBODY, DOMAINS, RECORDS)
ENDINGS = (".csv", ".json")


@dataclass(frozen=True)
class Deployment:
    """The exports of one folder, as values."""

    name: str
    users: Mapping[str, Account]
    organisation: Organisation
    domains: frozenset[str]
    as_of: datetime


def load(folder: Path) -> tuple[Deployment, ...]:
    """All deployments in a folder. Raises SnapshotError for the first export with a mistake."""
    deployments = tuple(_deployment(folder, one) for one in _folders(folder))
    if not deployments:
        what = f"There is no export {USERS}.csv or {USERS}.json."
        raise mistake(folder.name, 1, what, "Put the exports there, or name another folder.")
    _refuse_repeated(folder, deployments)
    return deployments


def _folders(folder: Path) -> list[Path]:
    """The folders that hold exports. Raises SnapshotError for a file that is none."""
    inner = sorted(one for one in folder.glob("*/") if one.is_dir())
    found = [one for one in (folder, *inner) if _files(one)]
    for one in found:
        _refuse_unknown(folder, one)
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.*") if path.suffix in ENDINGS)


def _refuse_unknown(root: Path, folder: Path) -> None:
    """A misspelt name would make unknown what was exported; without users nothing can be asked."""
    files = _files(folder)
    for path in files:
        if path.stem not in KNOWN:
            what = "No export that is read has this name."
            raise mistake(_shown(root, path), 1, what, suggest(path.stem, KNOWN))
    if all(path.stem != USERS for path in files):
        what = f"There is no {USERS}.csv or {USERS}.json beside it."
        raise mistake(_shown(root, files[0]), 1, what, "Export the users, too.")


def _shown(root: Path, path: Path) -> str:
    """A file as people know it."""
    return path.relative_to(root.parent).as_posix()


def _export(folder: Path, name: str) -> Path | None:
    found = [path for end in ENDINGS if (path := folder / f"{name}{end}").exists()]
    if len(found) > 1:
        what = f"There is a {found[1].name}, too."
        raise mistake(f"{folder.name}/{found[0].name}", 1, what, "Remove one of the two.")
    return found[0] if found else None


def _deployment(root: Path, folder: Path) -> Deployment:
    reading = _Reading(root, folder)
    users = reading.users()
    organisation = replace(cmdlets.organisation(reading.of), routes=reading.routes())
    domains = cmdlets.domains(reading.of(DOMAINS, DomainRow) or ())
    oldest = min(path.stat().st_mtime for path in reading.read)
    as_of = datetime.fromtimestamp(int(oldest), UTC)
    name = "" if folder == root else folder.name
    return Deployment(name, users, organisation, domains, as_of)


class _Reading:
    """Reads the exports of one folder and remembers which there were."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.read: list[Path] = []

    def of(self, cmdlet: str, form: type[R]) -> list[R] | None:
        """The rows of an export; None where there is none."""
        if self._path(cmdlet) is None:
            return None
        return [row for _, row in self.numbered(cmdlet, form)]

    def numbered(self, name: str, form: type[R]) -> Iterable[tuple[int, R]]:
        """The rows of an export that is there, with their lines."""
        path = self._path(name)
        assert path, "its caller has looked"
        self.read.append(path)
        return rows(path, form, self.shown(path))

    def shown(self, path: Path) -> str:
        """A file as people know it."""
        return _shown(self.root, path)

    def users(self) -> Mapping[str, Account]:
        """The accounts by address.

        Raises SnapshotError for one that stands there twice, and where there is none at all: that
        is an export that failed, and everybody would be told that they have no account.
        """
        users: dict[str, Account] = {}
        for line, row in self.numbered(USERS, UserRow):
            if row.sip_address in users:
                what = "This address stands in a line above, too."
                raise self._mistake(line, what, "Remove one, or export it again.")
            users[row.sip_address] = cmdlets.account(row)
        if not users:
            raise self._mistake(1, "There is no user in it.", "Export it again.")
        return users

    def routes(self) -> Mapping[str, tuple[str, ...]] | None:
        """The targets of each domain's federation record."""
        targets: dict[str, tuple[str, ...]] = {}
        for row in self.of(RECORDS, RecordRow) or ():
            domain = row.name.lower().removeprefix(RECORD)
            more = (row.name_target,) if row.name_target else ()
            targets[domain] = (*targets.get(domain, ()), *more)
        return targets or None

    def _mistake(self, line: int, what: str, remedy: str) -> SnapshotError:
        """A mistake in the export that was read last."""
        return mistake(self.shown(self.read[-1]), line, what, remedy)

    def _path(self, name: str) -> Path | None:
        return _export(self.folder, name)


def _refuse_repeated(root: Path, deployments: Iterable[Deployment]) -> None:
    """Raises SnapshotError where a user stands in two deployments: either could be right."""
    owners: dict[str, str] = {}
    for one in deployments:
        for address in one.users:
            first = owners.setdefault(address, one.name)
            if first != one.name:
                raise _repeated(_Reading(root, root / one.name), address, first)


def _repeated(reading: "_Reading", address: str, first: str) -> SnapshotError:
    lines = (n for n, row in reading.numbered(USERS, UserRow) if row.sip_address == address)
    line = next(lines, 1)
    what = f"This address stands in {first or 'the folder above'}, too."
    return mistake(reading.shown(reading.read[0]), line, what, "Remove one of the two.")
