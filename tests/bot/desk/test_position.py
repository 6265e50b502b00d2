"""A desk's numbers are seen once each, in whatever order they are kept."""

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.position import BEHIND, Position

POSITIONS = st.integers(0, 10**17).flatmap(
    lambda last: st.builds(
        Position,
        st.just(last),
        st.frozensets(st.integers(max(last - BEHIND + 1, 1), last - 1), max_size=BEHIND)
        if last > 1
        else st.just(frozenset()),
    )
)


@given(POSITIONS)
def test_it_is_written_and_read(position: Position) -> None:
    assert Position.read(str(position)) == position
    assert len(str(position)) <= 100


def test_what_is_no_position_is_none() -> None:
    for text in ("", "x", "-1", "1-", "1-g", "1 ", "1\n", "²", "1" * 19, "1-" + "f" * 14):
        assert Position.read(text) is None


@given(st.permutations(range(1, 61)), st.lists(st.integers(1, 20), max_size=30))
def test_whoever_looks_in_between_sees_each_number_once(order: list[int], looks: list[int]) -> None:
    """Kept in any order: what is less than BEHIND numbers late is not missed."""
    kept: list[int] = []
    seen: list[int] = []
    at, left = Position(0), list(order)
    for much in [*looks, 60]:
        kept, left = kept + left[:much], left[much:]
        new = [number for number in kept if at.is_new(number)]
        seen, at = seen + new, at.after(new)
    assert len(seen) == len(set(seen))
    assert set(range(60 - BEHIND + 1, 61)) <= set(seen)


def test_what_was_there_before_the_beginning_is_not_new() -> None:
    begun = Position(100)

    assert not any(begun.is_new(number) for number in range(101))
    assert begun.after([103]).missing == {101, 102}
    assert begun.after([], upto=103).missing == {101, 102, 103}
