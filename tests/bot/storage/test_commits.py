"""What a commit keeps, and what it refuses."""

import asyncio

import pytest

from bot.storage.records import Conflict, Conversation, Reference
from bot.storage.store import Store
from tests.bot.storage.turns import NOON, SOMEBODY, later, texts, turn


async def test_of_an_unknown_conversation_nothing_is_known(store: Store) -> None:
    loaded = await store.load("bob", "activity-0")

    assert loaded.conversation is None
    assert not loaded.seen
    assert await store.conversation("bob") is None
    assert not await store.unsent("bob")
    assert not await store.history("bob", 0, 10)


async def test_the_first_turn_makes_the_conversation(store: Store) -> None:
    replies = await store.commit(turn(0, "Hello!", "What is it about?"))

    assert texts(replies) == ["Hello!", "What is it about?"]
    assert {(e.key, e.direction, e.at, e.attempts) for e in replies} == {("bob", "out", NOON, 0)}
    assert replies[0].activity == '{"text":"Hello!"}'
    loaded = await store.load("bob", "activity-0")
    assert loaded.seen
    assert loaded.conversation == Conversation("bob", 1, '{"turn":0}', SOMEBODY)
    assert await store.conversation("bob") == loaded.conversation


async def test_the_second_turn_goes_on_from_the_first(store: Store) -> None:
    moved = Reference(channel="skype", conversation="8:bob", user_id="bob")
    await store.commit(turn(0))

    await store.commit(turn(1, at=later(60), reference=moved))

    assert not (await store.load("bob", "activity-2")).seen
    assert await store.conversation("bob") == Conversation("bob", 2, '{"turn":1}', moved)


async def test_a_turn_without_replies_is_kept(store: Store) -> None:
    assert not await store.commit(turn(0))
    assert (await store.load("bob", "activity-0")).seen


async def test_conversations_are_apart(store: Store) -> None:
    await store.commit(turn(0, "to Bob"))
    await store.commit(turn(0, "to Ann", key="ann"))

    assert texts(await store.unsent("bob")) == ["to Bob"]
    assert texts(await store.unsent("ann")) == ["to Ann"]
    assert not await store.unsent("b")


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_only_the_present_version_can_be_gone_on_from(store: Store, version: int) -> None:
    await store.commit(turn(0, "first"))
    await store.commit(turn(1, "second"))

    with pytest.raises(Conflict):
        await store.commit(turn(version, "lost", activity_id="new"))

    assert not (await store.load("bob", "new")).seen
    assert texts(await store.unsent("bob")) == ["first", "second"]


async def test_a_conversation_that_is_not_there_cannot_be_gone_on_from(store: Store) -> None:
    with pytest.raises(Conflict):
        await store.commit(turn(1))

    assert await store.conversation("bob") is None


async def test_an_activity_is_decided_once(store: Store) -> None:
    await store.commit(turn(0, "first", activity_id="same"))

    with pytest.raises(Conflict):
        await store.commit(turn(1, "again", activity_id="same"))

    assert texts(await store.unsent("bob")) == ["first"]
    conversation = await store.conversation("bob")
    assert conversation
    assert (conversation.version, conversation.progress) == (1, '{"turn":0}')


async def test_another_conversation_may_have_an_activity_of_that_id(store: Store) -> None:
    await store.commit(turn(0, activity_id="same"))
    await store.commit(turn(0, key="ann", activity_id="same"))

    assert (await store.load("ann", "same")).seen


async def test_a_refused_commit_does_not_hinder_the_next(store: Store) -> None:
    await store.commit(turn(0))
    with pytest.raises(Conflict):
        await store.commit(turn(0, activity_id="new"))

    assert texts(await store.commit(turn(1, "next"))) == ["next"]


@pytest.mark.parametrize("version", [0, 1])
async def test_of_turns_that_race_exactly_one_wins(store: Store, version: int) -> None:
    if version:
        await store.commit(turn(0))
    racing = [turn(version, f"{n}", activity_id=f"racer-{n}") for n in range(20)]

    ends = await asyncio.gather(*map(store.commit, racing), return_exceptions=True)

    won = [end for end in ends if not isinstance(end, BaseException)]
    assert len(won) == 1
    assert [type(end) for end in ends].count(Conflict) == 19
    assert won == [await store.unsent("bob")]


async def test_of_one_activity_sent_often_exactly_one_wins(store: Store) -> None:
    same = [turn(0, "once", activity_id="same") for _ in range(20)]

    ends = await asyncio.gather(*map(store.commit, same), return_exceptions=True)

    assert [type(end) for end in ends].count(Conflict) == 19
    assert texts(await store.unsent("bob")) == ["once"]


async def test_conversations_at_once_do_not_disturb_each_other(store: Store) -> None:
    async def talk(key: str) -> None:
        for version in range(5):
            assert not (await store.load(key, f"activity-{version}")).seen
            replies = await store.commit(turn(version, "one", "two", key=key))
            assert texts(replies) == ["one", "two"]
            await store.mark_sent([reply.seq for reply in replies], NOON)

    await asyncio.gather(*(talk(f"talk-{n}") for n in range(20)))

    every = [await store.history(f"talk-{n}", 0, 100) for n in range(20)]
    assert {len(entries) for entries in every} == {15}
    seqs = [entry.seq for entries in every for entry in entries]
    assert len(set(seqs)) == 300


async def test_a_store_that_can_serve_is_ready(store: Store) -> None:
    await store.ready()
