"""What is forgotten, and what never is."""

import pytest

from bot.storage import database
from bot.storage.records import Conflict
from bot.storage.store import Store
from tests.bot.storage.turns import NOON, later, texts, turn


async def settled(store: Store, version: int, *replies: str, seconds: float) -> None:
    """A turn at a time, whose replies are sent at once."""
    entries = await store.commit(turn(version, *replies, at=later(seconds)))
    await store.mark_sent([entry.seq for entry in entries], later(seconds))


async def test_what_is_older_goes_and_the_rest_stays(store: Store) -> None:
    await settled(store, 0, "1", "2", seconds=0)
    await settled(store, 1, "3", seconds=60)

    assert await store.purge(later(60)) == 3
    assert texts(await store.history("bob", 0, 10)) == ["said activity-1", "3"]
    assert await store.purge(later(60)) == 0


async def test_an_unsent_reply_never_goes(store: Store) -> None:
    await store.commit(turn(0, "1", "2"))

    assert await store.purge(later(1e6)) == 1

    waiting = await store.unsent("bob")
    assert texts(waiting) == ["1", "2"]
    assert await store.conversation("bob")
    await store.mark_sent([waiting[0].seq], NOON)
    await store.give_up(waiting[1].seq, "no")
    assert await store.purge(later(1e6)) == 2
    assert await store.conversation("bob") is None


async def test_an_empty_conversation_goes_when_it_is_idle(store: Store) -> None:
    await settled(store, 0, "1", seconds=0)
    await settled(store, 1, "2", seconds=60)

    await store.purge(later(60))
    conversation = await store.conversation("bob")
    assert conversation
    assert conversation.version == 2

    await store.purge(later(61))
    assert await store.conversation("bob") is None


async def test_a_forgotten_activity_may_come_again(store: Store) -> None:
    await settled(store, 0, seconds=0)
    await settled(store, 1, seconds=60)
    await store.purge(later(1))

    assert not (await store.load("bob", "activity-0")).seen
    assert (await store.load("bob", "activity-1")).seen
    await store.commit(turn(2, activity_id="activity-0"))
    assert (await store.load("bob", "activity-0")).seen


async def test_a_forgotten_conversation_begins_anew(store: Store) -> None:
    await settled(store, 0, "1", seconds=0)
    await store.purge(later(1))

    with pytest.raises(Conflict):
        await store.commit(turn(1))
    assert texts(await store.commit(turn(0, "again"))) == ["again"]


async def test_the_number_of_a_forgotten_entry_is_not_given_again(store: Store) -> None:
    await settled(store, 0, "1", seconds=0)
    [*_, last] = await store.history("bob", 0, 10)
    await store.purge(later(1))

    [reply] = await store.commit(turn(0, "2"))

    assert reply.seq > last.seq + 1


async def test_there_may_be_more_than_is_deleted_at_once(store: Store) -> None:
    replies = [f"{n}" for n in range(database.PURGED_AT_ONCE)]
    await settled(store, 0, *replies, seconds=0)
    await settled(store, 1, "kept", seconds=60)

    assert await store.purge(later(60)) == len(replies) + 1
    assert texts(await store.history("bob", 0, 10)) == ["said activity-1", "kept"]
