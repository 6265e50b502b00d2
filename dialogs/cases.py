"""What a person does with cases: hands one over, sees theirs, adds to one, ends it, reopens it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dialogs import deflect, enclosure
from dialogs.answers import clean, following
from dialogs.model import (
    Act,
    Asking,
    Button,
    CaseShown,
    Done,
    Draft,
    MyCases,
    Outcome,
    Press,
    Recorded,
    Reply,
    SaidHere,
)
from dialogs.replies import (
    CHANGE_TEXT,
    CHANGE_TITLE,
    LEAVE_OUT,
    PUT_BACK,
    SHOW_ENCLOSED,
    TEXT,
    TITLE,
)
from dialogs.scene import Scene
from dialogs.words import fill

ON_FORM = frozenset({"hand over", SHOW_ENCLOSED, LEAVE_OUT, PUT_BACK})
"""What the buttons of the form say that do something with what is typed there."""
OPEN = frozenset({"recorded", "submitted", "assigned", "waiting", "reopened", "parked"})
"""States in which a case can be added to and withdrawn."""
RESOLVED = frozenset({"resolved"})
"""States in which a person says whether it works."""
OVER = frozenset({"resolved", "closed"})
"""States in which a case can be opened again."""


def pressed(press: Press, scene: Scene) -> Outcome | None:
    """A press on the form with what was typed into it; None for any other button.

    A second press on the same form makes no second case: the draft is gone by then. Nobody hands
    over what they have not seen.
    """
    if press.says not in ON_FORM:
        return None
    draft = scene.progress.draft
    if draft is None:
        return scene.beside("hand over", Reply(scene.words.case.nothing_to_send))
    if not draft.shown:
        return scene.formed("hand over", draft)
    # A card leaves out the name of a field that is empty; a button without fields has none at all.
    typed = press.values or {"title": draft.title, "text": draft.text}
    title, text = (clean(typed.get(name, "")).strip() for name in ("title", "text"))
    return _done_on_form(press.says, _typed(draft, title=title, text=text), scene)


def answered(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """An answer to a question about a case; None for any other text, which is read on."""
    asking, draft = scene.progress.asking, scene.progress.draft
    match asking:
        case Asking(kind="case") if draft:
            return _on_form(text, act, draft, scene)
        case Asking(kind="before sending") if draft:
            return _unsent(act, draft, scene)
        case Asking(kind="case title") if draft and act is None:
            return _changed(_typed(draft, title=text), scene)
        case Asking(kind="case text") if draft and act is None:
            return _changed(_typed(draft, text=text), scene)
        case Asking(kind="note" | "withdraw" | "resolved"):
            return _answered_of(asking, text, act, scene)
    return None


def _answered_of(asking: Asking, text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """An answer to a question about a case that is recorded."""
    match asking:
        case Asking(kind="note", case=case) if act is None:
            return _of_mine(case, scene, lambda one: _noted(one, text, scene))
        case Asking(kind="withdraw", case=case) if act in {"yes", "no", "withdraw", "keep"}:
            return _of_mine(case, scene, lambda one: _withdrawn(one, act, scene))
        case Asking(kind="resolved", case=case) if act in {"yes", "done"}:
            return _of_mine(case, scene, partial(_closed, scene=scene))
        case Asking(kind="resolved", case=case) if act in {"no", "stuck"}:
            return _of_mine(case, scene, partial(_reopened, scene=scene))
    return None


def wanted(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """What a person asks for by its words: their cases, a note, to withdraw one, to hand over."""
    if act == "hand over":
        return pressed(Press("hand over"), scene)
    if act == "my cases":
        return _with_mine(scene, lambda mine: scene.aside("my cases", _listed(mine, scene)))
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
            return _of_mine(rest, scene, partial(ask, scene=scene), states)
    return None


# --- handing over ----------------------------------------------------------------------------


def _on_form(text: str, act: Act | None, draft: Draft, scene: Scene) -> Outcome | None:
    words = scene.words.case
    if act in {"yes", "hand over"}:
        return _recorded(draft, scene)
    if act in {"no", "none", "cancel"}:
        return scene.with_draft(None).aside("not handed over", Reply(words.not_now))
    match text.strip().casefold():
        case said if said == CHANGE_TITLE:
            asking, question, limit = Asking(kind="case title"), words.new_title, TITLE
        case said if said == CHANGE_TEXT:
            asking, question, limit = Asking(kind="case text"), words.new_text, TEXT
        case said if said in ON_FORM:
            return _done_on_form(said, draft, scene)
        case _:
            return None
    ask = Reply(fill(question, {"limit": str(limit)}))
    return scene.out("change case", ask, asking=asking)


def _unsent(act: Act | None, draft: Draft, scene: Scene) -> Outcome | None:
    """What they say to what was offered before their case is sent; None where they want to see it,
    or something else. A no is no wish to send it, nor one to lose it."""
    if act in {"no", "none"}:
        return _changed(draft, scene)
    return _on_form("", act, draft, scene)


def _done_on_form(says: str, draft: Draft, scene: Scene) -> Outcome:
    """What a button of the form does with the case as it stands there now."""
    if says == "hand over" or scene.enclosing == "none":
        return _recorded(draft, scene) if says == "hand over" else _changed(draft, scene)
    if says == SHOW_ENCLOSED:
        return enclosure.shown(draft, scene)
    return enclosure.toggled(draft, scene, alone=says == LEAVE_OUT)


def _typed(draft: Draft, **typed: str) -> Draft:
    """A draft with what its person has typed."""
    clean = {name: value.strip() for name, value in typed.items()}
    if "title" in clean:
        clean["title"] = " ".join(clean["title"].split())
    own = [name for name, value in clean.items() if value != getattr(draft, name)]
    return draft.model_copy(update={**clean, "typed": tuple(dict.fromkeys((*draft.typed, *own)))})


def _changed(draft: Draft, scene: Scene) -> Outcome:
    """The form with what was changed; what is wrong with it stands beside its field."""
    return scene.formed("change case", draft, errors=_errors(draft, scene))


def _recorded(draft: Draft, scene: Scene) -> Outcome:
    if _errors(draft, scene):
        return _changed(draft, scene)
    if other := deflect.before_sending(draft, scene):
        return other
    if (finding := enclosure.found(draft, scene)) is None:
        return Outcome(scene.progress, wants=(SaidHere(scene.conversation),))
    words, shown = scene.words.case, CaseShown(id=scene.fresh, title=draft.title, state="recorded")
    receipt = replace(_shown(shown, scene), text=words.recorded)
    outcome = scene.with_draft(None).aside("handed over", receipt)
    noted, transcript = (
        enclosure.noted(draft, finding, scene),
        enclosure.text(draft, finding, scene),
    )
    recorded = Recorded(scene.fresh, scene.facts.person.owner, noted, transcript)
    return replace(outcome, recorded=recorded)


def _errors(draft: Draft, scene: Scene) -> dict[str, str]:
    """What is wrong with a draft, by its fields."""
    words, errors = scene.words.case, {}
    for name, value, limit in (("title", draft.title, TITLE), ("text", draft.text, TEXT)):
        if not value:
            errors[name] = words.empty
        elif len(value) > limit:
            errors[name] = fill(words.too_long, {"length": str(len(value)), "limit": str(limit)})
    return errors


# --- cases that are recorded -----------------------------------------------------------------


def _with_mine(scene: Scene, then: Callable[[tuple[CaseShown, ...]], Outcome]) -> Outcome:
    """What is done with the cases of this person, once they are known."""
    want = MyCases(scene.facts.person.owner)
    finding = scene.facts.found.get(want)
    if finding is None:
        return Outcome(scene.progress, wants=(want,))
    if finding.outcome == "unknown":
        return scene.beside("my cases", Reply(scene.words.case.unreachable))
    return then(finding.cases)


def _of_mine(
    named: str,
    scene: Scene,
    then: Callable[[CaseShown], Outcome],
    states: frozenset[str] = OPEN,
) -> Outcome:
    """The case of this person that was named, or their only one in one of these states."""

    def choose(mine: tuple[CaseShown, ...]) -> Outcome:
        words = scene.words.case
        if named:
            found = [case for case in mine if case.id.casefold() == named.casefold()]
            return then(found[0]) if found else scene.beside("no such case", Reply(words.not_yours))
        meant = [case for case in mine if case.state in states]
        if len(meant) == 1:
            return then(meant[0])
        return scene.beside("which case?", _listed(mine, scene, asked=bool(meant)))

    return _with_mine(scene, choose)


def _listed(mine: tuple[CaseShown, ...], scene: Scene, *, asked: bool = False) -> Reply:
    words = scene.words.case
    if not mine:
        return Reply(words.none)
    lines = [
        f"- {fill(words.line, {'case': one.id, 'title': one.title, 'state': _state(one, scene)})}"
        for one in mine
    ]
    return Reply("\n".join([words.which if asked else words.mine, "", *lines]))


def _shown(case: CaseShown, scene: Scene) -> Reply:
    """A case with what can be done with it."""
    words, labels = scene.words.case, scene.words.buttons
    buttons = (
        Button(labels.add_note, f"add a note {case.id}"),
        Button(labels.withdraw, f"withdraw {case.id}"),
        Button(labels.my_cases, "my cases"),
    )
    place = fill(words.state, {"state": _state(case, scene)})
    heading = f"{case.id}: {case.title}"
    return Reply("", heading=heading, place=place, buttons=buttons)


def _state(case: CaseShown, scene: Scene) -> str:
    return scene.words.case.states[case.state]


def _ask_note(case: CaseShown, scene: Scene) -> Outcome:
    asking = Asking(kind="note", case=case.id)
    question = fill(scene.words.case.note, {"case": case.id})
    return _unless(OPEN, case, scene) or scene.out("note?", Reply(question), asking=asking)


def _noted(case: CaseShown, text: str, scene: Scene) -> Outcome:
    """A message is never longer than a note may be."""
    if refused := _unless(OPEN, case, scene):
        return refused
    outcome = scene.aside("note", Reply(fill(scene.words.case.noted, {"case": case.id})))
    return replace(outcome, done=Done(case.id, case.version, "note", case.state, text.strip()))


def _ask_withdraw(case: CaseShown, scene: Scene) -> Outcome:
    labels, named = scene.words.buttons, {"case": case.id, "title": case.title}
    buttons = (Button(labels.withdraw, "yes", primary=True), Button(labels.keep_case, "no"))
    question = Reply(fill(scene.words.case.withdraw, named), buttons=buttons)
    asking = Asking(kind="withdraw", case=case.id)
    return _unless(OPEN, case, scene) or scene.out("withdraw?", question, asking=asking)


def _withdrawn(case: CaseShown, act: Act | None, scene: Scene) -> Outcome:
    words, named = scene.words.case, {"case": case.id}
    if act in {"no", "keep"}:
        return scene.aside("case kept", Reply(fill(words.kept, named)))
    if refused := _unless(OPEN, case, scene):
        return refused
    outcome = scene.aside("withdrawn", Reply(fill(words.withdrawn, named)))
    return replace(outcome, done=Done(case.id, case.version, "withdrawn", "withdrawn"))


def _closed(case: CaseShown, scene: Scene) -> Outcome:
    if refused := _unless(RESOLVED, case, scene):
        return refused
    outcome = scene.aside("closed", Reply(fill(scene.words.case.closed, {"case": case.id})))
    return replace(outcome, done=Done(case.id, case.version, "closed", "closed"))


def _reopened(case: CaseShown, scene: Scene) -> Outcome:
    if refused := _unless(OVER, case, scene):
        return refused
    labels, said = scene.words.buttons, fill(scene.words.case.reopened, {"case": case.id})
    more = Button(labels.add_note, f"add a note {case.id}")
    outcome = scene.aside("reopened", Reply(said, buttons=(more,)))
    return replace(outcome, done=Done(case.id, case.version, "reopened", "reopened"))


def _unless(states: frozenset[str], case: CaseShown, scene: Scene) -> Outcome | None:
    """Refuses what is asked of a case that is in none of these states, and says how it stands."""
    if case.state in states:
        return None
    named = {"case": case.id, "state": _state(case, scene)}
    return scene.aside("case stands otherwise", Reply(fill(scene.words.case.first, named)))
