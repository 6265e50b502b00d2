"""What becomes of a case that a person hands over: its id, its route, and what a desk is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError

from bot.desk.desk import Ticket
from bot.storage.records import Case, NewCase, Reference
from dialogs.model import CaseShown, Recorded

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none of them is taken for another one."""


@dataclass(frozen=True)
class Route:
    """Where a case goes at a desk; what is empty is the desk's own default."""

    queue: str = ""
    priority: str = ""
    group: str = ""


ANYWHERE = Route()


@dataclass(frozen=True)
class Recorder:
    """Records cases for one desk by its name. `chance` draws so many bytes.

    `routes` are by verdict and by topic; the verdict comes first, since who can mend it is known.
    """

    desk: str
    chance: Callable[[int], bytes]
    routes: Mapping[str, Route] = field(default_factory=dict)

    def new_id(self) -> str:
        """An id such as LS-7Q2M-K9XD: of a million million, so that no two are drawn."""
        number = int.from_bytes(self.chance(5))
        drawn = "".join(LETTERS[number >> bits & 31] for bits in range(0, 40, 5))
        return f"LS-{drawn[:4]}-{drawn[4:]}"

    def case(self, recorded: Recorded, to: Reference) -> NewCase:
        """A case as it is kept."""
        draft = recorded.draft
        route = self.routes.get(draft.verdict) or self.routes.get(draft.topic) or ANYWHERE
        told = (line.partition(": ") for line in draft.details)
        # Who it is from is the requester: desks show them by themselves.
        lines = (parts for parts in told if parts[2] != recorded.person)
        ticket = Ticket(
            id=recorded.id,
            title=draft.title,
            text=draft.text,
            requester=recorded.person,
            name=to.user_name,
            details=(
                *((name, value) for name, _, value in lines),
                ("Channel", to.channel),
                ("Locale", to.locale or "-"),
            ),
            queue=route.queue,
            priority=route.priority,
            group=route.group,
        )
        # The transcript goes with the delivery; an empty one here would say that there is none.
        content, person = ticket.model_dump_json(exclude={"transcript"}), recorded.person
        transcript = recorded.transcript
        return NewCase(recorded.id, person, self.desk, draft.title, content, transcript)


def shown(case: Case) -> CaseShown:
    """A stored case as its person sees it."""
    return CaseShown(
        id=case.id,
        title=case.title,
        state=case.state,
        ticket=case.ticket,
        link=case.link,
        version=case.version,
        by=case.changed_by or "",
        text=_handed_over(case) if case.text is None else case.text,
    )


class _Described(BaseModel):
    """Of what a desk is sent, the description."""

    text: str = ""


def _handed_over(case: Case) -> str:
    """The description as it was handed over."""
    try:
        return _Described.model_validate_json(case.content).text
    except ValidationError:  # what is stored is no ticket: its delivery says so
        return ""
