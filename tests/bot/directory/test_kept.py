"""Answers are kept for a while, and whoever asks the same at the same time shares one call."""

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.kept import Kept
from tests.bot.directory.conftest import Seconds

KEPT = 10.0


@dataclass
class Slow:
    """Answers each question with how often it was asked, as soon as it may."""

    asked: list[str] = field(default_factory=list)
    may: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    failures: list[Exception] = field(default_factory=list)

    async def __call__(self, key: str) -> str:
        self.asked.append(key)
        number = self.asked.count(key)
        self.begun.set()
        await self.may.wait()
        if self.failures:
            raise self.failures.pop(0)
        return f"{key}{number}"


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def quick(slow: Slow) -> Slow:
    slow.may.set()
    return slow


@pytest.fixture
def complaints() -> Iterator[list[dict[str, Any]]]:
    """What asyncio complains of to the loop; there must be nothing."""
    heard: list[dict[str, Any]] = []
    yield heard
    assert heard == []


async def waiting(kept: Kept[str, str], key: str, people: int) -> list[asyncio.Task[str]]:
    """So many who ask the same and have begun to wait."""
    tasks = [asyncio.create_task(kept.get(key)) for _ in range(people)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_an_answer_is_kept_until_its_time_is_over(quick: Slow, seconds: Seconds) -> None:
    kept = Kept(quick, KEPT, seconds)

    assert await kept.get("a") == "a1"
    seconds.now += KEPT - 0.001
    assert (await kept.get("a"), await kept.get("b")) == ("a1", "b1")
    seconds.now += 0.001
    assert await kept.get("a") == "a2"


async def test_the_time_of_an_answer_begins_when_it_comes(slow: Slow, seconds: Seconds) -> None:
    kept = Kept(slow, KEPT, seconds)
    (asking,) = await waiting(kept, "a", 1)
    seconds.now += 3 * KEPT
    slow.may.set()

    assert (await asking, await kept.get("a")) == ("a1", "a1")


async def test_who_asks_the_same_shares_one_call(slow: Slow, seconds: Seconds) -> None:
    kept = Kept(slow, 0, seconds)
    same, other = await waiting(kept, "a", 50), await waiting(kept, "b", 1)
    slow.may.set()

    assert set(await asyncio.gather(*same)) == {"a1"}
    assert await other[0] == "b1"
    assert slow.asked == ["a", "b"]
    assert await kept.get("a") == "a2"


async def test_a_failure_reaches_all_who_wait_and_is_not_kept(slow: Slow, seconds: Seconds) -> None:
    slow.failures.append(LookupError("once"))
    kept = Kept(slow, KEPT, seconds)
    tasks = await waiting(kept, "a", 3)
    slow.may.set()

    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert [str(one) for one in found] == ["once"] * 3
    assert await kept.get("a") == "a2"


async def test_an_answer_outlives_a_failure_that_came_before(quick: Slow, seconds: Seconds) -> None:
    kept = Kept(quick, KEPT, seconds)
    await kept.get("a")
    seconds.now += KEPT
    quick.failures.append(LookupError("now"))

    with pytest.raises(LookupError, match="now"):
        await kept.get("a")


async def test_one_who_goes_away_leaves_the_call_to_the_others(
    slow: Slow, seconds: Seconds
) -> None:
    kept = Kept(slow, KEPT, seconds)
    first, second = await waiting(kept, "a", 2)

    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    slow.may.set()

    assert await second == "a1"


async def test_an_answer_that_nobody_waits_for_any_more_is_there_for_the_next(
    slow: Slow, seconds: Seconds
) -> None:
    kept = Kept(slow, KEPT, seconds)
    (only,) = await waiting(kept, "a", 1)
    only.cancel()
    slow.may.set()

    assert await kept.get("a") == "a1"
    assert slow.asked == ["a"]


async def test_a_failure_that_nobody_waits_for_is_nobodys_complaint(
    slow: Slow, seconds: Seconds, complaints: list[dict[str, Any]]
) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))
    slow.failures.append(LookupError("unheard"))
    kept = Kept(slow, KEPT, seconds)
    (only,) = await waiting(kept, "a", 1)
    only.cancel()
    slow.may.set()

    await asyncio.wait([only])
    for _ in range(3):
        await asyncio.sleep(0)
    gc.collect()

    assert await kept.get("a") == "a2"


async def test_a_call_that_is_cancelled_from_within_is_over(slow: Slow, seconds: Seconds) -> None:
    async def gone(_: str) -> str:
        raise asyncio.CancelledError

    kept = Kept(gone, KEPT, seconds)

    for _ in range(2):
        with pytest.raises(asyncio.CancelledError):
            await kept.get("a")


async def test_the_oldest_is_forgotten_first(quick: Slow, seconds: Seconds) -> None:
    kept = Kept(quick, KEPT, seconds, most=2)
    for key in ("a", "b", "c"):
        await kept.get(key)

    assert [await kept.get(key) for key in ("c", "b", "a")] == ["c1", "b1", "a2"]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.floats(0, 20)), max_size=30))
def test_what_is_told_is_never_older_than_it_may_be(questions: list[tuple[str, float]]) -> None:
    seconds, most = Seconds(), 3
    asked: dict[str, float] = {}

    async def ask(key: str) -> float:
        asked[key] = seconds.now
        return seconds.now

    async def play() -> None:
        kept = Kept(ask, KEPT, seconds, most)
        for key, later in questions:
            seconds.now += later
            assert await kept.get(key) == asked[key]
            assert seconds.now - asked[key] < KEPT
            assert len(kept._answers) <= most
            assert all(seconds.now - asked[one] < 20 + KEPT for one in kept._answers)

    asyncio.run(play())
