"""What was not understood, as authors read it."""

import pytest

from bot.storage.records import Conflict, Missed
from bot.storage.store import Store
from tests.bot.storage.turns import later, turn


async def test_what_was_missed_is_told_the_latest_first(store: Store) -> None:
    await store.commit(turn(0, "1", missed="what is milk"))
    await store.commit(turn(1, "2"))
    await store.commit(turn(2, "3", missed="what is sugar", at=later(60)))

    milk = Missed("what is milk", "tea/leaves", later(0))
    sugar = Missed("what is sugar", "tea/leaves", later(60))
    assert list(await store.missed(10)) == [sugar, milk]
    assert list(await store.missed(1)) == [sugar]


async def test_a_turn_that_lost_the_race_has_missed_nothing(store: Store) -> None:
    await store.commit(turn(0, missed="what is milk"))
    with pytest.raises(Conflict):
        await store.commit(turn(0, activity_id="another", missed="what is sugar"))
    assert [missed.text for missed in await store.missed(10)] == ["what is milk"]


async def test_what_was_missed_long_ago_is_forgotten(store: Store) -> None:
    await store.commit(turn(0, missed="what is milk"))
    await store.commit(turn(1, missed="what is sugar", at=later(60)))

    await store.purge(later(60))

    assert [missed.text for missed in await store.missed(10)] == ["what is sugar"]
