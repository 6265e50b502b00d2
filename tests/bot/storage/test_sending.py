"""From a stored reply to one that is sent, refused, or due again."""

from bot.storage.store import Store
from tests.bot.storage.turns import NOON, later, texts, turn


async def keys(store: Store, seconds: float, limit: int = 10) -> list[str]:
    return [found.key for found in await store.overdue(later(seconds), limit)]


async def test_unsent_replies_come_in_their_order(store: Store) -> None:
    await store.commit(turn(0, "1", "2"))

    replies = await store.commit(turn(1, "3", "4"))

    assert texts(replies) == ["1", "2", "3", "4"]
    assert [reply.seq for reply in replies] == sorted({reply.seq for reply in replies})
    assert await store.unsent("bob") == replies


async def test_what_is_sent_does_not_wait(store: Store) -> None:
    replies = await store.commit(turn(0, "1", "2", "3"))

    await store.mark_sent([replies[0].seq, replies[2].seq], NOON)

    assert texts(await store.unsent("bob")) == ["2"]
    assert texts(await store.commit(turn(1, "4"))) == ["2", "4"]


async def test_to_mark_nothing_or_what_is_not_there_does_nothing(store: Store) -> None:
    replies = await store.commit(turn(0, "1"))

    await store.mark_sent([], NOON)
    await store.mark_sent([replies[0].seq + 1000], NOON)

    assert await store.unsent("bob") == replies


async def test_a_new_reply_is_overdue_when_its_turn_has_had_its_time(store: Store) -> None:
    await store.commit(turn(0, "1"))

    assert await keys(store, 9.999999) == []
    assert await keys(store, 10) == ["bob"]
    assert await store.overdue(later(10), 10) == [await store.conversation("bob")]


async def test_what_came_in_is_never_overdue(store: Store) -> None:
    await store.commit(turn(0))

    assert await keys(store, 1e6) == []


async def test_a_reply_put_off_is_due_at_its_time(store: Store) -> None:
    [reply] = await store.commit(turn(0, "1"))

    await store.put_off(reply.seq, later(60))

    assert await keys(store, 59) == []
    assert await keys(store, 60) == ["bob"]
    assert [entry.attempts for entry in await store.unsent("bob")] == [1]
    await store.put_off(reply.seq, later(120))
    assert await keys(store, 60) == []
    assert [entry.attempts for entry in await store.unsent("bob")] == [2]


async def test_the_oldest_reply_decides_when_a_conversation_is_due(store: Store) -> None:
    first, second = await store.commit(turn(0, "1", "2"))

    await store.put_off(first.seq, later(60))
    assert await keys(store, 30) == []

    await store.mark_sent([first.seq], NOON)
    assert await keys(store, 30) == ["bob"]

    await store.mark_sent([second.seq], NOON)
    assert await keys(store, 1e6) == []


async def test_the_longest_due_come_first_and_each_once(store: Store) -> None:
    for n, key in enumerate(["c", "a", "b"]):
        await store.commit(turn(0, "1", "2", key=key, at=later(n)))
    [late] = await store.commit(turn(0, "1", key="late"))
    await store.put_off(late.seq, later(13))

    assert await keys(store, 100) == ["c", "a", "b", "late"]
    assert await keys(store, 100, limit=2) == ["c", "a"]


async def test_a_reply_given_up_is_kept_and_not_tried_again(store: Store) -> None:
    first, second = await store.commit(turn(0, "1", "2"))

    await store.give_up(first.seq, "the conversation is gone: 403 \0")

    assert await store.unsent("bob") == [second]
    await store.give_up(second.seq, "")
    assert await keys(store, 1e6) == []
    assert texts(await store.history("bob", 0, 10)) == ["said activity-0", "1", "2"]


async def test_what_is_settled_stays_settled(store: Store) -> None:
    sent, refused = await store.commit(turn(0, "sent", "refused"))
    await store.mark_sent([sent.seq], NOON)
    await store.give_up(refused.seq, "no")

    for reply in (sent, refused):
        await store.put_off(reply.seq, NOON)
        await store.give_up(reply.seq, "no")
        await store.mark_sent([reply.seq], NOON)

    assert not await store.unsent("bob")
    assert await keys(store, 1e6) == []
    assert [entry.attempts for entry in await store.history("bob", 0, 10)] == [0, 0, 0]
