"""What desks have yet to be told: leased, in order, changed by the owner alone, never dropped."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.storage.database import DatabaseStore, open_store
from bot.storage.outbox import Claimed, Outbox, Waiting
from bot.storage.records import CaseChange, Delivery, DeskEvent, Order
from tests.bot.storage.turns import later, new_case, news_in, turn
from tests.fakes import NOON, Clock

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

LEASE = timedelta(seconds=60)


async def record(kept: DatabaseStore, *ids: str, desk: str = "helpdesk") -> None:
    """Cases with these ids, each in a conversation of its own."""
    for case_id in ids:
        await kept.commit(turn(0, key=case_id, case=new_case(case_id, desk=desk)))


async def order(kept: DatabaseStore, *orders: Order, changes: tuple[CaseChange, ...] = ()) -> None:
    """Something that the person of a case has its desk do."""
    conversation = await kept.conversation("window")
    version = conversation.version if conversation else 0
    await kept.commit(turn(version, key="window", orders=orders, changes=changes))


def note(number: int, case_id: str = "case-1") -> Order:
    return Order(f"note-{number}", case_id, "note", f"More, {number}.")


async def claim(outbox: Outbox, owner: str = "ann", limit: int = 10) -> Sequence[Claimed]:
    return await outbox.claim(owner, "helpdesk", limit, LEASE)


async def claimed(outbox: Outbox, owner: str = "ann", limit: int = 10) -> list[str]:
    return [found.delivery.id for found in await claim(outbox, owner, limit)]


async def delivery(outbox: Outbox, number: int = 0) -> Delivery:
    return (await outbox.deliveries("case-1"))[number]


async def state(kept: DatabaseStore) -> str:
    case = await kept.case("case-1")
    assert case
    return case.state


# --- who may deliver -------------------------------------------------------------------------


async def test_a_delivery_is_leased_with_its_case(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1")

    [found] = await claim(outbox)

    assert found.delivery == await delivery(outbox)
    assert found.case == await kept.case("case-1")
    assert found.at == NOON
    assert found.delivery.attempted_at is None


async def test_what_is_leased_is_nobody_elses_until_the_lease_ends(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    await record(kept, "case-1")
    assert await claimed(outbox, "ann") == ["case-1"]

    clock.advance(seconds=59.9)
    assert not await claimed(outbox, "bob")
    clock.advance(seconds=0.1)
    assert await claimed(outbox, "bob") == ["case-1"]


async def test_a_desk_is_told_only_its_own(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1", desk="elsewhere")

    assert not await claimed(outbox)
    assert await outbox.claim("ann", "elsewhere", 1, LEASE)


async def test_no_more_is_leased_than_asked_for_the_longest_due_first(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    for case_id in ("case-3", "case-1", "case-2"):
        await record(kept, case_id)
        clock.advance(seconds=1)

    assert await claimed(outbox, limit=2) == ["case-3", "case-1"]
    assert await claimed(outbox, limit=2) == ["case-2"]


async def test_many_who_claim_at_once_get_nothing_twice(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, *(f"case-{n}" for n in range(20)))

    rounds = await asyncio.gather(*(claimed(outbox, f"owner-{n}", 3) for n in range(10)))
    rest = await claimed(outbox, "last", 20)

    found = [case_id for some in [*rounds, rest] for case_id in some]
    assert sorted(found) == sorted({f"case-{n}" for n in range(20)})
    assert max(map(len, rounds)) <= 3


# --- order -----------------------------------------------------------------------------------


async def test_nothing_of_a_case_overtakes(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1")
    await order(kept, note(1), note(2))

    for expected in ("case-1", "note-1", "note-2"):
        assert await claimed(outbox) == [expected]
        assert not await claimed(outbox)
        assert await outbox.complete(expected, "ann", "T-1")
    assert not await claimed(outbox)


async def test_what_is_put_off_holds_up_its_own_case_alone(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1")
    await order(kept, note(1))
    await claim(outbox)
    await outbox.put_off("case-1", "ann", 30, "busy")
    await record(kept, "case-2")

    assert await claimed(outbox) == ["case-2"]


async def test_without_a_ticket_there_is_nothing_to_add_to(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1")
    await order(kept, note(1))
    await claim(outbox)
    await outbox.park("case-1", "ann", "no such queue")

    assert not await claimed(outbox)


async def test_a_parked_note_holds_up_nothing(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1")
    await order(kept, note(1), note(2))
    await claim(outbox)
    await outbox.complete("case-1", "ann", "T-1")
    await claim(outbox)
    await outbox.park("note-1", "ann", "too long")

    assert await claimed(outbox) == ["note-2"]
    assert await state(kept) == "submitted"


# --- how it ends -----------------------------------------------------------------------------


async def test_a_case_is_submitted_with_its_ticket(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    clock.advance(seconds=5)

    case = await outbox.complete("case-1", "ann", "T-1", "https://desk.example/T-1")

    assert case == await kept.case("case-1")
    assert case
    assert (case.state, case.version, case.changed_at) == ("submitted", 2, later(5))
    assert (case.ticket, case.link) == ("T-1", "https://desk.example/T-1")
    done = await delivery(outbox)
    assert (done.done_at, done.due_at, done.error) == (later(5), None, None)


async def test_a_ticket_that_is_known_late_hides_nothing_that_came_before(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    """The desk's answer was lost, and an agent quicker than who asked again."""
    await record(kept, "case-1")
    await kept.note_event(
        DeskEvent("1", "helpdesk", "case-1", "assigned", "", later(10)), later(20)
    )
    await claim(outbox)
    clock.advance(seconds=60)
    await outbox.complete("case-1", "ann", "T-1")

    await kept.note_event(DeskEvent("2", "helpdesk", "case-1", "waiting", "", later(30)), later(70))

    assert await state(kept) == "waiting"


async def test_what_a_person_did_meanwhile_stays(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    gone = Order("withdraw-1", "case-1", "withdrawn")
    await order(kept, gone, changes=(CaseChange("case-1", 1, "withdrawn"),))

    case = await outbox.complete("case-1", "ann", "T-1")

    assert case
    assert (case.state, case.ticket, case.version) == ("withdrawn", "T-1", 3)
    assert await claimed(outbox) == ["withdraw-1"]


async def test_a_note_that_is_done_changes_no_case(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1")
    await order(kept, note(1))
    await claim(outbox)
    submitted = await outbox.complete("case-1", "ann", "T-1", "https://desk.example/T-1")
    await claim(outbox)

    assert await outbox.complete("note-1", "ann") == submitted


async def test_a_failure_is_kept_and_tried_again_when_it_is_due(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    await outbox.mark_attempt("case-1", "ann", LEASE)

    assert await outbox.put_off("case-1", "ann", 30, "busy")

    failed = await delivery(outbox)
    assert (failed.due_at, failed.attempts, failed.error) == (later(30), 1, "busy")
    assert failed.attempted_at is None
    clock.advance(seconds=29.9)
    assert not await claimed(outbox)
    clock.advance(seconds=0.1)
    assert await claimed(outbox) == ["case-1"]


async def test_an_ambiguous_end_is_remembered(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    clock.advance(seconds=1)
    await outbox.mark_attempt("case-1", "ann", LEASE)
    await outbox.put_off("case-1", "ann", 10, "cut", ambiguous=True)
    clock.advance(seconds=20)

    [again] = await claim(outbox, "bob")

    assert (again.delivery.attempted_at, again.at) == (later(1), later(21))


async def test_a_lease_that_runs_out_in_a_request_is_ambiguous(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    clock.advance(seconds=30)
    assert await outbox.mark_attempt("case-1", "ann", LEASE)

    clock.advance(seconds=59)
    assert not await claimed(outbox, "bob")  # the attempt leased it anew
    clock.advance(seconds=1)
    [again] = await claim(outbox, "bob")

    assert again.delivery.attempted_at == later(30)


async def test_who_lost_the_lease_changes_nothing(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    await record(kept, "case-1")
    await claim(outbox, "ann")
    clock.advance(seconds=60)
    await claim(outbox, "bob")
    before = await outbox.deliveries("case-1")

    assert not await outbox.mark_attempt("case-1", "ann", LEASE)
    assert not await outbox.complete("case-1", "ann", "T-1")
    assert not await outbox.put_off("case-1", "ann", 1, "busy")
    assert not await outbox.park("case-1", "ann", "no")

    assert await outbox.deliveries("case-1") == before
    assert await outbox.complete("case-1", "bob", "T-2")
    assert not await outbox.complete("case-1", "ann", "T-1")
    assert not await outbox.complete("case-1", "bob", "T-3")
    case = await kept.case("case-1")
    assert case
    assert (case.ticket, case.version) == ("T-2", 2)


async def test_what_is_parked_waits_until_it_is_sent_again(
    kept: DatabaseStore, outbox: Outbox, clock: Clock
) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    await outbox.mark_attempt("case-1", "ann", LEASE)

    assert await outbox.park("case-1", "ann", "no such queue")

    parked = await delivery(outbox)
    assert (parked.parked_at, parked.due_at, parked.error) == (NOON, None, "no such queue")
    assert await state(kept) == "parked"
    clock.advance(days=30)
    assert not await claimed(outbox)

    assert await outbox.resend("case-1", "helpdesk") == 1
    assert await state(kept) == "recorded"
    assert (await delivery(outbox)).parked_at is None
    assert await claimed(outbox) == ["case-1"]
    assert await outbox.resend("case-1", "helpdesk") == 0


async def test_of_what_is_parked_its_person_is_to_be_told_once(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1")
    for _ in range(2):
        await claim(outbox)
        await outbox.park("case-1", "ann", "no such queue")
        await outbox.resend("case-1", "helpdesk")

    told = await news_in(kept)
    assert {(one.id, one.key, one.about, one.moved) for one in told} == {
        ("case-1/parked", "case-1", "case-1", "parked")
    }


async def test_who_lost_the_lease_or_has_withdrawn_hears_of_nothing_parked(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    await order(kept, changes=(CaseChange("case-1", 1, "withdrawn"),))

    assert not await outbox.park("case-1", "bob", "no such queue")
    assert await outbox.park("case-1", "ann", "no such queue")

    assert await news_in(kept) == []


async def test_a_parked_note_is_no_news(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1")
    await order(kept, note(1))
    await claim(outbox)
    await outbox.complete("case-1", "ann", "T-1")
    await claim(outbox)

    await outbox.park("note-1", "ann", "too long")

    assert [one.moved for one in await news_in(kept)] == ["submitted"]


async def test_all_that_is_parked_is_found(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-3", "case-1", "case-2")
    await order(kept, note(1, "case-3"), note(2, "case-3"))
    await claim(outbox)
    await outbox.complete("case-3", "ann", "T-1")
    await outbox.park("case-1", "ann", "no such queue")
    for name in await claimed(outbox):
        await outbox.park(name, "ann", "too long")
    for name in await claimed(outbox):
        await outbox.park(name, "ann", "too long")

    assert await outbox.parked() == ["case-1", "case-3"]


# --- in figures ------------------------------------------------------------------------------


async def test_where_nothing_waits_the_figures_are_0(outbox: Outbox) -> None:
    assert await outbox.waiting() == Waiting(0, 0, 0.0)


async def test_the_figures_count_cases(kept: DatabaseStore, outbox: Outbox, clock: Clock) -> None:
    await record(kept, "case-1", "case-2", "case-3")
    await order(kept, note(1), note(2))
    first = await claim(outbox)
    assert len(first) == 3
    await outbox.park("case-2", "ann", "no such queue")
    await outbox.complete("case-3", "ann", "T-3")
    clock.advance(minutes=2)

    assert await outbox.waiting() == Waiting(1, 1, 120.0)


async def test_a_turn_whose_clock_is_ahead_is_not_less_than_new(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await kept.commit(turn(0, case=new_case(), at=later(30)))

    assert await outbox.waiting() == Waiting(1, 0, 0.0)


# --- the database's own clock ----------------------------------------------------------------


@pytest.fixture
async def real(store_url: str) -> AsyncIterator[DatabaseStore]:
    """A store in a database that goes by its own clock."""
    opened = open_store(store_url)
    yield opened
    await opened.close()


async def test_the_database_tells_the_time(real: DatabaseStore) -> None:
    outbox = Outbox(real.transactions)
    await record(real, "case-1")

    [found] = await claim(outbox)
    assert not await claimed(outbox)
    await outbox.put_off("case-1", "ann", 90, "busy")

    assert abs((found.at - datetime.now(UTC)).total_seconds()) < 60
    due_at = (await delivery(outbox)).due_at
    assert due_at
    assert 90 <= (due_at - found.at).total_seconds() < 150
    assert not await claimed(outbox)


async def test_by_the_databases_clock_a_lease_runs_out(real: DatabaseStore) -> None:
    outbox = Outbox(real.transactions)
    await record(real, "case-1")

    assert await outbox.claim("ann", "helpdesk", 1, timedelta(seconds=-1))
    assert await claimed(outbox, "bob") == ["case-1"]


# --- the transcript --------------------------------------------------------------------------


async def test_a_transcript_is_kept_until_the_desk_has_it(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    case = replace(new_case(), transcript="User: hello")
    await kept.commit(turn(0, key="case-1", case=case))
    await order(kept, note(1))

    [found] = await claim(outbox)
    assert found.delivery.body == "User: hello"
    await outbox.put_off("case-1", "ann", 0, "503")
    assert (await delivery(outbox)).body == "User: hello"
    await claim(outbox)
    await outbox.complete("case-1", "ann", "T-1")

    assert [one.body for one in await outbox.deliveries("case-1")] == ["", "More, 1."]
    await claim(outbox)
    await outbox.complete("note-1", "ann")
    assert (await delivery(outbox, 1)).body == "More, 1."


# --- a desk that is set later ----------------------------------------------------------------


async def test_a_desk_gets_what_was_recorded_without_one(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1", "case-2", desk="")
    await record(kept, "case-3", desk="former")
    await order(kept, note(1))

    assert sorted(await asyncio.gather(*(outbox.take_over("helpdesk") for _ in range(3)))) == [
        0,
        0,
        2,
    ]

    assert await outbox.elsewhere("helpdesk") == {"former": 1}
    assert sorted(await claimed(outbox)) == ["case-1", "case-2"]
    await outbox.complete("case-1", "ann", "T-1")
    assert await claimed(outbox) == ["note-1"]
    case = await kept.case("case-1")
    assert case
    assert (case.desk, case.content) == ("helpdesk", new_case(desk="").content)
    assert await kept.note_event(
        DeskEvent("event-1", "helpdesk", "case-1", "assigned", "", later(5)), later(5)
    )


# --- a desk that is not set any more ---------------------------------------------------------


async def test_what_waits_for_a_former_desk_goes_to_the_present_one(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1", desk="former")
    await order(kept, note(1))
    [held] = await outbox.claim("ann", "former", 10, LEASE)
    assert await outbox.elsewhere("helpdesk") == {"former": 1}

    assert await outbox.resend("case-1", "helpdesk") == 2

    assert await outbox.elsewhere("helpdesk") == {}
    assert await outbox.complete(held.delivery.id, "ann", "T-1") is None
    assert await claimed(outbox) == ["case-1"]
    case = await kept.case("case-1")
    assert case
    assert case.desk == "helpdesk"


async def test_what_a_former_desk_has_stays_there(kept: DatabaseStore, outbox: Outbox) -> None:
    await record(kept, "case-1", desk="former")
    await outbox.claim("ann", "former", 10, LEASE)
    await outbox.complete("case-1", "ann", "T-1")
    await order(kept, note(1))

    assert await outbox.resend("case-1", "helpdesk") == 0

    assert await outbox.elsewhere("helpdesk") == {"former": 1}


# --- what is over ----------------------------------------------------------------------------


async def test_cases_are_kept_until_long_after_their_last_change(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1", "case-2", "case-3")
    await claim(outbox)
    for case_id in ("case-1", "case-3"):
        await outbox.complete(case_id, "ann", "T-1")
    await outbox.park("case-2", "ann", "no such queue")
    told = DeskEvent("event-1", "helpdesk", "case-3", "assigned", "", later(600))
    await kept.note_event(told, later(600))

    assert await kept.purge_cases(later(-1)) == 0
    assert await kept.purge_cases(later(300)) == 1  # not what is parked, nor what changed later

    left = [case.id for case in await outbox.cases(10)]
    assert left == ["case-3", "case-2"]
    assert await outbox.deliveries("case-1") == []
    assert await kept.purge_cases(later(3600)) == 1
    assert await kept.note_event(told, later(3600)) is None


async def test_a_case_is_kept_as_long_as_what_its_person_wrote_last(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await record(kept, "case-1")
    await claim(outbox)
    await outbox.complete("case-1", "ann", "T-1")
    written = {"changes": (CaseChange("case-1", 2, "submitted"),), "at": later(600)}
    await kept.commit(turn(0, key="window", orders=(note(1),), **written))  # type: ignore[arg-type]
    await claim(outbox)
    await outbox.complete("note-1", "ann")

    assert await kept.purge_cases(later(300)) == 0
    assert await kept.purge_cases(later(601)) == 1
