"""What a person does with cases that are recorded: sees them, adds to one, ends it, reopens it."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dialogs import case_edit
from dialogs.answers import behind, following
from dialogs.case_card import OPEN, OVER, RESOLVED, card
from dialogs.case_ids import ids, mentions
from dialogs.memory import Asking
from dialogs.model import Act, CaseShown, Done, Outcome
from dialogs.own_cases import (
    CLOSE,
    NOTE,
    REOPEN,
    WITHDRAW,
    Wish,
    is_wish,
    listed,
    of_mine,
    says_nothing,
    settled,
    unless,
    with_mine,
)
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill

BRIEF = 5
"""Words at most beside the id of a case in a text that asks for nothing else than that case."""
SAID: frozenset[Act | None] = frozenset({None, "yes", "no", "none", "done", "stuck", "thanks"})
"""What is a note where one is asked for, as it answers an agent; any other act leaves the note."""
LEAVES: frozenset[Act | None] = frozenset({"cancel", "back"})
DECLINES: frozenset[Act | None] = LEAVES | {"no", "none", "keep"}
"""What leaves a question about a case, and not the procedure under way."""
YES_OR_NO = frozenset({"withdraw", "which case"})
LEFT = YES_OR_NO | {"note", "edit title", "edit text"}
"""Questions that can be left, the former by a “no” as well."""
WORKS: frozenset[Act | None] = frozenset({"yes", "done", "thanks"})
FAILS: frozenset[Act | None] = frozenset({"no", "stuck"})
"""What answers whether it works now."""
NOTED = re.compile(r"\A(?:[^\w\s]*(?=\s|$)|[:,;])[ \t]*(?:[-–—][ \t]+)?\s*")
"""What joins a note to what stands before it; the bullet of a list is on a line of its own."""


def answered(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """An answer to a question about a recorded case; None for any other text, which is read on."""
    asking = scene.progress.asking
    if asking and asking.kind in LEFT and act in _leaving(asking):
        return _left(asking, scene)
    match asking:
        case Asking(kind="which case"):
            return _chosen(text, asking, scene)
        case Asking(kind="note", case=case) if act in SAID and not is_wish(text, scene):
            return of_mine(case, scene, partial(_noted, text=text, scene=scene))
        case Asking(kind="withdraw", case=case) if act in {"yes", "withdraw"}:
            return of_mine(case, scene, partial(_withdrawn, scene=scene))
        case Asking(kind="resolved", case=case) if act in WORKS | FAILS:
            then = _closed if act in WORKS else _reopened
            return of_mine(case, scene, partial(then, scene=scene))
    return case_edit.answered(text, act, scene)


def wanted(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """What a person asks for by its words: their cases, how one stands, a note, to withdraw one."""
    if act == "my cases":
        return with_mine(scene, lambda mine: scene.aside("my cases", listed(mine, scene)))
    asks: tuple[tuple[Act, Wish, Callable[[CaseShown, Scene], Outcome]], ...]
    asks = (
        ("withdraw", WITHDRAW, _ask_withdraw),
        ("close", CLOSE, _closed),
        ("reopen", REOPEN, _reopened),
    )
    for name, wish, ask in asks:
        rest = following(text, scene.library.phrases[name])
        if rest is not None:
            return of_mine(rest, scene, partial(ask, scene=scene), wish)
    return _noting(text, scene) or case_edit.wanted(text, scene) or _asked_after(text, scene)


def _leaving(asking: Asking) -> frozenset[Act | None]:
    return DECLINES if asking.kind in YES_OR_NO else LEAVES


def _left(asking: Asking, scene: Scene) -> Outcome:
    words = scene.words.case
    said = fill(words.kept, {"case": asking.case}) if asking.case else words.all_kept
    return settled(scene).aside("case kept", Reply(said))


def _chosen(text: str, asking: Asking, scene: Scene) -> Outcome | None:
    """What was wanted, of the case that is named now; whatever else is said is read on."""
    rest = following(text, [asking.wanted])
    named = mentions(text if rest is None else rest)
    if len(named) != 1:
        return None
    beside = f"{named[0].before} {named[0].behind}"
    if rest is None:
        others = is_wish(text, scene) or len(beside.split()) > BRIEF
    else:
        others = not says_nothing(beside, scene)
    said = f"{asking.wanted} {named[0].id}\n{asking.note}"
    return None if others else wanted(said, None, scene)


def _noting(text: str, scene: Scene) -> Outcome | None:
    """The wish to add a note, with its words where they were said at once.

    An id in front of them says of which case it is; elsewhere it is one of the words as well.
    """
    rest = behind(text, scene.library.phrases["add a note"])
    if rest is None:
        return None
    said, first = rest, next(iter(mentions(rest)), None)
    if first and says_nothing(first.before, scene):
        rest, said = first.id, first.behind
    note = NOTED.sub("", said)
    if says_nothing(note, scene):
        return of_mine(rest, scene, partial(_ask_note, scene=scene), NOTE)
    named = " ".join(ids(rest))
    return of_mine(named, scene, partial(_noted, text=note, scene=scene), NOTE, note)


def _asked_after(text: str, scene: Scene) -> Outcome | None:
    """How a case stands that is named, in a text that asks for it or says little else."""
    named = mentions(text)
    if len({one.id for one in named}) != 1:
        return None
    beside = len(f"{named[0].before} {named[-1].behind}".split())
    if beside > BRIEF and following(text, scene.library.phrases["my cases"]) is None:
        return None
    return of_mine(named[0].id, scene, lambda one: scene.aside("case", card(one, scene)))


def _ask_note(case: CaseShown, scene: Scene) -> Outcome:
    asking = Asking(kind="note", case=case.id)
    question = fill(scene.words.case.note, {"case": case.id})
    return unless(OPEN, case, scene) or scene.writing("note?", question, asking)


def _noted(case: CaseShown, text: str, scene: Scene) -> Outcome:
    """Whoever waited for it has an answer. A message is never longer than a note may be."""
    if refused := unless(OPEN, case, scene):
        return refused
    said = Reply(fill(scene.words.case.noted, {"case": case.id}))
    state = "assigned" if case.state == "waiting" else case.state
    done = Done(case.id, case.version, "note", state, text.strip())
    return replace(settled(scene).aside("note", said), done=done)


def _ask_withdraw(case: CaseShown, scene: Scene) -> Outcome:
    labels, named = scene.words.buttons, {"case": case.id, "title": case.title}
    buttons = (Button(labels.withdraw, "yes", primary=True), Button(labels.keep_case, "no"))
    question = Reply(fill(scene.words.case.withdraw, named), buttons=buttons)
    asking = Asking(kind="withdraw", case=case.id)
    return unless(OPEN, case, scene) or scene.out("withdraw?", question, asking=asking)


def _withdrawn(case: CaseShown, scene: Scene) -> Outcome:
    if refused := unless(OPEN, case, scene):
        return refused
    said = Reply(fill(scene.words.case.withdrawn, {"case": case.id}))
    done = Done(case.id, case.version, "withdrawn", "withdrawn")
    return replace(settled(scene).aside("withdrawn", said), done=done)


def _closed(case: CaseShown, scene: Scene) -> Outcome:
    if refused := unless(RESOLVED, case, scene):
        return refused
    said = Reply(fill(scene.words.case.closed, {"case": case.id}))
    done = Done(case.id, case.version, "closed", "closed")
    return replace(settled(scene).aside("closed", said), done=done)


def _reopened(case: CaseShown, scene: Scene) -> Outcome:
    words, named = scene.words.case, {"case": case.id}
    if case.state == "withdrawn":
        return scene.aside("case stands otherwise", Reply(fill(words.withdrawn_stays, named)))
    if refused := unless(OVER, case, scene):
        return refused
    more = Button(scene.words.buttons.add_note, f"add a note {case.id}")
    outcome = scene.aside("reopened", Reply(fill(words.reopened, named), buttons=(more,)))
    return replace(outcome, done=Done(case.id, case.version, "reopened", "reopened"))
