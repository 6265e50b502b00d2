"""What happened without a person is told to them once, and soon, whatever fails meanwhile."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.storage.database import DatabaseStore
from bot.storage.inbox import Inbox, Letter
from bot.storage.outbox import Outbox
from bot.storage.records import CaseChange, CaseState, DeskEvent, News
from bot.telling import Telling
from dialogs.model import CaseNews, Due, Event
from tests.bot.storage.turns import later, new_case, news_in, turn
from tests.fakes import Clock

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

RESOLVED = DeskEvent("event-1", "helpdesk", "case-1", "resolved", "", later(30))


@dataclass
class Listener:
    """Whoever is told, as long as nothing fails."""

    kept: DatabaseStore
    told: list[tuple[str, str, Event]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    is_gone: bool = False

    def __post_init__(self) -> None:
        self.telling = Telling(Inbox(self.kept.transactions), self.kept.case, self.tell)

    async def tell(self, key: str, event_id: str, event: Event) -> bool:
        if self.fails:
            raise self.fails.pop()
        self.told.append((key, event_id, event))
        return not self.is_gone

    async def happens(self, *events: DeskEvent) -> None:
        """What a desk tells."""
        for event in events:
            await self.kept.note_event(event, later(60))

    def cases(self) -> list[tuple[str, str, bool]]:
        """How each case stood that was told of, an agent's words, and whether it has moved."""
        events = [event for _, _, event in self.told if isinstance(event, CaseNews)]
        return [(event.case.state, event.comment, event.moved) for event in events]


@pytest.fixture
async def listener(kept: DatabaseStore) -> Listener:
    """There is one case."""
    await kept.commit(turn(0, case=new_case()))
    return Listener(kept)


async def test_what_became_of_a_case_is_told_once(listener: Listener) -> None:
    await listener.happens(RESOLVED, RESOLVED)

    await listener.telling.run_once()
    await listener.telling.run_once()

    [(key, event_id, _)] = listener.told
    assert (key, event_id) == ("bob", "desk/helpdesk/event-1")
    assert listener.cases() == [("resolved", "", True)]
    assert await news_in(listener.kept) == []


async def test_several_things_are_told_in_their_order(listener: Listener) -> None:
    await listener.happens(
        replace(RESOLVED, id="event-0", state="assigned", comment="I am looking at it."),
        replace(RESOLVED, state=None, comment="Try now."),
        replace(RESOLVED, id="event-2", at=later(40)),
    )

    await listener.telling.run_once()

    assert listener.cases() == [
        ("resolved", "I am looking at it.", False),
        ("resolved", "Try now.", False),
        ("resolved", "", True),
    ]


async def test_a_state_that_is_over_is_not_told_late(listener: Listener) -> None:
    await listener.happens(
        replace(RESOLVED, id="event-0", state="assigned"), replace(RESOLVED, at=later(40))
    )

    await listener.telling.run_once()

    assert listener.cases() == [("resolved", "", True)]
    assert await news_in(listener.kept) == []


async def test_what_cannot_be_told_now_is_told_later_and_holds_up_nobody(
    listener: Listener, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await listener.kept.commit(turn(0, key="ann", case=new_case("case-2")))
    await listener.happens(RESOLVED, replace(RESOLVED, id="event-2", case_id="case-2"))
    listener.fails.append(OSError("the database is away"))

    await listener.telling.run_once()
    assert len(listener.told) == 1
    assert "something could not be told" in caplog.messages

    clock.advance(seconds=2)
    await listener.telling.run_once()
    assert {key for key, _, _ in listener.told} == {"bob", "ann"}


async def test_what_fails_again_waits_longer(listener: Listener, clock: Clock) -> None:
    await listener.happens(RESOLVED)
    for seconds in (0, 1, 1, 3):  # it fails at 0, is due at 2, fails, and is due at 6
        listener.fails = [OSError("the database is away")]
        clock.advance(seconds=seconds)
        await listener.telling.run_once()
    assert listener.fails

    listener.fails = []
    clock.advance(seconds=1)
    await listener.telling.run_once()
    assert listener.cases() == [("resolved", "", True)]


async def test_who_was_killed_while_telling_leaves_it_to_others(
    listener: Listener, clock: Clock
) -> None:
    await listener.happens(RESOLVED)
    await Inbox(listener.kept.transactions).claim(1, later(60) - later(0))

    await listener.telling.run_once()
    assert not listener.told
    clock.advance(seconds=60)
    await listener.telling.run_once()

    assert listener.cases() == [("resolved", "", True)]


async def test_a_follow_up_is_told_when_it_is_due(listener: Listener, clock: Clock) -> None:
    news = News("follow-up/1", "bob", "follow up", "1", later(86400))
    await listener.kept.commit(turn(1, news=(news,)))

    await listener.telling.run_once()
    assert not listener.told
    clock.advance(seconds=86400)
    await listener.telling.run_once()

    assert listener.told == [("bob", "follow-up/1", Due("1"))]


async def test_of_a_case_that_is_gone_nothing_is_told(listener: Listener) -> None:
    news = News("event-9", "bob", "case", "case-9", later(0), "resolved")
    await listener.kept.commit(turn(1, news=(news,)))

    await listener.telling.run_once()

    assert not listener.told
    assert await news_in(listener.kept) == []


async def test_nothing_is_lost_while_the_database_is_away(
    listener: Listener, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither can it be told nor put off; the lease runs out."""

    class Away(Inbox):
        async def put_off(self, seq: int, seconds: float) -> None:
            raise OSError("the database is away")

    await listener.happens(RESOLVED)
    listener.fails.append(OSError("the database is away"))
    caplog.set_level(logging.ERROR)

    away = Telling(Away(listener.kept.transactions), listener.kept.case, listener.tell)
    await away.run_once()
    assert "what could not be told is not put off" in caplog.messages

    clock.advance(seconds=120)
    await listener.telling.run_once()
    assert listener.cases() == [("resolved", "", True)]


async def test_a_conversation_that_hangs_holds_up_no_other(listener: Listener) -> None:
    """Nor one of which there is something to tell only when it hangs already."""
    await listener.kept.commit(turn(0, key="ann", case=new_case("case-2")))
    hangs, ann_is_told = asyncio.Event(), asyncio.Event()

    async def tell(key: str, event_id: str, event: Event) -> bool:
        if key == "bob":
            hangs.set()
            await ann_is_told.wait()
        else:
            ann_is_told.set()
        return await listener.tell(key, event_id, event)

    await listener.happens(RESOLVED)
    inbox = Inbox(listener.kept.transactions)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(Telling(inbox, listener.kept.case, tell).run_once())
        await hangs.wait()
        await listener.happens(replace(RESOLVED, id="event-2", case_id="case-2"))

    assert [key for key, _, _ in listener.told] == ["ann", "bob"]


async def test_where_nothing_can_be_claimed_it_is_tried_again(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    class Away(Inbox):
        async def claim(self, limit: int, lease: timedelta) -> Sequence[Letter]:
            raise OSError("the database is away")

    await listener.happens(RESOLVED)

    await Telling(Away(listener.kept.transactions), listener.kept.case, listener.tell).run_once()
    assert "nothing can be claimed to be told" in caplog.messages

    await listener.telling.run_once()
    assert listener.cases() == [("resolved", "", True)]


async def test_a_conversation_that_is_gone_is_noted(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.is_gone = True
    await listener.happens(RESOLVED)

    await listener.telling.run_once()

    assert "there is no conversation any more to be told" in caplog.messages
    assert await news_in(listener.kept) == []


async def test_the_ticket_is_told_also_where_an_agent_was_quicker(listener: Listener) -> None:
    """The desk's answer was lost, and what it told of the case came before it was asked again."""
    assigned = replace(RESOLVED, state="assigned")
    await listener.happens(assigned)
    await listener.telling.run_once()
    outbox = Outbox(listener.kept.transactions)

    [claimed] = await outbox.claim("owner", "helpdesk", 1, later(60) - later(0))
    await outbox.complete(claimed.delivery.id, "owner", ticket="17")
    await listener.telling.run_once()

    assert listener.cases() == [("assigned", "", True), ("submitted", "", True)]
    assert [event.case.ticket for _, _, event in listener.told if isinstance(event, CaseNews)] == [
        "",
        "17",
    ]


@pytest.mark.parametrize(("done", "told"), [("withdrawn", 0), ("closed", 0), ("reopened", 1)])
async def test_who_wants_nothing_of_it_any_more_hears_of_no_ticket(
    listener: Listener, done: CaseState, told: int
) -> None:
    change = CaseChange("case-1", 1, done)
    news = News("case-1/2", "bob", "case", "case-1", later(0), "submitted")
    await listener.kept.commit(turn(1, changes=(change,), news=(news,)))

    await listener.telling.run_once()

    assert len(listener.told) == told
    assert await news_in(listener.kept) == []
