"""What runs again and again, however often it fails; nobody here waits for a clock."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.timers import Alarm, Timer, running
from tests.fakes import PATIENCE, Naps


@asynccontextmanager
async def timers(naps: Naps, *some: Timer) -> AsyncIterator[None]:
    """Timers that sleep as the test says; who waits in vain for their end fails."""
    async with asyncio.timeout(PATIENCE), running(some, naps.sleep, patience=0):
        yield


class Job:
    """Counts its runs; the first ones fail."""

    def __init__(self, failures: int = 0) -> None:
        self.runs = 0
        self.failures = failures

    async def __call__(self) -> None:
        self.runs += 1
        if self.runs <= self.failures:
            raise OSError("the database is away, said bob@contoso.com")


async def test_a_job_runs_at_once_and_again_after_each_nap() -> None:
    job, naps = Job(), Naps()

    async with timers(naps, Timer("purge", 3600, job)):
        await naps.pass_one()
        await naps.pass_one()
        await naps.begun()

    assert job.runs == 3
    assert naps.asked == [3600, 3600, 3600]


async def test_a_job_that_fails_is_run_again(caplog: pytest.LogCaptureFixture) -> None:
    job, naps = Job(failures=2), Naps()

    async with timers(naps, Timer("resend", 10, job)):
        await naps.pass_one()
        await naps.pass_one()
        await naps.begun()

    assert job.runs == 3
    failed = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [vars(record)["timer"] for record in failed] == ["resend", "resend"]


async def test_a_job_may_have_a_nap_of_its_own() -> None:
    job, naps, own = Job(), Naps(), Naps()

    async with timers(naps, Timer("deliver", 1, job, own.sleep)):
        await own.pass_one()
        await own.begun()

    assert job.runs == 2
    assert (own.asked, naps.asked) == ([1, 1], [])


async def test_a_job_that_hangs_holds_up_no_other() -> None:
    job, naps = Job(), Naps()

    async def hang() -> None:
        await asyncio.Event().wait()

    async with timers(naps, Timer("hangs", 10, hang), Timer("runs", 10, job)):
        await naps.pass_one()
        await naps.begun()

    assert job.runs == 2


async def test_jobs_are_over_when_the_block_is() -> None:
    naps, begun, ended = Naps(), asyncio.Event(), asyncio.Event()

    async def job() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with timers(naps, Timer("long", 10, job)):
        await begun.wait()
        assert not ended.is_set()
    assert ended.is_set()


async def test_jobs_are_over_when_the_block_fails() -> None:
    naps = Naps()

    async def fail() -> None:
        async with timers(naps, Timer("purge", 10, Job())):
            await naps.begun()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "purge"]


async def test_a_run_that_is_under_way_may_come_to_its_end() -> None:
    naps, begun, go_on, finished = Naps(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def job() -> None:
        begun.set()
        await go_on.wait()
        finished.set()

    async with asyncio.timeout(PATIENCE), running([Timer("resend", 10, job)], naps.sleep):
        await begun.wait()
        asyncio.get_running_loop().call_soon(go_on.set)

    assert finished.is_set()


async def test_an_alarm_wakes_one_nap_each_time_it_rings() -> None:
    alarm = Alarm()
    async with asyncio.timeout(PATIENCE):
        alarm.ring()  # while the job is running
        await alarm.nap(2 * PATIENCE)

        napping = asyncio.create_task(alarm.nap(2 * PATIENCE))
        await asyncio.wait({napping}, timeout=0)
        await asyncio.wait({napping}, timeout=0)
        assert not napping.done()
        alarm.ring()
        await napping
