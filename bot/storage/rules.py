"""What every store does alike."""

import re
from datetime import datetime, timedelta

from bot.storage.records import Case, CaseChange, CaseState, DeskEvent, News

GRACE = timedelta(seconds=10)
"""How long a new reply is left to the turn that decided it before it counts as overdue."""
ENDED: tuple[CaseState, ...] = ("closed", "withdrawn")
"""States of which there will be no news."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """Puts � in the place of what cannot be stored: NUL, and half a surrogate pair.

    PostgreSQL refuses NUL in a text, and neither driver can encode half a pair; JSON carries both.
    A turn must not be lost for that.

    >>> storable("a\\0b")
    'a�b'
    """
    try:
        text.encode()  # far quicker than to look for halves of pairs
        if "\0" not in text:
            return text
    except UnicodeEncodeError:
        pass
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def moved_to(case: Case, event: DeskEvent) -> CaseState | None:
    """The state to which an event moves a case; None: it stays.

    What is closed or withdrawn stays so, and no event undoes what has happened after it. A case
    that only waits to be looked at cannot be ahead of its desk, whatever the clocks say.
    """
    untouched = case.state in {"recorded", "submitted", "parked"}
    if event.state is None or case.state in ENDED:
        return None
    if event.at < case.changed_at and not untouched:
        return None
    after: CaseState = event.state
    if event.state == "assigned" and case.state == "resolved":
        after = "reopened"
    if event.state == "reopened" and (untouched or case.state in {"assigned", "waiting"}):
        after = "assigned"  # it was never over
    return None if after == case.state else after


def channel_of(key: str) -> str:
    """What the keys of all conversations on the same channel begin with.

    >>> channel_of("web/7f3a/lync.user@fabrikam.com")
    'web/'
    """
    return key[: key.find("/") + 1]


def is_answer(change: CaseChange) -> bool:
    """Whether a change says that a person has answered, and nothing else of how a case stands."""
    return change.state == "assigned"


def news_of(case: Case, event: DeskEvent, moved: CaseState | None, at: datetime) -> News | None:
    """What a person is to be told of an event of their case, where that is something."""
    if not (moved or event.comment):
        return None
    news_id = f"desk/{event.desk}/{event.id}"
    return News(news_id, case.key, "case", case.id, at, moved or "", event.comment)


def as_of(event: DeskEvent, now: datetime) -> datetime:
    """When an event happened, but no later than now: the desk's clock may be ahead."""
    return min(event.at, now)
