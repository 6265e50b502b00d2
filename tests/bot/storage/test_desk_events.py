"""What a desk tells moves a case once, and never back."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.records import CaseChange, CaseState, DeskEvent, Noted, Stale, ToldState
from bot.storage.rules import moved_to
from bot.storage.store import Store
from tests.bot.storage.turns import NOON, later, new_case, news_in, turn

NOW = later(60)
TOLD = DeskEvent("event-1", "helpdesk", "case-1", "assigned", "", later(30))


async def recorded(store: Store) -> None:
    await store.commit(turn(0, case=new_case()))


def state_of(noted: Noted | None) -> tuple[CaseState, CaseState | None, int]:
    """How a case stands, to what it was moved, and its version."""
    assert noted
    return noted.case.state, noted.moved, noted.case.version


async def test_an_event_moves_a_case_once(store: Store) -> None:
    await recorded(store)

    noted = await store.note_event(TOLD, NOW)
    again = await store.note_event(TOLD, NOW)

    assert noted
    assert state_of(noted) == ("assigned", "assigned", 2)
    assert state_of(again) == ("assigned", None, 2)
    assert noted.case == await store.case("case-1")
    assert (noted.case.changed_at, noted.case.changed_by) == (later(30), "desk")


async def test_what_its_person_is_to_be_told_is_kept_with_it(store: Store) -> None:
    await recorded(store)

    for event in (
        TOLD,
        TOLD,
        replace(TOLD, id="event-2"),
        replace(TOLD, id="event-3", state=None, comment="Which one?"),
        replace(TOLD, id="event-4", case_id="case-2"),
    ):
        await store.note_event(event, NOW)

    told = [(one.id, one.key, one.about, one.moved, one.comment) for one in await news_in(store)]
    assert told == [
        ("desk/helpdesk/event-1", "bob", "case-1", "assigned", ""),
        ("desk/helpdesk/event-3", "bob", "case-1", "", "Which one?"),
    ]


async def test_the_same_event_at_once_moves_a_case_once(store: Store) -> None:
    await recorded(store)

    noted = await asyncio.gather(*(store.note_event(TOLD, NOW) for _ in range(5)))

    assert sorted(one.moved or "" for one in noted if one) == ["", "", "", "", "assigned"]
    assert {one.case.version for one in noted if one} == {2}
    assert len(await news_in(store)) == 1


async def test_an_event_with_the_storable_characters_of_another_is_the_same(store: Store) -> None:
    await recorded(store)
    odd = replace(TOLD, id="event\0")

    assert state_of(await store.note_event(odd, NOW))[2] == 2
    assert state_of(await store.note_event(odd, NOW))[2] == 2


@pytest.mark.parametrize("change", [{"case_id": "case-2"}, {"desk": "other"}])
async def test_of_no_case_nothing_is_noted(store: Store, change: dict[str, str]) -> None:
    await recorded(store)

    assert await store.note_event(replace(TOLD, **change), NOW) is None  # type: ignore[arg-type]

    case = await store.case("case-1")
    assert case
    assert (case.state, case.version) == ("recorded", 1)


async def test_what_came_too_late_does_not_move_it_back(store: Store) -> None:
    await recorded(store)
    await store.note_event(replace(TOLD, state="resolved"), NOW)
    older = replace(TOLD, id="event-0", at=later(29))

    assert state_of(await store.note_event(older, NOW)) == ("resolved", None, 2)
    assert state_of(await store.note_event(older, NOW)) == ("resolved", None, 2)


async def test_a_comment_moves_nothing(store: Store) -> None:
    await recorded(store)

    noted = await store.note_event(replace(TOLD, state=None, comment="Which one?"), NOW)

    assert state_of(noted) == ("recorded", None, 1)


async def test_the_clock_of_a_desk_may_be_ahead(store: Store) -> None:
    await recorded(store)

    noted = await store.note_event(replace(TOLD, at=NOW + timedelta(minutes=4)), NOW)

    assert noted
    assert noted.case.changed_at == NOW


async def test_who_had_seen_the_case_before_is_told_so(store: Store) -> None:
    await recorded(store)
    await store.note_event(TOLD, NOW)

    with pytest.raises(Stale):
        await store.commit(turn(1, changes=(CaseChange("case-1", 1, "withdrawn"),)))


async def test_an_event_is_known_for_as_long_as_its_case(store: Store) -> None:
    await recorded(store)
    comment = replace(TOLD, state=None, comment="Which one?")
    await store.note_event(comment, NOW)

    noted = await store.note_event(comment, NOW + timedelta(days=400))

    assert noted
    assert not noted.news
    assert len(await news_in(store)) == 1


MOVES: list[tuple[CaseState, ToldState, CaseState | None]] = [
    ("recorded", "assigned", "assigned"),
    ("submitted", "waiting", "waiting"),
    ("submitted", "reopened", "assigned"),
    ("parked", "resolved", "resolved"),
    ("assigned", "assigned", None),
    ("assigned", "reopened", None),
    ("waiting", "reopened", "assigned"),
    ("resolved", "assigned", "reopened"),
    ("resolved", "waiting", "waiting"),
    ("resolved", "reopened", "reopened"),
    ("reopened", "assigned", "assigned"),
    ("reopened", "closed", "closed"),
    ("closed", "assigned", None),
    ("withdrawn", "resolved", None),
]


@pytest.mark.parametrize(("before", "told", "after"), MOVES)
async def test_to_what_a_case_is_moved(
    store: Store, before: CaseState, told: ToldState, after: CaseState | None
) -> None:
    await recorded(store)
    case = await store.case("case-1")
    assert case

    assert moved_to(replace(case, state=before), replace(TOLD, state=told)) == after


@pytest.mark.parametrize("untouched", ["recorded", "submitted", "parked"])
async def test_a_case_that_nobody_has_looked_at_is_not_ahead_of_its_desk(
    store: Store, untouched: CaseState
) -> None:
    await recorded(store)
    case = await store.case("case-1")
    assert case
    event = replace(TOLD, at=NOON - timedelta(minutes=2))

    assert moved_to(replace(case, state=untouched), event) == "assigned"
    assert moved_to(replace(case, state="waiting"), event) is None
