"""The conversation that goes along with a case: shown to its person, left out, or put back."""

from functools import cache

from dialogs.memory import Draft
from dialogs.model import Finding, Outcome, SaidHere
from dialogs.redaction import addresses_in, redactor, without_secrets
from dialogs.reply import Reply
from dialogs.scene import Scene
from dialogs.transcript import bounded, transcript

SHOWN = 3_000
"""Characters that are shown of it: a channel takes only so much in one message."""


def found(draft: Draft, scene: Scene) -> Finding | None:
    """What was said here; None: it is to be found out. Nothing, where it does not go along."""
    if scene.enclosing == "none" or draft.alone:
        return Finding("left out")
    return scene.facts.found.get(SaidHere(scene.conversation))


def text(draft: Draft, finding: Finding, scene: Scene) -> str:
    """The transcript as a desk gets it, empty: none."""
    # Among the details is the person's own, too.
    needed = addresses_in((draft.title, draft.text, *draft.details))
    mask = without_secrets if scene.enclosing == "whole" else redactor(needed)
    # The same is said again and again, most of all by the assistant.
    return transcript(finding.said, cache(mask), scene.words)


def noted(draft: Draft, finding: Finding, scene: Scene) -> Draft:
    """The case with a line on whether the conversation goes along."""
    lines = scene.voice.enclosed(draft, scene.enclosing)
    if finding.outcome == "unknown":
        lines = (scene.words.enclosed.unknown,)
    return draft.model_copy(update={"details": (*draft.details, *lines)})


def shown(draft: Draft, scene: Scene) -> Outcome:
    """The very text that goes along, or the latest of it, and the form again."""
    if draft.alone:
        return toggled(draft, scene, alone=True)
    finding = found(draft, scene)
    if finding is None:
        return Outcome(scene.progress, wants=(SaidHere(scene.conversation),))
    words = scene.words.enclosed
    if finding.outcome == "unknown":
        return scene.formed("attached?", draft, Reply(words.unreadable))
    if not (whole := text(draft, finding, scene)):
        return scene.formed("attached?", draft, Reply(words.nothing))
    latest = bounded(whole, SHOWN, scene.words.transcript.earlier)
    return scene.formed("attached?", draft, Reply(words.preview, copy=latest))


def toggled(draft: Draft, scene: Scene, *, alone: bool) -> Outcome:
    """Leaves the conversation out, or puts it back."""
    words = scene.words.enclosed
    said = Reply(words.taken_out if alone else words.put_back)
    return scene.formed("attached", draft.model_copy(update={"alone": alone}), said)
