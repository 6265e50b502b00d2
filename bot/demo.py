"""The demo's people: who a visitor without credentials may say they are."""

from collections.abc import Mapping

from dialogs.model import Person

PEOPLE = (
    "lync.user@fabrikam.com",
    "blocked.user@fabrikam.com",
    "skype.user@outlook.com",
    "agent@fabrikam.com",
)
"""Their addresses, which are their ids on the channels as well."""
AGENTS = frozenset({"agent@fabrikam.com"})
"""Those of them who help others."""


def who(person_id: str, labels: Mapping[str, str]) -> Person | None:
    """A person of the demo by their id; `labels` are the names to show."""
    if person_id not in PEOPLE:
        return None
    return Person(person_id, labels.get(person_id, person_id), person_id)
