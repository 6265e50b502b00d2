"""Nobody waits for a slow directory: a moment, a sentence, a limit, and a late answer by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from bot.inquiries import MOST, Inquiries, Patience
from dialogs.model import Finding, PicStatus, Want
from tests.fakes import PATIENCE, Naps

WANT = PicStatus("lync.user@fabrikam.com")
YES = Finding("yes")
LIMITS = Patience(notice=1.0, limit=4.0, longest=60.0)


@dataclass
class World:
    """A directory that answers when the test says so, and a person who may be shown something."""

    naps: Naps = field(default_factory=Naps)
    answers: asyncio.Queue[Finding | Exception] = field(default_factory=asyncio.Queue)
    shown: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Queue[Finding] = field(default_factory=asyncio.Queue)
    broken: bool = False

    async def ask(self, _: Want) -> Finding:
        answer = await self.answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def busy(self) -> None:
        self.shown.set()
        if self.broken:
            raise OSError("the connector is away")

    async def late(self, finding: Finding) -> None:
        self.told.put_nowait(finding)
        if self.broken:
            raise OSError("the database is away")

    @property
    def inquiries(self) -> Inquiries:
        return Inquiries(self.ask, LIMITS, self.naps.sleep)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def inquiries(world: World) -> AsyncIterator[Inquiries]:
    async with asyncio.timeout(PATIENCE), aclosing(world.inquiries) as inquiries:
        yield inquiries


async def test_a_quick_answer_shows_nothing(world: World, inquiries: Inquiries) -> None:
    world.answers.put_nowait(YES)

    assert await inquiries.find(WANT, world.busy, world.late) == YES
    assert not world.shown.is_set()


async def test_a_failure_is_unknown(world: World, inquiries: Inquiries) -> None:
    world.answers.put_nowait(LookupError("a defect"))

    assert await inquiries.find(WANT, world.busy, world.late) == Finding("unknown")


@pytest.mark.parametrize("broken", [False, True])
async def test_an_answer_that_takes_a_moment_shows_that_it_is_looked_for(
    world: World, inquiries: Inquiries, broken: bool
) -> None:
    world.broken = broken
    finding = asyncio.create_task(inquiries.find(WANT, world.busy, world.late))
    await world.naps.pass_one()
    await world.shown.wait()
    world.answers.put_nowait(YES)

    assert await finding == YES
    assert world.naps.asked == [1.0, 3.0]


@pytest.mark.parametrize("broken", [False, True])
async def test_an_answer_past_the_limit_is_told_by_itself(
    world: World, inquiries: Inquiries, broken: bool
) -> None:
    world.broken = broken
    finding = asyncio.create_task(inquiries.find(WANT, world.busy, world.late))
    await world.naps.pass_one()
    await world.naps.pass_one()
    assert await finding == Finding("unknown", late=True)

    world.answers.put_nowait(YES)
    assert await world.told.get() == YES


async def test_nobody_waits_twice_for_the_same_late_answer(
    world: World, inquiries: Inquiries
) -> None:
    first = asyncio.create_task(inquiries.find(WANT, world.busy, world.late))
    for _ in range(2):
        await world.naps.pass_one()
    assert (await first).late
    await world.naps.begun()

    second = asyncio.create_task(inquiries.find(WANT, world.busy, world.late))
    await world.naps.pass_one()
    async with asyncio.timeout(PATIENCE):
        assert (await second).late
    assert world.naps.asked == [1.0, 3.0, 60.0, 1.0]

    for _ in range(2):
        world.answers.put_nowait(YES)
        assert await world.told.get() == YES


async def test_an_answer_that_never_comes_is_given_up(world: World, inquiries: Inquiries) -> None:
    finding = asyncio.create_task(inquiries.find(WANT, world.busy, world.late))
    for _ in range(2):
        await world.naps.pass_one()
    assert (await finding).late
    await world.naps.pass_one()

    assert world.told.empty()
    assert world.naps.asked == [1.0, 3.0, 60.0]


async def test_nobody_is_waited_for_when_the_person_is_gone(
    world: World, inquiries: Inquiries
) -> None:
    finding = asyncio.create_task(inquiries.find(WANT, world.busy, world.late))
    await world.naps.begun()
    finding.cancel()

    with pytest.raises(asyncio.CancelledError):
        await finding
    world.answers.put_nowait(YES)
    await asyncio.sleep(0)
    assert world.answers.qsize() == 1


async def test_there_are_only_so_many_late_answers(world: World) -> None:
    naps: list[float] = []

    async def no_time(seconds: float) -> None:
        naps.append(seconds)
        if seconds == LIMITS.longest:
            await asyncio.Event().wait()

    async with aclosing(Inquiries(world.ask, LIMITS, no_time)) as inquiries:
        found = [await inquiries.find(WANT, world.busy, world.late) for _ in range(MOST + 1)]

    assert [finding.late for finding in found] == [True] * MOST + [False]
