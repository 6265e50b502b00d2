"""A target that fails again and again is left alone; then a single question tries it."""

import asyncio
import logging
from contextlib import suppress

import pytest

from bot.directory.answer import Unanswered
from bot.directory.pause import FAILURES, FIRST, LONGEST, Pause, Paused
from tests.bot.directory.conftest import Seconds


@pytest.fixture
def pause(seconds: Seconds) -> Pause:
    return Pause(seconds)


def fails(pause: Pause, after: float | None = None) -> None:
    """A question that the target does not answer."""
    with pytest.raises(Unanswered, match="Gone"), pause.asking():
        raise Unanswered("Gone.", after)


def is_paused(pause: Pause) -> bool:
    """Whether nobody may ask now."""
    try:
        pause.check()
    except Paused:
        return True
    return False


def test_a_few_failures_do_not_pause_and_one_answer_makes_good_for_them(pause: Pause) -> None:
    for _ in range(3):
        for _ in range(FAILURES - 1):
            fails(pause)
        with pause.asking():
            pass

    assert not is_paused(pause)


def test_after_failures_in_a_row_nobody_asks_until_the_pause_is_over(
    pause: Pause, seconds: Seconds
) -> None:
    for _ in range(FAILURES):
        fails(pause)

    with (
        pytest.raises(Paused, match=r"left alone for 10 s after it failed. Gone\."),
        pause.asking(),
    ):
        pytest.fail("it was asked")
    seconds.now += FIRST - 0.5
    with pytest.raises(Paused, match="for 1 s"):
        pause.check()
    seconds.now += 0.5
    assert not is_paused(pause)


def test_each_pause_is_twice_as_long_up_to_a_limit(pause: Pause, seconds: Seconds) -> None:
    for _ in range(FAILURES):
        fails(pause)
    lengths = []
    for _ in range(2000):  # longer than a number can be doubled
        begun = seconds.now
        while is_paused(pause):
            seconds.now += FIRST
        lengths.append(seconds.now - begun)
        fails(pause)

    assert lengths[:6] == [10, 20, 40, 80, 160, LONGEST]
    assert set(lengths[6:]) == {LONGEST}


def test_when_it_is_over_one_question_is_a_probe_and_the_others_wait_for_what_it_finds(
    pause: Pause, seconds: Seconds
) -> None:
    for _ in range(FAILURES):
        fails(pause)
    seconds.now += FIRST

    with pause.asking():
        assert is_paused(pause)
    assert not is_paused(pause)
    for _ in range(FAILURES - 1):
        fails(pause)
    assert not is_paused(pause)


def test_a_probe_that_is_cancelled_leaves_it_to_the_next(pause: Pause, seconds: Seconds) -> None:
    for _ in range(FAILURES):
        fails(pause)
    seconds.now += FIRST

    with suppress(asyncio.CancelledError), pause.asking():
        raise asyncio.CancelledError

    assert not is_paused(pause)


def test_questions_on_their_way_make_a_pause_no_longer_but_an_answer_ends_it(
    pause: Pause, seconds: Seconds
) -> None:
    late = [pause.asking() for _ in range(5)]
    for one in late:
        one.__enter__()
    for _ in range(FAILURES):
        fails(pause)
    gone = Unanswered("Gone.")
    for one in late[1:]:
        assert not one.__exit__(type(gone), gone, None)

    seconds.now += FIRST
    assert not is_paused(pause)
    fails(pause)
    assert is_paused(pause)
    late[0].__exit__(None, None, None)
    assert not is_paused(pause)


def test_a_target_that_says_when_to_ask_again_is_left_alone_until_then(
    pause: Pause, seconds: Seconds
) -> None:
    fails(pause, after=60)

    seconds.now += 59
    assert is_paused(pause)
    seconds.now += 1
    assert not is_paused(pause)
    fails(pause)
    assert not is_paused(pause)


def test_a_probe_that_fails_does_not_shorten_what_another_question_was_told(
    pause: Pause, seconds: Seconds
) -> None:
    late, busy = pause.asking(), Unanswered("Gone.", after=600)
    late.__enter__()
    for _ in range(FAILURES):
        fails(pause)
    seconds.now += FIRST

    with suppress(Unanswered), pause.asking():
        late.__exit__(type(busy), busy, None)
        raise Unanswered("Gone.")

    seconds.now += 599
    assert is_paused(pause)
    seconds.now += 1
    assert not is_paused(pause)


def test_the_beginning_of_a_pause_is_logged_once(
    pause: Pause, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "bot.directory"):
        for _ in range(FAILURES):
            fails(pause)
        for _ in range(5):
            assert is_paused(pause)
            seconds.now += LONGEST
            fails(pause)

    (record,) = caplog.records
    assert (record.levelname, vars(record)["seconds"]) == ("WARNING", FIRST)
