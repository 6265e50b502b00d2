"""How much a desk is asked after it has failed."""

from dataclasses import dataclass

import pytest

from bot.desk.gate import FAILURES, FIRST, FIRST_SECOND, LONGEST, LONGEST_ASKED, Gate


@dataclass
class Seconds:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def gate(seconds: Seconds) -> Gate:
    return Gate("helpdesk", 4, 1, seconds)


def fail(gate: Gate, number: int) -> None:
    """So many different deliveries fail, and the desk wishes nothing."""
    for n in range(number):
        gate.failed(f"case-{n}", None)


def test_there_is_room_for_as_many_as_the_desk_takes_at_once(gate: Gate) -> None:
    assert [gate.room(under_way) for under_way in (0, 1, 4, 5)] == [4, 3, 0, 0]


def test_what_the_desk_wishes_holds_for_all(gate: Gate, seconds: Seconds) -> None:
    gate.failed("case-1", 30)
    gate.failed("case-2", 10)

    seconds.now += 29.9
    assert gate.room(0) == 0
    seconds.now += 0.1
    assert gate.room(0) == 4


def test_no_desk_silences_us_for_days(gate: Gate, seconds: Seconds) -> None:
    gate.failed("case-1", 1e9)

    seconds.now += LONGEST_ASKED
    assert gate.room(0) == 4


def test_in_the_first_second_after_a_pause_it_is_little(gate: Gate, seconds: Seconds) -> None:
    gate.failed("case-1", 5)
    seconds.now += 60  # nobody looked for a while: the second begins with the first request

    begun = 0
    while room := gate.room(0):
        gate.begin(room)
        begun += room
    assert begun == FIRST_SECOND
    seconds.now += 0.9
    assert gate.room(0) == 0
    seconds.now += 0.1
    assert gate.room(0) == 4


def test_a_delivery_can_be_two_requests(seconds: Seconds) -> None:
    gate = Gate("helpdesk", 4, 2, seconds)
    gate.failed("case-1", 5)
    seconds.now += 5

    gate.begin(gate.room(0))
    assert gate.room(0) == 1


def test_several_that_fail_in_a_row_are_the_desks_trouble(gate: Gate, seconds: Seconds) -> None:
    fail(gate, FAILURES)
    assert gate.room(0) == 0

    pauses = []
    for _ in range(8):
        begun = seconds.now
        while not gate.room(0):
            seconds.now += 1
        pauses.append(seconds.now - begun)
        fail(gate, 4)  # what was under way together makes one pause
    assert pauses == [FIRST, 20, 40, 80, 160, LONGEST, LONGEST, LONGEST]


def test_one_that_fails_in_a_row_is_its_own_trouble(gate: Gate) -> None:
    for _ in range(10):
        gate.failed("case-1", None)

    assert gate.room(0) == 4


def test_an_answer_ends_the_row(gate: Gate) -> None:
    fail(gate, FAILURES - 1)
    gate.answered()
    fail(gate, FAILURES - 1)

    assert gate.room(0) == 4
