"""The lync source: the Get-Cs* cmdlets of a Lync deployment, asked by PowerShell remoting.

Users are asked for anew each time. What holds for everybody is kept for minutes, and read once for
all who wait for it. A cmdlet that fails leaves what it would tell unknown.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from bot.directory import cmdlets
from bot.directory.cmdlets import DOMAINS, FOR_EVERYBODY, TENANT_PROVIDERS, USERS
from bot.directory.facts import Account, Facts, Organisation
from bot.directory.forms import DomainRow, R, UserRow, fitting
from bot.directory.objects import Failure
from bot.directory.remoting import Remoting, in_time
from bot.directory.shell import Call
from bot.directory.sip import strict
from bot.directory.source import Known, Unreadable

log = logging.getLogger(__name__)

KEEP = 300.0
"""Seconds for which it is not asked again what holds for everybody."""

Objects = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Everybody:
    """What holds for everybody, and when it was read; no domains: they could not be."""

    organisation: Organisation
    domains: frozenset[str] | None
    as_of: datetime


class Lync:
    """A Lync deployment; `clock` tells the time in UTC, `seconds` only ever grow."""

    def __init__(
        self,
        remoting: Remoting,
        clock: Callable[[], datetime],
        seconds: Callable[[], float] = monotonic,
        keep: float = KEEP,
    ) -> None:
        self._remoting, self._clock = remoting, clock
        self._seconds, self._keep = seconds, keep
        self._reading: asyncio.Task[Everybody] | None = None
        self._read_at = float("-inf")
        self._noted: set[str] = set()

    async def user(self, address: str) -> Known:
        """The facts of a user; those that hold for everybody are the older ones."""
        as_of, today = self._clock(), self._clock().date()
        async with in_time(self._remoting.limit):
            account = await self.account(address)
            if account is None:
                nobody = Facts(Account(address), found=False, today=today)
                return Known(nobody, "lync", as_of)
            shared = await self.everybody()
        facts = Facts(account, found=True, organisation=shared.organisation, today=today)
        return Known(facts, "lync", min(as_of, shared.as_of))

    async def organisation(self) -> tuple[Known, ...]:
        """The facts of the deployment."""
        shared = await self._everybody_in_time()
        facts = Facts(Account(""), organisation=shared.organisation, today=self._clock().date())
        return (Known(facts, "lync", shared.as_of),)

    async def sip_domains(self) -> tuple[str, ...]:
        """Its SIP domains."""
        domains = (await self._everybody_in_time()).domains
        if domains is None:
            raise Unreadable(f"{DOMAINS} failed on the Lync server.")
        return tuple(sorted(domains))

    async def account(self, address: str) -> Account | None:
        """The account of a strict address; None: there is none. Raises Unreadable."""
        if strict(address) != address:
            raise ValueError("only a strict address may reach a cmdlet")
        identity = f"sip:{address}"
        reply = await self._remoting.run(Call(USERS, {"Identity": identity}))
        if reply.failures:
            if not reply.objects and all(one.denies(identity) for one in reply.failures):
                return None
            raise Unreadable(_why(USERS, reply.failures[0]))
        rows = _rows(reply.objects, UserRow)
        if not rows or len(rows) > 1 or rows[0].sip_address != address:
            raise Unreadable(f"{USERS} did not answer about the one user who was asked for.")
        return cmdlets.account(rows[0])

    async def everybody(self) -> Everybody:
        """What holds for everybody, as it was read lately. Raises Unreadable."""
        if self._reading is None or self._is_stale(self._reading):
            self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(self._reading)  # others wait for it, too

    async def close(self) -> None:
        """Ends what is held open; for the end of the service."""
        if self._reading is not None:
            self._reading.cancel()
        await self._remoting.close()

    async def _everybody_in_time(self) -> Everybody:
        async with in_time(self._remoting.limit):
            return await self.everybody()

    def _is_stale(self, reading: asyncio.Task[Everybody]) -> bool:
        if not reading.done():
            return False
        failed = reading.cancelled() or reading.exception() is not None
        return failed or self._seconds() - self._read_at >= self._keep

    async def _read(self) -> Everybody:
        as_of = self._clock()
        found = {cmdlet: await self._asked(cmdlet) for cmdlet in (*FOR_EVERYBODY, DOMAINS)}
        found[TENANT_PROVIDERS] = _expanded(found[TENANT_PROVIDERS])

        def of(cmdlet: str, form: type[R]) -> list[R] | None:
            return _rows(found[cmdlet], form)

        domains = of(DOMAINS, DomainRow)
        self._read_at = self._seconds()
        shared = cmdlets.organisation(of)
        return Everybody(shared, cmdlets.domains(domains) if domains else None, as_of)

    async def _asked(self, cmdlet: str) -> Objects | None:
        """The objects of a cmdlet; None where it failed, which is unknown and no reason to stop."""
        reply = await self._remoting.run(Call(cmdlet))
        if not reply.failures:
            self._noted.discard(cmdlet)
            return reply.objects
        if cmdlet not in self._noted:  # once, and not every few minutes
            missing = reply.failures[0].missing_cmdlet
            level = logging.INFO if missing else logging.WARNING
            log.log(level, "a cmdlet tells nothing", extra={"why": _why(cmdlet, reply.failures[0])})
            self._noted.add(cmdlet)
        return None


def _rows(objects: Objects | None, form: type[R]) -> list[R] | None:
    """All objects in their form; None where one of them does not say which one it is."""
    if objects is None:
        return None
    fitted = [fitting(form, one) for one in objects]
    named = [row for row in fitted if row is not None]
    return named if len(named) == len(fitted) else None


def _expanded(objects: Objects | None) -> Objects | None:
    """The entries in the DomainPICStatus of each tenant."""
    statuses = [one.get("DomainPICStatus") for one in objects or ()]
    lists = [status for status in statuses if isinstance(status, list)]
    if objects is None or len(lists) < len(statuses):
        return None
    return [entry for status in lists for entry in status]


def _why(cmdlet: str, failure: Failure) -> str:
    """Why a cmdlet told nothing, in no words of the server's."""
    if failure.missing_cmdlet:
        return f"The service account's role has no {cmdlet}, or the deployment has none."
    return f"{cmdlet} failed on the Lync server (category {failure.category}, {failure.kind})."
