"""A case as its person sees it: how it stands, its ticket, and what can be done with it now."""

from dialogs.model import CaseShown
from dialogs.reply import Button, Link, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill

OPEN = frozenset({"recorded", "submitted", "assigned", "waiting", "reopened", "parked"})
"""States in which a case can be added to and withdrawn."""
RESOLVED = frozenset({"resolved"})
"""States in which a person says whether it works."""
OVER = frozenset({"resolved", "closed"})
"""States in which a case can be opened again."""


def card(case: CaseShown, scene: Scene) -> Reply:
    """A case with what can be done with it."""
    words, my_cases = scene.words.case, Button(scene.words.buttons.my_cases, "my cases")
    named = {"case": case.id, "ticket": case.ticket}
    text = words.ticket if case.ticket else words.no_ticket
    return Reply(
        fill(words.news["resolved"] if case.state in RESOLVED else text, named),
        heading=f"{case.id}: {case.title}",
        place=fill(words.state, {"state": state(case, scene)}),
        buttons=(*_actions(case, scene), my_cases),
        link=link(case, scene),
    )


def state(case: CaseShown, scene: Scene) -> str:
    """How a case stands, in words."""
    return scene.words.case.states[case.state]


def link(case: CaseShown, scene: Scene) -> Link | None:
    """The way to its ticket, for people who can look at tickets."""
    return Link(scene.words.case.link, case.link) if case.link and scene.links else None


def works(case: CaseShown, scene: Scene) -> tuple[Button, Button]:
    """The answers to whether what is resolved works now."""
    labels = scene.words.buttons
    yes = Button(labels.yes, f"close case {case.id}", primary=True)
    return yes, Button(labels.no, f"reopen {case.id}")


def _actions(case: CaseShown, scene: Scene) -> tuple[Button, ...]:
    labels = scene.words.buttons
    if case.state in OPEN:
        note = Button(labels.add_note, f"add a note {case.id}")
        edit = Button(labels.edit, f"edit case {case.id}")
        return edit, note, Button(labels.withdraw, f"withdraw {case.id}")
    if case.state in RESOLVED:
        return works(case, scene)
    reopen = Button(labels.reopen, f"reopen {case.id}")
    return (reopen,) if case.state in OVER else ()
