"""What conversations are yet to be told is claimed by one at a time, in order, until it is told."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.cursors import Cursors
from bot.storage.database import DatabaseStore
from bot.storage.inbox import Inbox, Letter
from bot.storage.records import News
from tests.bot.storage.turns import later, new_case, news_in, turn
from tests.fakes import NOON, Clock

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

LEASE = timedelta(seconds=60)


@pytest.fixture
def inbox(kept: DatabaseStore) -> Inbox:
    """By the test's clock."""
    return Inbox(kept.transactions)


def case(name: str, key: str = "bob") -> News:
    """What became of a case."""
    return News(name, key, "case", "case-1", NOON, "resolved", "It works now.")


def follow_up(name: str, due: float, key: str = "bob") -> News:
    """What somebody wants to be asked so many seconds from noon."""
    return News(name, key, "follow up", name, later(due))


async def put(kept: DatabaseStore, *news: News) -> None:
    await kept.commit(turn(0, key=f"about {news[0].id}", news=news))


def names(letters: Sequence[Letter]) -> list[str]:
    return [letter.news.id for letter in letters]


async def test_news_come_with_their_turn_and_go_when_they_are_told(
    kept: DatabaseStore, inbox: Inbox
) -> None:
    await put(kept, case("one"))

    [letter] = await inbox.claim(10, LEASE)
    assert letter.news == replace(case("one"), due_at=later(60))
    assert letter.attempts == 1

    await inbox.forget(letter.seq)
    assert await news_in(kept) == []


async def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(
    kept: DatabaseStore, inbox: Inbox, clock: Clock
) -> None:
    await put(kept, case("one"))

    assert names(await inbox.claim(10, LEASE)) == ["one"]
    clock.advance(seconds=59)
    assert await inbox.claim(10, LEASE) == []
    clock.advance(seconds=1)
    [letter] = await inbox.claim(10, LEASE)
    assert letter.attempts == 2


async def test_a_conversation_is_told_one_thing_after_the_other(
    kept: DatabaseStore, inbox: Inbox
) -> None:
    await put(kept, case("one"), case("two"), case("another's", key="ann"))

    first = await inbox.claim(10, LEASE)
    assert names(first) == ["one", "another's"]
    assert await inbox.claim(10, LEASE) == []
    await inbox.forget(first[0].seq)
    assert names(await inbox.claim(10, LEASE)) == ["two"]


async def test_what_is_due_tomorrow_holds_up_nothing(
    kept: DatabaseStore, inbox: Inbox, clock: Clock
) -> None:
    await put(kept, follow_up("tomorrow", 86400), case("one"))

    assert await inbox.overdue() == 1
    assert names(await inbox.claim(10, LEASE)) == ["one"]
    clock.advance(seconds=86400)
    assert names(await inbox.claim(10, LEASE)) == ["tomorrow", "one"]


async def test_news_that_cannot_be_told_hold_up_no_follow_up(
    kept: DatabaseStore, inbox: Inbox
) -> None:
    await put(kept, case("one"), case("two"), follow_up("now", 0))

    assert names(await inbox.claim(10, LEASE)) == ["one", "now"]


async def test_what_is_due_longest_is_told_first(
    kept: DatabaseStore, inbox: Inbox, clock: Clock
) -> None:
    await put(kept, follow_up("later", 20), follow_up("sooner", 10))
    clock.advance(seconds=30)

    assert names(await inbox.claim(1, LEASE)) == ["sooner"]


async def test_what_could_not_be_told_is_due_again_later(
    kept: DatabaseStore, inbox: Inbox, clock: Clock
) -> None:
    await put(kept, case("one"))
    [letter] = await inbox.claim(10, LEASE)

    await inbox.put_off(letter.seq, 600)

    clock.advance(seconds=599)
    assert await inbox.claim(10, LEASE) == []
    clock.advance(seconds=1)
    assert names(await inbox.claim(10, LEASE)) == ["one"]


async def test_what_fails_again_and_again_holds_up_nothing_for_ever(
    kept: DatabaseStore, inbox: Inbox, clock: Clock
) -> None:
    await put(kept, case("one"), case("two"))

    for _ in range(5):
        assert names(await inbox.claim(10, LEASE)) == ["one"]
        clock.advance(seconds=60)

    assert names(await inbox.claim(10, LEASE)) == ["one", "two"]


async def test_of_several_each_thing_is_claimed_by_one(kept: DatabaseStore, inbox: Inbox) -> None:
    for number in range(6):
        await put(kept, case(f"news-{number}", key=f"person-{number}"))

    claims = await asyncio.gather(*(inbox.claim(4, LEASE) for _ in range(4)))

    assert sorted(name for claim in claims for name in names(claim)) == [
        f"news-{number}" for number in range(6)
    ]
    assert max(map(len, claims)) <= 4


async def test_what_is_being_told_is_told_where_it_was_begun(
    kept: DatabaseStore, inbox: Inbox, clock: Clock
) -> None:
    """It may stand there already, also where whoever began it was killed."""
    await kept.commit(turn(0, case=new_case(), news=(case("one"), case("two"))))
    assert names(await inbox.claim(10, LEASE)) == ["one"]

    await kept.commit(turn(0, key="new", joined="bob@contoso.com"))

    [second] = await inbox.claim(10, LEASE)
    assert (second.news.id, second.news.key) == ("two", "new")
    clock.advance(seconds=60)
    first, second = await inbox.claim(10, LEASE)
    assert [(one.news.id, one.news.key) for one in (first, second)] == [
        ("one", "bob"),
        ("two", "new"),
    ]


async def test_who_joins_while_it_is_claimed_hears_it_once(
    kept: DatabaseStore, inbox: Inbox
) -> None:
    news = tuple(case(f"news-{number}") for number in range(5))
    await kept.commit(turn(0, case=new_case(), news=news))

    joins = [turn(0, key=f"new-{n}", joined="bob@contoso.com") for n in range(3)]
    told: list[str] = []
    async with asyncio.TaskGroup() as group:
        group.create_task(tell_all(inbox, told))
        for join in joins:
            group.create_task(kept.commit(join))
    await tell_all(inbox, told)  # what was held by who joined

    assert sorted(told) == [one.id for one in news]
    assert await news_in(kept) == []


async def tell_all(inbox: Inbox, told: list[str]) -> None:
    """Tells one after the other, until nothing can be claimed."""
    while letters := await inbox.claim(10, LEASE):
        for letter in letters:
            told.append(letter.news.id)
            await inbox.forget(letter.seq)


async def test_a_desks_cursor_moves_on(kept: DatabaseStore) -> None:
    cursors = Cursors(kept.transactions)
    assert await cursors.of("rt") == ""

    await cursors.keep("rt", "17", NOON)
    await cursors.keep("rt", "18", later(60))
    await cursors.keep("roundup", "3", NOON)

    assert (await cursors.of("rt"), await cursors.of("roundup")) == ("18", "3")
