"""A person changes what their case says: on a card all at once, elsewhere one thing after another.

The desk is told by a note. What it was sent first stays as it is, there and here: agents have read
it, and a case is sent with the same words however often it is sent.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from dialogs.answers import following
from dialogs.case_card import OPEN, card
from dialogs.case_ids import ids, mentions
from dialogs.memory import Asking
from dialogs.model import Act, CaseShown, Done, Outcome, Press, Wording
from dialogs.own_cases import EDIT, NEAR, is_wish, of_mine, unless
from dialogs.reply import Button, Reply
from dialogs.scene import NO_ERRORS, Scene
from dialogs.sentences import fill
from dialogs.wording import CHANGE_TEXT, CHANGE_TITLE, SAID, fields, question, typed, worded, wrong

SAVE = "save"
"""What the button of the card says in front of the case's id."""


def pressed(press: Press, scene: Scene) -> Outcome | None:
    """A press on the card with what was typed there; None for any other button.

    A second press sends nothing: the case says so already.
    """
    named = following(press.says, [SAVE]) or ""
    if not (ids(named) and press.values):
        return None
    return of_mine(named, scene, lambda one: _saved(one, typed(press), scene, seen=True))


def answered(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """A new title or description where it was asked for; None for any other text."""
    asking = scene.progress.asking
    if asking is None or is_wish(text, scene):
        return None
    match asking:
        case Asking(kind="edit title", case=named) if act in SAID:
            return of_mine(named, scene, lambda one: _saved(one, worded(text, one.text), scene))
        case Asking(kind="edit text", case=named) if act in SAID:
            return of_mine(named, scene, lambda one: _saved(one, worded(one.title, text), scene))
    return None


def wanted(text: str, scene: Scene) -> Outcome | None:
    """The wish to change a case, or one of the things that it says."""
    phrases = scene.library.phrases
    named = following(text, phrases["edit case"])
    for what in (CHANGE_TITLE, CHANGE_TEXT):
        if rest := _of_a_case(following(text, [what])):
            return of_mine(rest, scene, partial(_ask, what, scene=scene))
    if named is None:
        named = _of_a_case(following(text, phrases["change"]))
    if named is None:
        return None
    return of_mine(named, scene, lambda one: _form(one, _reads(one), scene), EDIT)


def _of_a_case(rest: str | None) -> str | None:
    """What stands behind such a wish where it soon names a case: other things are changed, too."""
    named = mentions(rest or "")
    return rest if named and len(named[0].before.split()) <= NEAR else None


def _reads(one: CaseShown) -> Wording:
    return Wording(one.title, one.text)


def _form(
    one: CaseShown, wording: Wording, scene: Scene, errors: Mapping[str, str] = NO_ERRORS
) -> Outcome:
    words, labels = scene.words, scene.words.buttons
    shown = Reply(
        fill(words.case.edit, {"case": one.id}),
        heading=f"{one.id}: {one.title}",
        fields=fields(wording, errors, words),
        buttons=(
            Button(labels.save, f"{SAVE} {one.id}", primary=True, only="card"),
            Button(labels.change_title, f"{CHANGE_TITLE} {one.id}", only="text"),
            Button(labels.change_text, f"{CHANGE_TEXT} {one.id}", only="text"),
            Button(labels.leave_as_is, f"status {one.id}"),
        ),
    )
    return unless(OPEN, one, scene) or scene.out("edit case", shown)


def _ask(what: str, one: CaseShown, scene: Scene) -> Outcome:
    asking = Asking(kind="edit title" if what == CHANGE_TITLE else "edit text", case=one.id)
    asked = scene.writing("edit case", question(what, scene.words), asking)
    return unless(OPEN, one, scene) or asked


def _saved(one: CaseShown, wording: Wording, scene: Scene, *, seen: bool = False) -> Outcome:
    """`seen`: its person has it before them as it stood when it was open."""
    words, named = scene.words.case, {"case": one.id}
    if refused := unless(OPEN, one, scene, seen=seen):
        return refused
    if errors := wrong(wording, scene.words):
        return _form(one, wording, scene, errors)
    if wording == _reads(one):
        return scene.aside("case unchanged", Reply(fill(words.unchanged, named)))
    changed = one.model_copy(update={"title": wording.title, "text": wording.text})
    receipt = replace(card(changed, scene), text=fill(words.edited, named))
    note = _note(one, wording, scene)
    done = Done(one.id, one.version, "note", one.state, note, reads=wording)
    return replace(scene.aside("case edited", receipt), done=done)


def _note(one: CaseShown, wording: Wording, scene: Scene) -> str:
    """What the desk is told: only what has changed."""
    words, lines = scene.words.case, [scene.words.case.changed]
    if wording.title != one.title:
        lines.append(f"{words.title}: {wording.title}")
    if wording.text != one.text:
        lines.append(f"{words.text}: {wording.text}")
    return "\n\n".join(lines)
