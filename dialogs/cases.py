"""What a person does with cases that are recorded: sees them, adds to one, ends it, reopens it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dialogs import case_edit
from dialogs.answers import following
from dialogs.case_card import OPEN, OVER, RESOLVED, card
from dialogs.memory import Asking
from dialogs.model import Act, CaseShown, Done, Outcome
from dialogs.own_cases import is_id, listed, of_mine, unless, with_mine
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill

BRIEF = 6
"""Words at most in which somebody asks after a case by naming it."""
SAID: frozenset[Act | None] = frozenset({None, "yes", "no", "none", "done", "stuck", "thanks"})
"""What is a note where one is asked for, as it answers an agent; any other act leaves the note."""


def answered(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """An answer to a question about a recorded case; None for any other text, which is read on."""
    match scene.progress.asking:
        case Asking(kind="note", case=case) if act in SAID and not _notes_another(text, scene):
            return of_mine(case, scene, lambda one: _noted(one, text, scene))
        case Asking(kind="withdraw", case=case) if act in {"yes", "no", "withdraw", "keep"}:
            return of_mine(case, scene, lambda one: _withdrawn(one, act, scene))
        case Asking(kind="resolved", case=case) if act in {"yes", "done", "thanks"}:
            return of_mine(case, scene, partial(_closed, scene=scene))
        case Asking(kind="resolved", case=case) if act in {"no", "stuck"}:
            return of_mine(case, scene, partial(_reopened, scene=scene))
    return case_edit.answered(text, act, scene)


def wanted(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """What a person asks for by its words: their cases, how one stands, a note, to withdraw one."""
    if act == "my cases":
        return with_mine(scene, lambda mine: scene.aside("my cases", listed(mine, scene)))
    asks: tuple[tuple[Act, frozenset[str], Callable[[CaseShown, Scene], Outcome]], ...]
    asks = (
        ("add a note", OPEN, _ask_note),
        ("withdraw", OPEN, _ask_withdraw),
        ("close", RESOLVED, _closed),
        ("reopen", OVER, _reopened),
    )
    for name, states, ask in asks:
        rest = following(text, scene.library.phrases[name])
        if rest is not None:
            at_once = _noted_at_once(rest, scene) if name == "add a note" else None
            return at_once or of_mine(rest, scene, partial(ask, scene=scene), states)
    return case_edit.wanted(text, scene) or _asked_after(text, scene)


def _notes_another(text: str, scene: Scene) -> bool:
    """Whether a text is a note with the id of its case."""
    rest = following(text, scene.library.phrases["add a note"])
    return is_id((rest or "").partition(" ")[0])


def _noted_at_once(rest: str, scene: Scene) -> Outcome | None:
    """A note that stands behind the id of its case."""
    case, _, said = rest.partition(" ")
    if not (said and is_id(case)):
        return None
    return of_mine(case.rstrip(":,"), scene, partial(_noted, text=said, scene=scene))


def _asked_after(text: str, scene: Scene) -> Outcome | None:
    """How a case stands that is named, in a text that says little else."""
    words = [word.strip(".,:;!?") for word in text.split()]
    named = [word for word in words if is_id(word)]
    if len(named) != 1 or len(words) > BRIEF:
        return None
    return of_mine(named[0], scene, lambda one: scene.aside("case", card(one, scene)))


def _ask_note(case: CaseShown, scene: Scene) -> Outcome:
    asking = Asking(kind="note", case=case.id)
    question = fill(scene.words.case.note, {"case": case.id})
    return unless(OPEN, case, scene) or scene.writing("note?", question, asking)


def _noted(case: CaseShown, text: str, scene: Scene) -> Outcome:
    """A message is never longer than a note may be."""
    if refused := unless(OPEN, case, scene):
        return refused
    outcome = scene.aside("note", Reply(fill(scene.words.case.noted, {"case": case.id})))
    return replace(outcome, done=Done(case.id, case.version, "note", case.state, text.strip()))


def _ask_withdraw(case: CaseShown, scene: Scene) -> Outcome:
    labels, named = scene.words.buttons, {"case": case.id, "title": case.title}
    buttons = (Button(labels.withdraw, "yes", primary=True), Button(labels.keep_case, "no"))
    question = Reply(fill(scene.words.case.withdraw, named), buttons=buttons)
    asking = Asking(kind="withdraw", case=case.id)
    return unless(OPEN, case, scene) or scene.out("withdraw?", question, asking=asking)


def _withdrawn(case: CaseShown, act: Act | None, scene: Scene) -> Outcome:
    words, named = scene.words.case, {"case": case.id}
    if act in {"no", "keep"}:
        return scene.aside("case kept", Reply(fill(words.kept, named)))
    if refused := unless(OPEN, case, scene):
        return refused
    outcome = scene.aside("withdrawn", Reply(fill(words.withdrawn, named)))
    return replace(outcome, done=Done(case.id, case.version, "withdrawn", "withdrawn"))


def _closed(case: CaseShown, scene: Scene) -> Outcome:
    if refused := unless(RESOLVED, case, scene):
        return refused
    outcome = scene.aside("closed", Reply(fill(scene.words.case.closed, {"case": case.id})))
    return replace(outcome, done=Done(case.id, case.version, "closed", "closed"))


def _reopened(case: CaseShown, scene: Scene) -> Outcome:
    if refused := unless(OVER, case, scene):
        return refused
    labels, said = scene.words.buttons, fill(scene.words.case.reopened, {"case": case.id})
    more = Button(labels.add_note, f"add a note {case.id}")
    outcome = scene.aside("reopened", Reply(said, buttons=(more,)))
    return replace(outcome, done=Done(case.id, case.version, "reopened", "reopened"))
