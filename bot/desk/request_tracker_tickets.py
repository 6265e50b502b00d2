"""Whose a ticket of Request Tracker's is: the cases of it, and of what was merged into it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.desk.request_tracker_answers import Row, Transaction

_NUMBER = re.compile(r"/ticket/([0-9]+)$")


@dataclass(frozen=True)
class Merge:
    """The transaction with which a ticket went into another one."""

    id: int
    into: int


@dataclass(frozen=True)
class Ticket:
    """A ticket as it is now, all that was merged into it, and when, by the numbers of these."""

    now: Row
    rows: tuple[Row, ...]
    merges: Mapping[int, Merge]
    custom_field: str

    def cases(self, happened: Transaction) -> list[str]:
        """The cases that something is news of.

        What happened to a ticket before another one was merged into it is none of the other's: it
        may be what somebody else was told.
        """
        ours = (row for row in self.rows if self._belongs(row.id, happened))
        fields = (one for row in ours for one in row.custom_fields if one.name == self.custom_field)
        values = (value for one in fields for value in one.values)
        return sorted({value for value in values if isinstance(value, str) and value})

    def is_by_requester(self, happened: Transaction) -> bool:
        """Whether the person did it themselves, as by answering a mail."""
        return any(happened.creator in row.requestor for row in self.rows)

    def _belongs(self, number: int, happened: Transaction) -> bool:
        for _ in self.rows:
            if number == happened.object_id:
                return True
            merge = self.merges.get(number)
            if merge is None or merge.id > happened.id:
                return False
            number = merge.into
        return False


def merges_of(transactions: list[Transaction]) -> dict[int, Merge]:
    """Into which ticket each went, and when."""
    found = {}
    for one in transactions:
        into = _NUMBER.search(one.new_value or "")
        if into and int(into[1]) != one.object_id:  # RT notes it of the other one, too
            found[one.object_id] = Merge(one.id, int(into[1]))
    return found
