"""A source that is far away, asked as seldom as its answers allow."""

from collections.abc import Callable

from bot.directory.kept import Kept
from bot.directory.source import Known, Source

ORGANISATION = 300.0
"""Seconds for which what concerns everybody is kept: it changes seldom and is slow to read."""


class Cached:
    """Answers what the `source` answered, for a while; Unreadable is not kept.

    `user` and `organisation` are seconds. `as_of` stays that of the reading, so that what is kept
    looks no younger than it is.
    """

    def __init__(
        self,
        source: Source,
        clock: Callable[[], float],
        *,
        user: float,
        organisation: float = ORGANISATION,
    ) -> None:
        async def everybody(_: None) -> tuple[Known, ...]:
            return await source.organisation()

        async def domains(_: None) -> tuple[str, ...]:
            return await source.sip_domains()

        self._users = Kept[str, Known](source.user, user, clock)
        self._organisation = Kept[None, tuple[Known, ...]](everybody, organisation, clock)
        self._domains = Kept[None, tuple[str, ...]](domains, organisation, clock)

    async def user(self, address: str) -> Known:
        """The facts of a user by their strict address."""
        return await self._users.get(address)

    async def organisation(self) -> tuple[Known, ...]:
        """The facts that need no user, of each deployment."""
        return await self._organisation.get(None)

    async def sip_domains(self) -> tuple[str, ...]:
        """The organisation's SIP domains, sorted."""
        return await self._domains.get(None)
