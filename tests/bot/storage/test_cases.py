"""Cases are kept in the turn that records them, or not at all."""

import asyncio
from dataclasses import replace

import pytest

from bot.storage.database import DatabaseStore
from bot.storage.memory import MemoryStore
from bot.storage.outbox import Outbox
from bot.storage.records import Case, CaseChange, Conflict, DeskEvent, News, Order, Stale
from bot.storage.store import Store
from tests.bot.storage.turns import NOON, later, new_case, news_in, turn

in_each_database = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)


async def test_a_turn_records_a_case(store: Store) -> None:
    new = new_case()

    await store.commit(turn(0, "It is recorded.", case=new))

    recorded = Case(
        id="case-1",
        key="bob",
        person="bob@contoso.com",
        desk="helpdesk",
        title="No Skype",
        content=new.content,
        state="recorded",
        ticket="",
        link="",
        version=1,
        at=NOON,
        changed_at=NOON,
    )
    assert await store.case("case-1") == recorded
    assert await store.cases("bob@contoso.com", 10) == [recorded]


async def test_of_nobody_there_is_no_case(store: Store) -> None:
    assert await store.case("case-1") is None
    assert not await store.cases("bob@contoso.com", 10)


async def test_of_the_cases_of_a_person_the_latest_comes_first(store: Store) -> None:
    for version in range(3):
        new = new_case(f"case-{version}")
        await store.commit(turn(version, case=new, at=later(version)))
    await store.commit(turn(0, key="ann", case=new_case("case-9", "ann@contoso.com")))

    assert [case.id for case in await store.cases("bob@contoso.com", 2)] == ["case-2", "case-1"]


async def test_a_turn_that_lost_its_race_records_no_case(store: Store) -> None:
    await store.commit(turn(0))

    with pytest.raises(Conflict):
        await store.commit(turn(0, activity_id="new", case=new_case()))

    assert await store.case("case-1") is None


async def test_a_case_is_recorded_once(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))

    with pytest.raises(Conflict):
        await store.commit(turn(1, case=new_case(person="ann@contoso.com")))

    [case] = await store.cases("bob@contoso.com", 10)
    assert case.version == 1


async def test_a_person_changes_the_case_they_see(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    withdrawn = CaseChange("case-1", 1, "withdrawn")

    await store.commit(turn(1, changes=(withdrawn,), at=later(5)))

    case = await store.case("case-1")
    assert case
    assert (case.state, case.version, case.changed_at) == ("withdrawn", 2, later(5))


async def test_a_person_changes_what_their_case_says(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    before = await store.case("case-1")
    assert before
    assert before.text is None

    edited = CaseChange("case-1", 1, "recorded", title="Bob\0", text="Since Monday")
    await store.commit(turn(1, changes=(edited,)))
    await store.commit(turn(2, changes=(CaseChange("case-1", 2, "withdrawn"),)))

    case = await store.case("case-1")
    assert case
    assert (case.title, case.text, case.state) == ("Bob\ufffd", "Since Monday", "withdrawn")
    assert case.content == before.content


@pytest.mark.parametrize("seen", [0, 2])
async def test_who_has_not_seen_the_present_case_changes_nothing(store: Store, seen: int) -> None:
    await store.commit(turn(0, case=new_case()))
    closing = CaseChange("case-1", seen, "closed")
    note = Order("note-1", "case-1", "note", "Thank you.")

    with pytest.raises(Stale):
        await store.commit(turn(1, "It is closed.", changes=(closing,), orders=(note,)))

    case = await store.case("case-1")
    assert case
    assert (case.state, case.version) == ("recorded", 1)
    assert not await store.unsent("bob")
    assert not (await store.load("bob", "activity-1")).seen


async def test_what_two_do_to_a_case_at_once_is_done_by_one(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    turns = [
        turn(0, key=f"window-{n}", changes=(CaseChange("case-1", 1, "closed"),)) for n in range(5)
    ]

    ends = await asyncio.gather(*map(store.commit, turns), return_exceptions=True)

    assert [type(end) for end in ends].count(Stale) == 4
    case = await store.case("case-1")
    assert case
    assert case.version == 2


async def test_an_order_for_no_case_is_a_defect(store: Store) -> None:
    with pytest.raises(LookupError):
        await store.commit(turn(0, "Noted.", orders=(Order("note-1", "case-1", "note"),)))

    assert await store.conversation("bob") is None


async def test_an_order_is_given_once(store: Store) -> None:
    note = Order("note-1", "case-1", "note", "It works now.")
    await store.commit(turn(0, case=new_case(), orders=(note,)))

    with pytest.raises(Conflict):
        await store.commit(turn(1, orders=(note,)))

    assert not (await store.load("bob", "activity-1")).seen


# --- where its person hears of it ------------------------------------------------------------

RESOLVED = DeskEvent("event-1", "helpdesk", "case-1", "resolved", "Try now.", NOON)


async def keys(store: Store, *ids: str) -> list[str]:
    """Where cases are told of."""
    found = [await store.case(case_id) for case_id in ids]
    return [case.key for case in found if case]


async def told_in(store: Store) -> list[tuple[str, str]]:
    """What is yet to be told, and where, in that order."""
    return [(news.key, news.about) for news in await news_in(store)]


async def test_who_does_something_to_a_case_hears_of_it_there(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    await store.commit(turn(0, key="ann", case=new_case("case-2")))
    for case_id in ("case-1", "case-2"):
        await store.note_event(replace(RESOLVED, id=case_id, case_id=case_id), NOON)
    change = CaseChange("case-1", 2, "resolved")

    await store.commit(turn(0, key="window", changes=(change,)))

    assert await keys(store, "case-1", "case-2") == ["window", "ann"]
    assert await told_in(store) == [("window", "case-1"), ("ann", "case-2")]
    await store.note_event(replace(RESOLVED, id="event-2"), later(5))
    assert (await told_in(store))[-1] == ("window", "case-1")


async def test_who_joins_hears_there_of_all_that_is_open(store: Store) -> None:
    for number in range(4):
        case = new_case(f"case-{number}", "bob@contoso.com" if number else "ann@contoso.com")
        await store.commit(turn(0, key=f"window-{number}", case=case))
    await store.commit(turn(1, key="window-2", changes=(CaseChange("case-2", 1, "withdrawn"),)))
    follow_up = News("follow-up/1", "window-3", "follow up", "1", NOON)
    for number in range(6):
        event = replace(RESOLVED, id=f"event-{number}", case_id=f"case-{number % 4}")
        await store.note_event(event, NOON)
    await store.commit(turn(1, key="window-3", news=(follow_up,)))

    await store.commit(turn(0, key="new", joined="bob@contoso.com"))

    found = await keys(store, "case-0", "case-1", "case-2", "case-3")
    assert found == ["window-0", "new", "window-2", "new"]
    assert await told_in(store) == [
        ("window-0", "case-0"),
        ("new", "case-1"),
        ("window-2", "case-2"),
        ("new", "case-3"),
        ("window-0", "case-0"),
        ("new", "case-1"),
        ("window-3", "1"),
    ]


async def test_who_joins_hears_there_of_what_was_begun_on_the_same_channel(store: Store) -> None:
    for channel in ("web", "msteams", "webchat"):
        await store.commit(turn(0, key=f"{channel}/1", case=new_case(channel)))

    await store.commit(turn(0, key="web/2", joined="bob@contoso.com"))

    assert await keys(store, "web", "msteams", "webchat") == ["web/2", "msteams/1", "webchat/1"]


async def test_what_its_person_sees_is_not_old_for_where_they_are(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    await store.commit(turn(0, key="new", joined="bob@contoso.com"))

    await store.commit(turn(1, changes=(CaseChange("case-1", 1, "withdrawn"),)))

    assert await keys(store, "case-1") == ["bob"]


async def test_a_turn_that_is_refused_moves_nobody(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    stale = CaseChange("case-1", 7, "withdrawn")

    with pytest.raises(Stale):
        await store.commit(turn(0, key="new", joined="bob@contoso.com", changes=(stale,)))

    assert await keys(store, "case-1") == ["bob"]


async def test_who_joins_twice_at_once_hears_all_in_one_place(store: Store) -> None:
    ids = [f"case-{number}" for number in range(5)]
    for version, case_id in enumerate(ids):
        await store.commit(turn(version, case=new_case(case_id)))
    joins = [turn(0, key=f"new-{n}", joined="bob@contoso.com") for n in range(5)]
    events = [replace(RESOLVED, id=case_id, case_id=case_id) for case_id in ids]

    noting = (store.note_event(event, NOON) for event in events)
    await asyncio.gather(*map(store.commit, joins), *noting)

    [key] = set(await keys(store, *ids))
    assert key.startswith("new-")
    assert sorted(await told_in(store)) == [(key, case_id) for case_id in ids]


# --- what counts of what its desk says --------------------------------------------------------


async def test_a_note_leaves_the_case_as_its_desk_has_it(store: Store) -> None:
    """The agent was done before it was written, and their hook was lost."""
    await store.commit(turn(0, case=new_case()))
    assigned = replace(RESOLVED, id="event-0", state="assigned", at=later(5))
    await store.note_event(assigned, later(5))
    note = CaseChange("case-1", 2, "assigned")
    await store.commit(turn(1, changes=(note,), at=later(20)))

    case = await store.case("case-1")
    assert case
    assert (case.version, case.changed_at, case.changed_by) == (3, later(5), "desk")
    noted = await store.note_event(replace(RESOLVED, at=later(10)), later(30))
    assert noted
    assert (noted.moved, noted.news) == ("resolved", True)


async def test_an_answer_undoes_nothing_that_the_desk_has_yet_to_tell(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    waiting = replace(RESOLVED, id="event-0", state="waiting", at=later(5))
    await store.note_event(waiting, later(5))
    answer = CaseChange("case-1", 2, "assigned")
    await store.commit(turn(1, changes=(answer,), at=later(20)))

    noted = await store.note_event(replace(RESOLVED, at=later(10)), later(30))

    assert noted
    assert noted.moved == "resolved"


async def test_what_a_person_has_decided_is_not_undone_by_what_was_before(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    await store.note_event(RESOLVED, later(1))
    reopened = CaseChange("case-1", 2, "reopened")
    await store.commit(turn(1, changes=(reopened,), at=later(20)))

    noted = await store.note_event(replace(RESOLVED, id="event-2", at=later(10)), later(30))

    assert noted
    assert (noted.moved, noted.case.changed_by) == (None, "person")


# --- how long it is kept ---------------------------------------------------------------------


async def test_a_case_outlives_its_conversation(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    await store.commit(turn(1, changes=(CaseChange("case-1", 1, "withdrawn"),)))

    await store.purge(later(1e6))

    assert await store.conversation("bob") is None
    assert await store.case("case-1")


async def test_a_conversation_stays_while_there_may_be_something_to_tell(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))
    news = News("follow-up/1", "ann", "follow up", "1", later(86400))
    await store.commit(turn(0, key="ann", news=(news,)))

    assert await store.purge(later(1e6)) == 2  # the entries go all the same

    assert await store.conversation("bob")
    assert await store.conversation("ann")


@in_each_database
async def test_a_case_and_its_orders_wait_in_their_order(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    note = Order("note-1", "case-1", "note", "It works \0now.")
    await kept.commit(turn(0, case=new_case(), orders=(note,)))
    await kept.commit(turn(1, orders=(Order("close-1", "case-1", "closed"),), at=later(5)))

    waiting = await outbox.deliveries("case-1")

    told = [(d.id, d.desk, d.kind, d.body, d.seq) for d in waiting]
    assert told == [
        ("case-1", "helpdesk", "create", "", 0),
        ("note-1", "helpdesk", "note", "It works \N{REPLACEMENT CHARACTER}now.", 1),
        ("close-1", "helpdesk", "closed", "", 2),
    ]
    assert [d.at for d in waiting] == [NOON, NOON, later(5)]
    assert {(d.due_at, d.attempts, d.attempted_at) for d in waiting} == {(NOON, 0, None)}


@in_each_database
async def test_orders_for_a_case_at_once_have_each_their_place(
    kept: DatabaseStore, outbox: Outbox
) -> None:
    await kept.commit(turn(0, case=new_case()))

    async def add(number: int) -> None:
        order = Order(f"note-{number}", "case-1", "note")
        while True:
            try:
                await kept.commit(turn(0, key=f"window-{number}", orders=(order,)))
            except Conflict:
                continue
            return

    await asyncio.gather(*map(add, range(5)))

    assert [d.seq for d in await outbox.deliveries("case-1")] == list(range(6))


async def test_the_store_in_memory_shows_what_was_ordered() -> None:
    store = MemoryStore()
    note = Order("note-1", "case-1", "note", "It works now.")

    await store.commit(turn(0, case=new_case(), orders=(note,)))

    assert store.orders == [Order("case-1", "case-1", "create"), note]
