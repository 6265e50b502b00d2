"""Reading a conversation back, whatever was said in it."""

import random
import string
from dataclasses import replace

import pytest

from bot.storage.records import Incoming, Line, Outgoing
from bot.storage.store import Store
from tests.bot.storage.turns import NOON, SOMEBODY, later, texts, turn

ODD = [
    "",
    " ",
    "'; DROP TABLE entries; --",
    "100% \\ \" ' ` ? :name $1 {x} %s",
    "line\nline\r\n\ttab",
    "Grüße, 你好, שלום, \u202eturned\u202c, e\u0301, 👩\u200d👩\u200d👧, 𝄞",
    "\ufeff\ufffe\uffff\x01\x1f\x7f\u0085\u2028",
    "x" * 300_000,
]


async def test_the_history_tells_all_in_its_order(store: Store) -> None:
    await store.commit(turn(0, "1", "2"))
    await store.commit(turn(1, "3", at=later(1.000001)))

    entries = await store.history("bob", 0, 10)

    said = ["said activity-0", "1", "2", "said activity-1", "3"]
    assert texts(entries) == said
    assert [entry.direction for entry in entries] == ["in", "out", "out", "in", "out"]
    assert entries[0].activity == '{"id":"activity-0"}'
    assert [entry.at for entry in entries] == [*[later(0)] * 3, *[later(1.000001)] * 2]
    assert {entry.at.tzinfo for entry in entries} == {later(0).tzinfo}


async def test_the_history_goes_on_after_an_entry(store: Store) -> None:
    await store.commit(turn(0, "1", "2"))
    await store.commit(turn(0, "not Bob's", key="ann"))
    await store.commit(turn(1, "3"))
    seqs = [entry.seq for entry in await store.history("bob", 0, 10)]

    assert texts(await store.history("bob", seqs[1], 2)) == ["2", "said activity-1"]
    assert texts(await store.history("bob", seqs[3], 10)) == ["3"]
    assert not await store.history("bob", seqs[-1], 10)
    assert not await store.history("bob", 0, 0)


async def test_what_carries_no_activity_is_not_part_of_the_history(store: Store) -> None:
    news = replace(turn(0, "your ticket is solved"), incoming=Incoming("news-1"))

    await store.commit(news)

    assert (await store.load("bob", "news-1")).seen
    assert texts(await store.history("bob", 0, 1)) == ["your ticket is solved"]


async def test_the_latest_lines_come_oldest_first(store: Store) -> None:
    await store.commit(turn(0, "1", "2"))
    await store.commit(turn(0, "not Bob's", key="ann"))
    news = replace(turn(1, "3", at=later(1)), incoming=Incoming("news-1"))
    await store.commit(news)

    said = await store.lines("bob", 3)
    assert said == [Line("out", "2", NOON), Line("in", "", later(1)), Line("out", "3", later(1))]
    assert [line.text for line in await store.lines("bob", 9)] == [
        "said activity-0",
        "1",
        "2",
        "",
        "3",
    ]
    assert await store.lines("nobody", 9) == []


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_every_text_comes_back_as_it_was(store: Store, text: str) -> None:
    odd = replace(
        turn(0, key=f"key {text[:200]}", activity_id=f"id {text[:200]}"),
        progress=text,
        replies=(Outgoing(activity=text + "!", text=text),),
        reference=SOMEBODY.model_copy(update={"user_name": text}),
    )

    [reply] = await store.commit(odd)

    assert (reply.key, reply.activity, reply.text) == (odd.key, text + "!", text)
    loaded = await store.load(odd.key, odd.incoming.id)
    assert loaded.seen
    assert loaded.conversation
    assert loaded.conversation.progress == text
    assert loaded.conversation.reference == odd.reference


@pytest.mark.parametrize("odd", ["\0", chr(0xD800), chr(0xDFFF)])
async def test_what_no_database_can_keep_is_replaced(store: Store, odd: str) -> None:
    name = f"a{odd}b"
    incoming = Incoming(id=name, text=name, activity=name)
    reference = SOMEBODY.model_copy(update={"user_name": name})
    replies = (Outgoing(name, name),)
    kept = "a\ufffdb"
    strange = replace(
        turn(0, key=name),
        progress=name,
        incoming=incoming,
        replies=replies,
        reference=reference,
    )

    [reply] = await store.commit(strange)

    assert (reply.key, reply.activity, reply.text) == (kept, kept, kept)
    assert await store.unsent(name) == [reply]
    assert texts(await store.history(name, 0, 10)) == [kept, kept]
    assert (await store.load(name, name)).seen
    conversation = await store.conversation(name)
    assert conversation
    assert (conversation.key, conversation.progress) == (kept, kept)
    assert conversation.reference == reference


async def test_keys_and_ids_may_be_long(store: Store) -> None:
    chance = random.Random(7)  # what compresses well would hide a limit
    key, name = ("".join(chance.choices(string.printable[:94], k=1000)) for _ in range(2))

    await store.commit(turn(0, "1", key=key, activity_id=name))
    await store.commit(turn(0, "2", key=key[:-1], activity_id=name))

    assert (await store.load(key, name)).seen
    assert not (await store.load(key, name[:-1])).seen
    assert texts(await store.unsent(key)) == ["1"]
