"""The federation records of the organisation's own domains, asked where the exports leave them out.

Only domains that the organisation is known to have are ever asked about, so that nobody can make
the server ask for names of their choice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from bot.directory.source import Known, Source, Unreadable

PATIENCE = 2.0
"""Seconds by which an answer is made later at most."""
LONGEST = 300.0
SILENCE = 30.0
"""Seconds for which an answer is kept, and for which nobody is asked again who said nothing."""
AT_ONCE = 20
"""Questions to DNS at a time: an organisation may have hundreds of domains."""


@dataclass(frozen=True)
class Record:
    """What DNS says of one domain: the hosts that its record leads to, and for how many seconds.

    No target: it says that there is no such record. None: it says nothing that can be believed.
    """

    targets: tuple[str, ...] | None
    seconds: float = SILENCE


Resolve = Callable[[str], Awaitable[Record]]


class Routed:
    """A source whose `routes` are filled in; `own` are domains besides those that it knows itself.

    `seconds` only ever grow. Who asks about a domain at the same time waits for the same question.
    """

    def __init__(
        self,
        source: Source,
        resolve: Resolve,
        own: frozenset[str],
        patience: float = PATIENCE,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._source, self._resolve, self._own = source, resolve, own
        self._patience, self._seconds = patience, seconds
        self._questions: dict[str, asyncio.Task[Record]] = {}
        self._until: dict[str, float] = {}
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def user(self, address: str) -> Known:
        """The facts of a user. The record matters to an account on the premises alone."""
        known = await self._source.user(address)
        domain = known.facts.domain
        on_premises = known.facts.found and known.facts.account.home == "on premises"
        if on_premises and not _says(known, domain) and await self._is_own(domain):
            return _filled(known, await self._targets([domain]))
        return known

    async def organisation(self) -> tuple[Known, ...]:
        """The facts of each deployment, with the records of all domains that the source knows."""
        known, domains = await self._source.organisation(), await self._source.sip_domains()
        unsaid = [d for d in domains if not all(_says(one, d) for one in known)]
        found = await self._targets(unsaid)
        return tuple(_filled(one, found) for one in known)

    async def sip_domains(self) -> tuple[str, ...]:
        """The domains of the source."""
        return await self._source.sip_domains()

    async def _is_own(self, domain: str) -> bool:
        if domain in self._own:
            return True
        try:
            return domain in await self._source.sip_domains()
        except Unreadable:
            return False  # the facts are there, and are worth more than this one

    async def _targets(self, domains: Iterable[str]) -> dict[str, tuple[str, ...] | None]:
        """What DNS says of these domains, as far as it says so within our patience."""
        asked = {domain: self._question(domain) for domain in domains}
        if waiting := [question for question in asked.values() if not question.done()]:
            await asyncio.wait(waiting, timeout=self._patience)
        return {domain: one.result().targets for domain, one in asked.items() if one.done()}

    def _question(self, domain: str) -> asyncio.Task[Record]:
        """The question that is under way, or was answered and may be kept; else a new one."""
        asked = self._questions.get(domain)
        kept = self._seconds() < self._until.get(domain, float("-inf"))
        if asked is None or (asked.done() and not kept):
            asked = self._questions[domain] = asyncio.create_task(self._look_up(domain))
        return asked

    async def _look_up(self, domain: str) -> Record:
        async with self._at_once:
            record = await self._resolve(domain)
        self._until[domain] = self._seconds() + min(record.seconds, LONGEST)
        return record


def _filled(known: Known, found: Mapping[str, tuple[str, ...] | None]) -> Known:
    """The same, with the records that its own exports do not mention."""
    organisation = known.facts.organisation
    unsaid = {domain: one for domain, one in found.items() if not _says(known, domain)}
    filled = replace(organisation, routes={**(organisation.routes or {}), **unsaid} or None)
    return replace(known, facts=replace(known.facts, organisation=filled))


def _says(known: Known, domain: str) -> bool:
    """Whether the source itself tells a domain's record, or that there is none."""
    return (known.facts.organisation.routes or {}).get(domain) is not None
