"""A source that is far away is asked seldom; what is kept looks no younger than it is."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.directory import answer
from bot.directory.cached import ORGANISATION, Cached
from bot.directory.source import Known, Unreadable
from tests.bot.directory.conftest import FIXES, Seconds
from tests.bot.directory.deployments import ADDRESS, ON_PREMISES
from tests.fakes import Clock

USER = 10.0


@dataclass
class Remote:
    """A source that notes each question, reads at its clock's time, and may be out of reach."""

    clock: Clock
    asked: list[str] = field(default_factory=list)
    unreadable: bool = False

    async def user(self, address: str) -> Known:
        return self._read(address)

    async def organisation(self) -> tuple[Known, ...]:
        return (self._read("organisation"),)

    async def sip_domains(self) -> tuple[str, ...]:
        self._read("domains")
        return ("fabrikam.com",)

    def _read(self, what: str) -> Known:
        self.asked.append(what)
        if self.unreadable:
            raise Unreadable("No server answers.")
        return Known(ON_PREMISES, "remote", self.clock())


@pytest.fixture
def remote(clock: Clock) -> Remote:
    return Remote(clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cached(remote: Remote, seconds: Seconds) -> Cached:
    return Cached(remote, seconds, user=USER)


async def test_users_are_kept_for_seconds_and_the_organisation_for_minutes(
    cached: Cached, remote: Remote, seconds: Seconds
) -> None:
    async def ask_all() -> list[str]:
        remote.asked.clear()
        assert (await cached.user(ADDRESS)).source == "remote"
        assert len(await cached.organisation()) == 1
        assert await cached.sip_domains() == ("fabrikam.com",)
        return remote.asked

    assert await ask_all() == [ADDRESS, "organisation", "domains"]
    assert await ask_all() == []
    seconds.now += USER
    assert await ask_all() == [ADDRESS]
    seconds.now += ORGANISATION
    assert await ask_all() == [ADDRESS, "organisation", "domains"]


async def test_what_is_kept_looks_no_younger_than_it_is(cached: Cached, clock: Clock) -> None:
    await cached.user(ADDRESS)
    clock.advance(seconds=9)

    shown = answer.status(await cached.user(ADDRESS), FIXES, clock())

    assert (shown.age, shown.checked_at) == (9, clock())


async def test_questions_about_one_user_at_once_are_one_to_the_source(
    cached: Cached, remote: Remote
) -> None:
    await asyncio.gather(*(cached.user(ADDRESS) for _ in range(20)))

    assert remote.asked == [ADDRESS]


async def test_what_could_not_be_read_is_asked_again(cached: Cached, remote: Remote) -> None:
    remote.unreadable = True
    for ask in (cached.organisation, cached.sip_domains, lambda: cached.user(ADDRESS)):
        with pytest.raises(Unreadable):
            await ask()
    remote.unreadable = False

    assert await cached.user(ADDRESS)
    assert await cached.organisation()
    assert await cached.sip_domains()
