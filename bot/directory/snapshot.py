"""The snapshot source: exports of the Get-Cs* cmdlets in a folder, read anew when they change.

Each folder in it holds one deployment; exports may also lie in the folder itself.
"""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from time import monotonic

from bot.directory.deployment import ENDINGS, Deployment, load
from bot.directory.facts import Account, Facts
from bot.directory.powershell import SnapshotError
from bot.directory.source import Known, Unreadable

Stamps = list[tuple[str, int, int]]


LOOK_EVERY = 1.0
"""Seconds within which the folder is not looked at again: that costs more than an answer."""


class Snapshot:
    """A folder of exports; `clock` tells the day of a question, `seconds` only ever grow."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.folder = folder
        self._clock, self._seconds = clock, seconds
        self._look_at = float("-inf")
        self._lock = asyncio.Lock()
        self._seen: Stamps | None = None
        self._latest: tuple[Deployment, ...] | SnapshotError = ()

    async def user(self, address: str) -> Known:
        """The facts of a user; one who is in no export is not found."""
        deployments = await self._current()
        today = self._clock().date()
        for one in deployments:
            if account := one.users.get(address):
                facts = Facts(account, found=True, organisation=one.organisation, today=today)
                return Known(facts, "snapshot", one.as_of, one.name)
        nobody = Facts(Account(address), found=False, today=today)
        return Known(nobody, "snapshot", min(one.as_of for one in deployments))

    async def organisation(self) -> tuple[Known, ...]:
        """The facts of each deployment."""
        deployments, today = await self._current(), self._clock().date()
        return tuple(_of_deployment(one, today) for one in deployments)

    async def sip_domains(self) -> tuple[str, ...]:
        """The domains of all deployments."""
        return tuple(sorted({d for one in await self._current() for d in one.domains}))

    async def _current(self) -> tuple[Deployment, ...]:
        """The exports as they are on disk, read again only where one has changed."""
        async with self._lock:
            if (now := self._seconds()) >= self._look_at:
                await self._look()
                self._look_at = now + LOOK_EVERY
        if isinstance(self._latest, SnapshotError):
            raise Unreadable(str(self._latest)) from self._latest
        return self._latest

    async def _look(self) -> None:
        seen = await asyncio.to_thread(_stamps, self.folder)
        if seen != self._seen:
            self._latest = await asyncio.to_thread(_loaded, self.folder)
            self._seen = seen


def _loaded(folder: Path) -> tuple[Deployment, ...] | SnapshotError:
    """What is there, or why it cannot be used, which holds until an export changes, too."""
    try:
        return load(folder)
    except SnapshotError as error:
        return error


def _of_deployment(one: Deployment, today: date) -> Known:
    facts = Facts(Account(""), organisation=one.organisation, today=today)
    return Known(facts, "snapshot", one.as_of, one.name)


def _stamps(folder: Path) -> Stamps:
    """What changes when an export does: names, times and sizes."""
    found = []
    for path in sorted([*folder.glob("*.*"), *folder.glob("*/*.*")]):
        if path.suffix in ENDINGS:
            try:
                state = path.stat()
            except OSError:
                continue  # gone since it was listed; the next look sees it so
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return found
