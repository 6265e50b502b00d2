"""The exports of one deployment, read from its folder; `snapshot` keeps them up to date.

Only Get-CsUser is needed: what another export would tell is unknown without it. Nothing is guessed
where an export cannot be used: SnapshotError names its file and line.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import TypeVar

from bot.directory import exports
from bot.directory.exports import rows
from bot.directory.facts import RECORD, WINDOWS_LIVE, Account, Home, Organisation, Policy, Provider
from bot.directory.powershell import SnapshotError, mistake
from dialogs.schema import suggest

R = TypeVar("R", bound=exports.Row)

USERS = "Get-CsUser"
POLICIES = "Get-CsExternalAccessPolicy"
POOLS = "Get-CsPool"
EDGE = "Get-CsAccessEdgeConfiguration"
PROVIDERS = "Get-CsPublicProvider"
DOMAINS = "Get-CsSipDomain"
RECORDS = "Resolve-DnsName"
TENANT = "Get-CsTenantFederationConfiguration"
TENANT_PROVIDERS = "Get-CsTenantPublicProvider"
KNOWN = (
    USERS, POLICIES, POOLS, EDGE, PROVIDERS, DOMAINS, RECORDS, TENANT, TENANT_PROVIDERS,
)  # fmt: skip
ENDINGS = (".csv", ".json")

HOMES: Mapping[str, Home] = MappingProxyType(
    {"srv:": "on premises", "sipfed.online.lync.com": "online"}
)
"""What Get-CsUser's HostingProvider says of where an account is homed."""


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
    organisation = Organisation(
        federation=reading.first(EDGE, exports.EdgeRow, lambda row: row.allow_federated_users),
        default_routing=reading.first(EDGE, exports.EdgeRow, _default_routing),
        policies=reading.policies(),
        sites=reading.sites(),
        providers=reading.providers(),
        routes=reading.routes(),
        tenant_public=reading.first(TENANT, exports.TenantRow, lambda row: row.allow_public_users),
        tenant_provider=reading.tenant_provider(),
    )
    domains = {row.name.lower() for row in reading.of(DOMAINS, exports.DomainRow) or ()}
    oldest = min(path.stat().st_mtime for path in reading.read)
    as_of = datetime.fromtimestamp(int(oldest), UTC)
    name = "" if folder == root else folder.name
    return Deployment(name, users, organisation, frozenset(domains), as_of)


class _Reading:
    """Reads the exports of one folder and remembers which there were."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.read: list[Path] = []

    def of(self, name: str, form: type[R]) -> list[R] | None:
        """The rows of an export; None where there is none."""
        if self._path(name) is None:
            return None
        return [row for _, row in self.numbered(name, form)]

    def numbered(self, name: str, form: type[R]) -> Iterable[tuple[int, R]]:
        """The rows of an export that is there, with their lines."""
        path = self._path(name)
        assert path, "its caller has looked"
        self.read.append(path)
        return rows(path, form, self.shown(path))

    def shown(self, path: Path) -> str:
        """A file as people know it."""
        return _shown(self.root, path)

    def first(self, name: str, form: type[R], value: Callable[[R], bool | None]) -> bool | None:
        """A value of the one row of an export."""
        found = self.of(name, form)
        return value(found[0]) if found else None

    def users(self) -> Mapping[str, Account]:
        """The accounts by address.

        Raises SnapshotError for one that stands there twice, and where there is none at all: that
        is an export that failed, and everybody would be told that they have no account.
        """
        users: dict[str, Account] = {}
        for line, row in self.numbered(USERS, exports.UserRow):
            if row.sip_address in users:
                what = "This address stands in a line above, too."
                raise self._mistake(line, what, "Remove one, or export it again.")
            users[row.sip_address] = _account(row)
        if not users:
            raise self._mistake(1, "There is no user in it.", "Export it again.")
        return users

    def policies(self) -> Mapping[str, Policy] | None:
        """The policies by name, without the tag that marks a user policy."""
        found = self.of(POLICIES, exports.PolicyRow)
        return None if found is None else {_name(row.identity): _policy(row) for row in found}

    def sites(self) -> Mapping[str, str | None] | None:
        """The site of each pool."""
        found = self.of(POOLS, exports.PoolRow)
        return None if found is None else {r.identity.lower(): _site(r.site) for r in found}

    def providers(self) -> tuple[Provider, ...] | None:
        """The public providers; a proxy that is empty is not known."""
        found = self.of(PROVIDERS, exports.ProviderRow)
        if found is None:
            return None
        return tuple(Provider(r.identity, r.proxy_fqdn or None, r.enabled) for r in found)

    def routes(self) -> Mapping[str, tuple[str, ...]] | None:
        """The targets of each domain's federation record."""
        targets: dict[str, tuple[str, ...]] = {}
        for row in self.of(RECORDS, exports.RecordRow) or ():
            domain = row.name.lower().removeprefix(RECORD)
            more = (row.name_target,) if row.name_target else ()
            targets[domain] = (*targets.get(domain, ()), *more)
        return targets or None

    def tenant_provider(self) -> bool | None:
        """Whether the tenant has Windows Live among its public providers, and switched on."""
        found = self.of(TENANT_PROVIDERS, exports.TenantProviderRow)
        if found is None:
            return None
        live = [row.status.lower() for row in found if _is_live(row.provider)]
        return None if "" in live else "enabled" in live

    def _mistake(self, line: int, what: str, remedy: str) -> SnapshotError:
        """A mistake in the export that was read last."""
        return mistake(self.shown(self.read[-1]), line, what, remedy)

    def _path(self, name: str) -> Path | None:
        return _export(self.folder, name)


def _account(row: exports.UserRow) -> Account:
    """An account; pools and policies are shared, since many thousands have the same ones."""
    home = HOMES.get(row.hosting_provider.lower())
    pool, policy = intern(row.registrar_pool), intern(_bare(row.external_access_policy))
    return Account(row.sip_address, row.enabled, pool, home, policy)


def _policy(row: exports.PolicyRow) -> Policy:
    return Policy(
        _bare(row.identity),
        row.enable_public_cloud_access,
        row.enable_public_cloud_audio_video_access,
        row.enable_federation_access,
    )


def _bare(identity: str) -> str:
    """A user policy's name: its identity is `Tag:Name`, and Get-CsUser says `Name`."""
    return identity[len("tag:") :] if identity.lower().startswith("tag:") else identity


def _name(identity: str) -> str:
    return _bare(identity).lower()


def _site(text: str) -> str | None:
    return (text[len("site:") :] if text.lower().startswith("site:") else text) or None


def _default_routing(row: exports.EdgeRow) -> bool | None:
    return {"usednssrvrouting": False, "usedefaultrouting": True}.get(row.routing_method.lower())


def _is_live(provider: str) -> bool:
    return provider.lower().replace(" ", "") == WINDOWS_LIVE


def _refuse_repeated(root: Path, deployments: Iterable[Deployment]) -> None:
    """Raises SnapshotError where a user stands in two deployments: either could be right."""
    owners: dict[str, str] = {}
    for one in deployments:
        for address in one.users:
            first = owners.setdefault(address, one.name)
            if first != one.name:
                raise _repeated(_Reading(root, root / one.name), address, first)


def _repeated(reading: "_Reading", address: str, first: str) -> SnapshotError:
    lines = (n for n, row in reading.numbered(USERS, exports.UserRow) if row.sip_address == address)
    line = next(lines, 1)
    what = f"This address stands in {first or 'the folder above'}, too."
    return mistake(reading.shown(reading.read[0]), line, what, "Remove one of the two.")
