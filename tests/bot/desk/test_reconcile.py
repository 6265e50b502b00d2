"""What a desk's hook did not bring is heard by asking, once, whatever fails meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.desk.desk import Heard, Later, Refused
from bot.desk.reconcile import Reconciler
from bot.storage.cursors import Cursors
from bot.storage.database import DatabaseStore
from bot.storage.records import DeskEvent
from tests.bot.storage.turns import later, new_case, news_in, turn
from tests.fakes import Clock

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

HAPPENED = [
    DeskEvent("1", "helpdesk", "case-1", "assigned", "", later(10)),
    DeskEvent("2", "helpdesk", "case-1", None, "Which one?", later(20)),
    DeskEvent("3", "helpdesk", "unknown", "resolved", "", later(30)),
    DeskEvent("4", "helpdesk", "case-1", "resolved", "", later(40)),
]


@dataclass
class Told:
    """A desk that can be asked: two events at a time, and what came just before once more."""

    happened: Sequence[DeskEvent]
    name: str = "helpdesk"
    asked: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    async def heard(self, cursor: str) -> Heard:
        self.asked.append(cursor)
        if self.fails:
            raise self.fails.pop()
        if not cursor:
            return Heard((), "0")
        after = int(cursor)
        to = min(after + 2, len(self.happened))
        return Heard(tuple(self.happened[max(after - 1, 0) : to]), str(to))


@dataclass
class Asking:
    """Somebody who asks it, and what came of that."""

    desk: Told
    kept: DatabaseStore
    clock: Clock
    observed: list[str] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reconciler = Reconciler(
            self.desk,
            Cursors(self.kept.transactions),
            self.kept,
            news=lambda: self.rung.append("bell"),
            observe=self.observed.append,
            clock=self.clock,
            seconds=lambda: self.clock.now.timestamp(),  # noqa: PLW0108 - it moves on
        )

    async def told(self) -> list[str]:
        """The ids of all that people are to be told."""
        news = await news_in(self.kept)
        assert len(news) == len(self.rung)
        return [one.id.removeprefix("desk/helpdesk/") for one in news]


@pytest.fixture
async def asking(kept: DatabaseStore, clock: Clock) -> Asking:
    """There is one case."""
    await kept.commit(turn(0, case=new_case()))
    clock.advance(seconds=60)
    return Asking(Told([]), kept, clock)


async def test_an_answer_that_breaks_us_is_counted(asking: Asking) -> None:
    asking.desk.fails.append(ValueError("no base64"))

    with pytest.raises(ValueError, match="no base64"):
        await asking.reconciler.run_once()

    assert asking.observed == ["later"]


async def test_it_goes_on_from_where_it_was_asked_last(asking: Asking) -> None:
    asking.desk.happened = HAPPENED
    await Cursors(asking.kept.transactions).keep("helpdesk", "4", later(0))

    await asking.reconciler.run_once()

    assert await asking.told() == ["4"]  # looked back at
    assert asking.observed == ["heard"]


async def test_all_that_happened_is_heard_once(asking: Asking) -> None:
    await asking.reconciler.run_once()
    asking.desk.happened = HAPPENED

    await asking.reconciler.run_once()
    await asking.reconciler.run_once()

    assert await asking.told() == ["1", "2", "4"]
    assert await Cursors(asking.kept.transactions).of("helpdesk") == "4"


async def test_what_the_hook_brought_is_no_news(asking: Asking) -> None:
    await asking.reconciler.run_once()
    asking.desk.happened = HAPPENED
    await asking.kept.note_event(HAPPENED[0], later(60))
    asking.rung.append("bell")

    await asking.reconciler.run_once()

    assert await asking.told() == ["1", "2", "4"]


async def test_a_desk_that_cannot_be_asked_is_asked_again(
    asking: Asking, caplog: pytest.LogCaptureFixture
) -> None:
    await asking.reconciler.run_once()
    asking.desk.happened = HAPPENED
    asking.desk.fails.append(Refused("It does not know the class."))

    await asking.reconciler.run_once()
    assert asking.observed == ["heard", "later"]
    assert "a desk could not be asked what happened" in caplog.messages

    await asking.reconciler.run_once()
    assert await asking.told() == ["1", "2", "4"]


async def test_a_desk_that_wants_to_be_left_alone_is(asking: Asking) -> None:
    asking.desk.fails.append(Later("429", after=120))

    await asking.reconciler.run_once()
    asking.clock.advance(seconds=119)
    await asking.reconciler.run_once()
    assert asking.desk.asked == [""]
    asking.clock.advance(seconds=1)
    await asking.reconciler.run_once()
    assert asking.desk.asked == ["", ""]


async def test_who_is_cut_short_hears_it_again(asking: Asking) -> None:
    """The cursor moves on after what was heard is noted, so nothing is passed over."""
    await asking.reconciler.run_once()
    asking.desk.happened = HAPPENED

    class Killed(Cursors):
        async def keep(self, *_: object) -> None:
            raise OSError("killed")

    killed = Reconciler(
        asking.desk,
        Killed(asking.kept.transactions),
        asking.kept,
        news=lambda: asking.rung.append("bell"),
        observe=asking.observed.append,
        clock=asking.clock,
    )
    with pytest.raises(OSError, match="killed"):
        await killed.run_once()
    assert await asking.told() == ["1", "2"]

    await asking.reconciler.run_once()
    assert await asking.told() == ["1", "2", "4"]


async def test_an_endless_desk_is_left_at_last(kept: DatabaseStore, clock: Clock) -> None:
    class Endless(Told):
        async def heard(self, cursor: str) -> Heard:
            self.asked.append(cursor)
            return Heard((replace(HAPPENED[2], id=cursor),), str(len(self.asked)))

    asking = Asking(Endless([]), kept, clock)

    await asking.reconciler.run_once()

    assert len(asking.desk.asked) == 1000
