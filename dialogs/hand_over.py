"""The form on which a person hands a case over, and what comes of it: exactly what was shown."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from dialogs import case_card, deflect, enclosure
from dialogs.memory import Asking, Draft
from dialogs.model import Act, CaseShown, Outcome, Press, Recorded, SaidHere, Wording
from dialogs.own_cases import is_wish, with_mine
from dialogs.redaction import without_secrets
from dialogs.replies import LEAVE_OUT, PUT_BACK, SHOW_ENCLOSED
from dialogs.reply import Reply
from dialogs.scene import Scene
from dialogs.wording import CHANGE_TEXT, CHANGE_TITLE, SAID, question, typed, worded, wrong

ON_FORM = frozenset({"hand over", SHOW_ENCLOSED, LEAVE_OUT, PUT_BACK})
"""What the buttons of the form say that do something with what is typed there."""
COMMANDS = ON_FORM | {CHANGE_TITLE, CHANGE_TEXT}
"""What can be said of a form also after something else was talked of."""
UNCHANGED: frozenset[Act | None] = frozenset({"cancel", "back", "no", "none", "keep"})
"""What is said by who does not want to change a title or a description after all."""


def pressed(press: Press, scene: Scene) -> Outcome | None:
    """A press on the form with what was typed into it; None for any other button.

    A second press on the same form makes no second case: the draft is gone by then. Nobody hands
    over what they have not seen, and so nothing by a form that shows what was before.
    """
    if press.says not in ON_FORM:
        return None
    draft = scene.progress.draft
    if draft is None:
        return _gone(press, scene)
    if not draft.shown:
        return scene.formed("hand over", draft)
    # A button without fields has no values at all.
    draft = _typed(draft, **asdict(typed(press))) if press.values else draft
    if press.form not in {0, scene.progress.forms}:
        return scene.formed("form behind", draft, Reply(scene.words.case.behind))
    return _done_on_form(press.says, draft, scene)


def _gone(press: Press, scene: Scene) -> Outcome:
    """A press on a form of which nothing waits any more. What it says is recorded already, or it is
    shown again: nothing is typed twice."""
    words = scene.words.case
    if not press.values:
        return scene.beside("hand over", Reply(words.nothing_to_send))
    wording = typed(press)

    def judged(mine: tuple[CaseShown, ...]) -> Outcome:
        for one in mine:
            if Wording(one.title, one.text) == wording and one.state != "withdrawn":
                receipt = replace(case_card.card(one, scene), text=words.already)
                return scene.beside("handed over", receipt)
        draft = Draft(**asdict(wording), typed=("title", "text"))
        again = scene.but(draft=draft).offered("hand over", words.behind, wording.text, scene.walk)
        assert again, "there is a desk where there are forms"
        return again

    return with_mine(scene, judged)


def answered(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """An answer to a question about a case that waits to be handed over, or the wish to hand it
    over; None for any other text, which is read on."""
    draft = scene.progress.draft
    if draft and (outcome := _answered(text, act, draft, scene)):
        return outcome
    if draft and draft.shown and text.strip().casefold() in COMMANDS:
        return _on_form(text, act, draft, scene)
    return pressed(Press("hand over"), scene) if act == "hand over" else None


def _answered(text: str, act: Act | None, draft: Draft, scene: Scene) -> Outcome | None:
    match scene.progress.asking:
        case Asking(kind="case"):
            return _on_form(text, act, draft, scene)
        case Asking(kind="before sending"):
            return _unsent(act, draft, scene)
        case Asking(kind="case title" | "case text") if act in UNCHANGED:
            return scene.formed("change case", draft)
        case Asking(kind="case title" | "case text" as kind) if _is_own(text, act, scene):
            return _changed(_typed(draft, **{kind.removeprefix("case "): text}), scene)
    return None


def _is_own(text: str, act: Act | None, scene: Scene) -> bool:
    """Whether a text is a title or a description, and nothing that is wanted."""
    return act in SAID and not is_wish(text, scene)


def _on_form(text: str, act: Act | None, draft: Draft, scene: Scene) -> Outcome | None:
    words = scene.words.case
    if act in {"yes", "hand over"}:
        return _recorded(draft, scene)
    if act in {"no", "none", "cancel"}:
        return scene.but(draft=None).aside("not handed over", Reply(words.not_now))
    if act in {"done", "back", "repeat"}:
        return scene.formed("form again", draft)
    said = text.strip().casefold()
    if said in ON_FORM:
        return _done_on_form(said, draft, scene)
    if said not in {CHANGE_TITLE, CHANGE_TEXT}:
        return None
    asking = Asking(kind="case title" if said == CHANGE_TITLE else "case text")
    return scene.writing("change case", question(said, scene.words), asking)


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
    wording = worded(typed.get("title", draft.title), typed.get("text", draft.text))
    own = [name for name in typed if getattr(wording, name) != getattr(draft, name)]
    update = {**asdict(wording), "typed": tuple(dict.fromkeys((*draft.typed, *own)))}
    return draft.model_copy(update=update)


def _changed(draft: Draft, scene: Scene) -> Outcome:
    """The form with what was changed; what is wrong with it stands beside its field."""
    return scene.formed("change case", draft, errors=_errors(draft, scene))


def _recorded(draft: Draft, scene: Scene) -> Outcome:
    if _errors(draft, scene):
        return _changed(draft, scene)
    if not draft.warned and (secret := _secrets(draft, scene)):
        warned = draft.model_copy(update={"warned": True})
        return scene.formed("a secret?", warned, errors=secret)
    if other := deflect.before_sending(draft, scene):
        return other
    if (finding := enclosure.found(draft, scene)) is None:
        return Outcome(scene.progress, wants=(SaidHere(scene.conversation),))
    words, shown = scene.words.case, CaseShown(id=scene.fresh, title=draft.title, state="recorded")
    noted = enclosure.noted(draft, finding, scene)
    sent = "\n".join([noted.text, "", *noted.details])
    receipt = replace(case_card.card(shown, scene), text=words.recorded, copy=sent)
    outcome = scene.but(draft=None).aside("handed over", receipt)
    transcript = enclosure.text(draft, finding, scene)
    recorded = Recorded(scene.fresh, scene.facts.person.owner, noted, transcript)
    return replace(outcome, recorded=recorded)


def _errors(draft: Draft, scene: Scene) -> Mapping[str, str]:
    return wrong(Wording(draft.title, draft.text), scene.words)


def _secrets(draft: Draft, scene: Scene) -> Mapping[str, str]:
    """What looks as if a secret stood in it, by field: what people type goes as they typed it."""
    texts = {"title": draft.title, "text": draft.text}
    return {
        name: scene.words.case.secret
        for name, text in texts.items()
        if without_secrets(text) != text
    }
