"""What is recorded becomes a ticket, exactly one, whatever happens on the way."""

import asyncio
import logging

import pytest

from bot.desk.desk import Later, Refused
from bot.storage.outbox import Outbox
from bot.storage.records import NewCase, Order
from tests.bot.desk.trip import Trip
from tests.bot.storage.turns import turn
from tests.fakes import NOON, PATIENCE, Clock, TicketDesk

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

BUSY = Later("429 Too Many Requests")
CUT = Later("the connection was cut", ambiguous=True)
CASES = [f"case-{n}" for n in range(30)]


def cases_of(desk: TicketDesk) -> list[str]:
    """The case of each ticket."""
    return sorted(case_id for case_id, _ in desk.tickets)


class Held:
    """Holds up a request until it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()

    async def __call__(self) -> None:
        await self.let_go.wait()


async def never() -> None:
    """What a desk does that hangs."""
    await asyncio.Event().wait()


# --- it works --------------------------------------------------------------------------------


async def test_a_case_becomes_a_ticket_and_the_person_is_told(trip: Trip) -> None:
    await trip.record("case-1")

    await trip.deliver()

    case = await trip.case()
    assert (case.state, case.ticket, case.link) == (
        "submitted",
        "T-1",
        "https://desk.example/T-1",
    )
    assert await trip.told() == [("case-1", "submitted")]
    assert trip.ended == ["delivered"]


async def test_each_case_becomes_one_ticket_and_few_are_under_way_at_once(trip: Trip) -> None:
    done = asyncio.Semaphore(0)
    trip.desk.next.extend([done.acquire] * len(CASES))
    await trip.record(*CASES)

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(trip.courier.run_once())
        await trip.desk.received(4)
        for begun in range(4, len(CASES)):
            trip.courier.alarm.ring()
            assert len(trip.desk.asked) == begun
            done.release()
            await trip.desk.received(begun + 1)
        for _ in range(4):
            done.release()

    assert cases_of(trip.desk) == sorted(CASES)
    assert len(trip.desk.asked) == len(CASES)
    assert trip.desk.most == 4


async def test_what_a_person_does_reaches_the_desk_in_that_order(trip: Trip) -> None:
    await trip.record("case-1")
    await trip.order(
        Order("note-1", "case-1", "note", "It works now."),
        Order("note-2", "case-1", "note", "It does not."),
        Order("close-1", "case-1", "closed"),
    )

    await trip.deliver()

    assert trip.desk.asked == [
        "create case-1",
        "note T-1 note-1: It works now.",
        "note T-1 note-2: It does not.",
        "closed T-1 close-1",
    ]
    assert len(await trip.told()) == 1


async def test_what_comes_meanwhile_does_not_wait_for_one_that_is_slow(trip: Trip) -> None:
    held = Held()
    trip.desk.next.append(held)
    await trip.record("case-1")

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(trip.courier.run_once())
        await trip.desk.received(1)
        await trip.record("case-2")
        trip.courier.alarm.ring()
        await trip.desk.received(2)
        held.let_go.set()

    assert cases_of(trip.desk) == ["case-1", "case-2"]


async def test_a_commit_ends_the_nap(trip: Trip) -> None:
    await trip.deliver()
    await trip.record("case-1")

    trip.courier.alarm.ring()

    async with asyncio.timeout(PATIENCE):
        await trip.courier.alarm.nap(1e6)


async def test_a_nap_ends_by_itself(trip: Trip) -> None:
    async with asyncio.timeout(PATIENCE):
        await trip.courier.alarm.nap(0)


# --- it does not work now --------------------------------------------------------------------


async def test_what_failed_is_tried_again_ever_later(trip: Trip) -> None:
    trip.desk.next.extend([BUSY] * 13)
    await trip.record("case-1")

    waits = []
    await trip.deliver()
    for _ in range(12):
        waits.append(await trip.due_in())
        await trip.deliver(after=waits[-1])

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    await trip.deliver(after=900)
    assert cases_of(trip.desk) == ["case-1"]
    assert trip.ended == ["later"] * 13 + ["delivered"]


async def test_chance_takes_away_half_of_a_wait_at_most(trip: Trip) -> None:
    trip.desk.next.append(BUSY)
    await trip.record("case-1")

    await trip.another(chance=0.0).run_once()

    assert await trip.due_in() == 0.5


async def test_a_desk_that_wants_a_pause_gets_it_as_a_whole(trip: Trip) -> None:
    trip.desk.next.extend([Later("503", after=30)] * 4)
    await trip.record(*CASES)

    await trip.deliver()
    assert len(trip.desk.asked) == 4
    await trip.deliver(after=29)
    assert len(trip.desk.asked) == 4
    await trip.deliver(after=1)
    assert len(trip.desk.asked) == 14
    await trip.deliver(after=0.5)
    assert len(trip.desk.asked) == 14
    await trip.deliver(after=0.5)

    assert cases_of(trip.desk) == sorted(CASES)


async def test_a_desk_that_is_gone_is_not_asked_for_each_case(trip: Trip) -> None:
    together = asyncio.Barrier(4)

    async def fail() -> None:
        await together.wait()
        raise Later("no connection")

    trip.desk.next.extend([fail] * 4)
    await trip.record(*CASES)

    await trip.deliver()
    await trip.deliver(after=9)
    assert len(trip.desk.asked) == 4
    await trip.deliver(after=1)
    assert len(trip.desk.asked) == 14
    await trip.deliver(after=1)

    assert cases_of(trip.desk) == sorted(CASES)


async def test_what_the_desk_says_is_waited_for_and_what_it_says_not_too(trip: Trip) -> None:
    trip.desk.next.extend([Later("503", after=30), Later("429", after=0)])
    await trip.record("case-1")

    await trip.deliver()
    assert await trip.due_in() == 30
    await trip.deliver(after=30)
    assert await trip.due_in() == 2


# --- it never will ---------------------------------------------------------------------------


async def test_what_is_refused_is_parked_and_can_be_sent_again(
    trip: Trip, caplog: pytest.LogCaptureFixture
) -> None:
    trip.desk.next.append(Refused("there is no such queue"))
    await trip.record("case-1")

    await trip.deliver()

    assert (await trip.case()).state == "parked"
    assert trip.ended == ["refused"]
    [alert] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert vars(alert)["why"] == "there is no such queue"
    assert vars(alert)["case"] == "case-1"
    assert "contoso" not in str(vars(alert))
    await trip.deliver(after=1e6)
    assert trip.desk.asked == ["create case-1"]

    assert await trip.outbox.resend("case-1", "helpdesk") == 1
    await trip.deliver()
    assert ((await trip.case()).state, cases_of(trip.desk)) == ("submitted", ["case-1"])


async def test_what_is_no_ticket_is_parked(trip: Trip) -> None:
    await trip.kept.commit(turn(0, case=NewCase("case-1", "bob", "helpdesk", "?", "{}")))

    await trip.deliver()

    assert ((await trip.case()).state, trip.desk.asked) == ("parked", [])


# --- nobody knows whether it worked ----------------------------------------------------------


async def test_a_desk_that_knows_the_id_again_is_simply_told_again(trip: Trip) -> None:
    trip.desk.next.extend(["lost", CUT, OSError("bob@contoso.com")])
    await trip.record("case-1")

    for _ in range(4):
        await trip.deliver(after=10)

    assert trip.desk.asked == ["create case-1"] * 4
    assert cases_of(trip.desk) == ["case-1"]
    assert trip.ended == ["later"] * 3 + ["delivered"]


async def test_another_desk_is_asked_first_once_it_shows_what_it_has(asking: Trip) -> None:
    asking.desk.next.append("lost")
    await asking.record("case-1")

    await asking.deliver()
    assert await asking.due_in() == 30
    await asking.deliver(after=29)
    assert asking.desk.asked == ["create case-1"]
    await asking.deliver(after=1)

    assert asking.desk.asked == ["create case-1", "find case-1"]
    assert cases_of(asking.desk) == ["case-1"]
    assert (await asking.case()).ticket == "T-1"
    assert await asking.told() == [("case-1", "submitted")]


async def test_what_did_not_reach_it_is_brought_again(asking: Trip) -> None:
    asking.desk.next.append(CUT)
    await asking.record("case-1")

    await asking.deliver()
    await asking.deliver(after=30)

    assert asking.desk.asked == ["create case-1", "find case-1", "create case-1"]
    assert cases_of(asking.desk) == ["case-1"]


@pytest.mark.parametrize("trouble", [BUSY, CUT, OSError("no route")])
async def test_while_it_does_not_say_nobody_knows(asking: Trip, trouble: Exception) -> None:
    asking.desk.next.extend(["lost", trouble])
    await asking.record("case-1")

    for _ in range(3):
        await asking.deliver(after=60)

    assert asking.desk.asked == ["create case-1", "find case-1", "find case-1"]
    assert cases_of(asking.desk) == ["case-1"]


async def test_a_desk_that_plainly_refused_for_now_need_not_be_asked(asking: Trip) -> None:
    asking.desk.next.append(BUSY)
    await asking.record("case-1")

    await asking.deliver()
    await asking.deliver(after=1)

    assert asking.desk.asked == ["create case-1"] * 2


async def test_what_was_refused_after_a_doubt_is_asked_for_when_it_is_sent_again(
    asking: Trip,
) -> None:
    asking.desk.next.extend(["lost", Refused("not allowed to search")])
    await asking.record("case-1")
    await asking.deliver()
    await asking.deliver(after=30)
    assert (await asking.case()).state == "parked"

    await asking.outbox.resend("case-1", "helpdesk")
    await asking.deliver()

    assert asking.desk.asked == ["create case-1", "find case-1", "find case-1"]
    assert (await asking.case()).state == "submitted"


async def test_a_desk_that_hangs_is_given_up_and_asked_again(asking: Trip) -> None:
    asking.desk.next.append(never)
    await asking.record("case-1")

    await asking.another(patience=0).run_once()
    assert asking.ended == ["later"]
    await asking.deliver(after=30)

    assert asking.desk.asked == ["create case-1", "find case-1", "create case-1"]
    assert cases_of(asking.desk) == ["case-1"]


@pytest.mark.parametrize("taken", [True, False])
async def test_what_a_crash_cut_short_is_asked_for_after_the_lease(
    asking: Trip, taken: bool
) -> None:
    """As a kill leaves it: claimed, attempted and never noted, with or without a ticket."""
    await asking.record("case-1")
    asking.desk.quarantine = 90
    if taken:
        asking.desk.tickets.append(("case-1", NOON))
    await crash(asking)

    await asking.deliver(after=59)
    assert asking.desk.asked == ["create case-1"]
    await asking.deliver(after=1)
    assert await asking.due_in() == 30
    await asking.deliver(after=30)

    assert asking.desk.asked[1:] == ["find case-1", *(() if taken else ["create case-1"])]
    assert cases_of(asking.desk) == ["case-1"]


async def crash(trip: Trip) -> None:
    """A process ends while a desk has its request."""
    trip.desk.next.append(never)
    process = asyncio.create_task(trip.another().run_once())
    await trip.desk.received(1)
    process.cancel()
    with pytest.raises(asyncio.CancelledError):
        await process


async def test_after_a_crash_a_desk_that_knows_the_id_again_is_told_again(trip: Trip) -> None:
    await trip.record("case-1")
    await crash(trip)

    await trip.deliver(after=60)

    assert trip.desk.asked == ["create case-1"] * 2
    assert trip.ended == ["delivered"]


async def test_thirty_cases_and_all_that_can_happen_make_thirty_tickets(asking: Trip) -> None:
    asking.desk.next.extend(["lost", CUT, BUSY, OSError("?"), Later("503", after=7), "lost"] * 5)
    await asking.record(*CASES)

    for _ in range(200):
        await asking.deliver(after=20)

    assert cases_of(asking.desk) == sorted(CASES)
    assert sorted(await asking.told()) == [(case, "submitted") for case in sorted(CASES)]
    assert asking.desk.most <= 4


# --- several at work -------------------------------------------------------------------------


async def test_who_comes_back_after_the_lease_changes_nothing(
    trip: Trip, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    held = Held()
    trip.desk.next.append(held)
    await trip.record("case-1")

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(trip.another().run_once())
        await trip.desk.received(1)
        await trip.deliver(after=60)
        case = await trip.case()
        assert case.state == "submitted"
        held.let_go.set()

    assert await trip.case() == case
    assert await trip.told() == [("case-1", "submitted")]
    assert trip.ended == ["delivered", "lost"]
    assert "a lease was lost" in caplog.messages


@pytest.mark.parametrize("fate", [BUSY, Refused("no such queue")])
async def test_nor_does_who_comes_back_with_bad_news(trip: Trip, fate: Exception) -> None:
    held = Held()

    async def fail() -> None:
        await held()
        raise fate

    trip.desk.next.append(fail)
    await trip.record("case-1")

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(trip.another().run_once())
        await trip.desk.received(1)
        await trip.deliver(after=60)
        held.let_go.set()

    assert (await trip.case()).state == "submitted"
    assert trip.ended == ["delivered", "lost"]


async def test_who_lost_the_lease_before_the_request_asks_nothing(asking: Trip) -> None:
    asking.desk.next.append("lost")
    await asking.record("case-1")
    await asking.deliver()
    held = Held()
    asking.desk.next.append(held)  # finding takes long
    asking.clock.advance(seconds=30)

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        asking.desk.tickets.clear()
        group.create_task(asking.another().run_once())
        await asking.desk.received(2)
        await asking.deliver(after=60)
        asking.desk.tickets.clear()
        held.let_go.set()

    assert asking.desk.asked == ["create case-1", "find case-1", "find case-1", "create case-1"]
    assert asking.ended == ["later", "delivered", "lost"]


async def test_couriers_at_once_make_one_ticket_each(trip: Trip) -> None:
    await trip.record(*CASES)

    await asyncio.gather(*(trip.another().run_once() for _ in range(5)))

    assert cases_of(trip.desk) == sorted(CASES)
    assert len(trip.desk.asked) == len(CASES)
    assert trip.ended == ["delivered"] * len(CASES)


# --- the database is away --------------------------------------------------------------------


class Away(Outbox):
    """An outbox whose database goes away as told, for one statement each."""

    def __init__(self, real: Outbox, *methods: str) -> None:
        self._real, self._fails = real, set(methods)

    def __getattribute__(self, name: str) -> object:
        if name.startswith("_"):
            return super().__getattribute__(name)
        if name in self._fails:
            self._fails.discard(name)
            raise OSError("the database is away")
        return getattr(self._real, name)


@pytest.mark.parametrize("method", ["claim", "mark_attempt", "complete"])
async def test_a_database_that_goes_away_costs_time_and_no_ticket(
    trip: Trip, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    await trip.record("case-1")

    await trip.another(outbox=Away(trip.outbox, method)).run_once()
    await trip.deliver(after=60)

    assert cases_of(trip.desk) == ["case-1"]
    assert (await trip.case()).state == "submitted"
    assert [record for record in caplog.records if record.levelno == logging.ERROR]


def test_a_lease_outlasts_the_patience_with_a_desk(trip: Trip) -> None:
    with pytest.raises(ValueError, match="is over before"):
        trip.another(patience=60)
