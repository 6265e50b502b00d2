"""How long and hard a run is, and what came of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.soak.trackers import Ticket


@dataclass(frozen=True)
class Size:
    """`kills` of the assistant, `struck` of them while a request to the desk is in flight.

    `patience` is the assistant's for one answer of the desk, in seconds. Where `loses` is set, that
    part of the desk's answers get lost, and nothing else goes wrong with requests.
    """

    cases: int
    kills: int
    struck: int
    desk_kills: int = 1
    patience: float = 3.0
    loses: float = 0.0


@dataclass
class Figures:
    """What happened. `receipts` are the ids that people read, by the titles of their cases, and
    `told` those of which they read that there is a ticket, once for each message."""

    asked: int = 0
    receipts: dict[str, set[str]] = field(default_factory=dict)
    kills: int = 0
    struck: int = 0
    desk_kills: int = 0
    requests: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    troubled: int = 0
    told: Sequence[str] = ()
    merged: int | None = None
    parked: int = 0
    tickets: Sequence[Ticket] = ()
    errors: Sequence[str] = ()
    seconds: float = 0.0

    @property
    def ids(self) -> list[str]:
        """The id on every receipt."""
        return [one for ids in self.receipts.values() for one in sorted(ids)]

    @property
    def lost(self) -> list[str]:
        """Cases that somebody was promised and the desk does not have."""
        there = {ticket.case_id for ticket in self.tickets}
        return [one for one in self.ids if one not in there]

    @property
    def doubled(self) -> list[str]:
        """What more than one ticket is about, by case and by title."""
        cases = Counter(ticket.case_id for ticket in self.tickets)
        titles = Counter(ticket.title for ticket in self.tickets)
        return [one for one, number in (cases + titles).items() if number > 1]

    @property
    def mistold(self) -> list[str]:
        """Cases of whose tickets people have not heard exactly once."""
        told = Counter(self.told)
        return [one for one in self.ids if told[one] != 1]

    @property
    def whole(self) -> bool:
        """Whether every case that was promised is exactly one ticket, of which its person knows."""
        promised = len(self.receipts) == len(self.ids) == self.asked
        return promised and not (self.lost or self.doubled or self.parked or self.mistold)

    def table(self, title: str) -> str:
        """What happened, to be read by people."""
        rows = list(self._rows())
        wide = max(len(name) for name, _ in rows)
        return "\n".join([title, *(f"  {name:<{wide}}  {value:>6}" for name, value in rows)])

    def _rows(self) -> Iterator[tuple[str, str]]:
        yield "cases", f"{self.asked}"
        yield "receipts seen", f"{len(self.ids)}"
        yield "kills of the assistant", f"{self.kills}"
        yield "  while a request was in flight", f"{self.struck}"
        yield "kills of the desk", f"{self.desk_kills}"
        yield "requests to the desk", f"{self.requests}"
        for name, number in sorted(self.faults.items()):
            yield f"  {name}", f"{number}"
        yield "requests of people answered 5xx", f"{self.troubled}"
        yield "errors in the assistant's log", f"{len(self.errors)}"
        if self.merged is not None:
            yield "doubles merged by the poll", f"{self.merged}"
        yield "parked", f"{self.parked}"
        yield "lost", f"{len(self.lost)}"
        yield "duplicate", f"{len(self.doubled)}"
        yield "not told of the ticket exactly once", f"{len(self.mistold)}"
        yield "seconds", f"{self.seconds:.0f}"
