"""The kill test, a tenth of it: what people were promised is one ticket each, whatever dies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.desk.trackers import RoundupServer, missing_roundup
from tests.soak.figures import Figures, Size
from tests.soak.run import prepared
from tests.soak.stopped import stopped
from tests.soak.trackers import RoundupTracker, Ticket

TENTH = Size(cases=32, kills=5, struck=3)


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[RoundupTracker]:
    """A Roundup that may be killed."""
    if why := missing_roundup():
        pytest.skip(why)
    (folder := tmp_path / "desk").mkdir()
    server = RoundupServer(folder)
    server.make()
    server.start()
    yield RoundupTracker(server)
    server.kill()


async def test_nothing_is_lost_and_nothing_doubled(tracker: RoundupTracker, tmp_path: Path) -> None:
    (folder := tmp_path / "assistant").mkdir()
    async with prepared(TENTH, tracker, folder, "suite") as run:
        figures = await run.go()
    print(table := figures.table("Roundup"))  # noqa: T201 — shown with -s

    assert figures.whole, table
    assert (figures.asked, figures.kills, figures.desk_kills) == (32, 5, 1)
    assert figures.struck >= 2, table


async def test_a_process_that_stops_past_its_lease_makes_no_second_ticket(
    tracker: RoundupTracker, tmp_path: Path
) -> None:
    (folder := tmp_path / "assistant").mkdir()

    outcome = await stopped(tracker, folder, "suite", patience=1)

    assert len(outcome.before) == len(outcome.after) == 1
    assert (outcome.told, outcome.leases_lost) == (1, 1)


def test_what_is_lost_or_doubled_is_counted() -> None:
    def told(*tickets: tuple[str, str]) -> tuple[list[str], list[str], bool]:
        seen = {"One": {"LS-1"}, "Two": {"LS-2"}}
        made = [Ticket(case_id, title) for case_id, title in tickets]
        figures = Figures(asked=2, receipts=seen, tickets=made, told=["LS-1", "LS-2"])
        return figures.lost, figures.doubled, figures.whole

    one, two = ("LS-1", "One"), ("LS-2", "Two")
    assert told(one, two) == ([], [], True)
    assert told(one) == (["LS-2"], [], False)
    assert told(one, two, ("LS-2", "Two, too")) == ([], ["LS-2"], False)
    assert told(one, two, ("LS-3", "Two")) == ([], ["Two"], False)


def test_who_is_not_told_once_is_counted() -> None:
    seen = {"One": {"LS-1"}, "Two": {"LS-2"}, "Three": {"LS-3"}}

    assert Figures(receipts=seen, told=["LS-1", "LS-2", "LS-2"]).mistold == ["LS-2", "LS-3"]
