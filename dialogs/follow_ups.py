"""Asks again tomorrow where somebody else has to act first: in the same conversation, once."""

from dataclasses import replace

from dialogs.memory import FollowUp, Walk
from dialogs.model import Outcome
from dialogs.questions import CONTACT, SIP
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill

MOST = 10
"""Procedures that wait for others in one conversation; the oldest is given up for another one."""


def put_off(scene: Scene) -> Outcome:
    """Leaves the step where a procedure stands until tomorrow, when its person is asked again."""
    walk, words = scene.walk, scene.words.follow_up
    if walk is None:
        return scene.nothing("ask again")
    if not scene.follow_ups:
        return scene.again("ask again", Reply(words.never))
    if walk.put_off:
        return scene.again("ask again", Reply(words.once))
    waiting = FollowUp(id=scene.fresh, walk=walk.model_copy(update={"put_off": True}))
    others = (one for one in scene.progress.follow_ups if not _is_part(one.walk, walk))
    kept = (*others, waiting)[-MOST:]
    do_not = Button(scene.words.buttons.do_not_ask, "do not ask")
    promised = Reply(fill(words.promised, scene.voice.titled(walk)), buttons=(do_not,))
    outcome = scene.but(follow_ups=kept).close("ask again", promised)
    return replace(outcome, follow_up=waiting.id)


def do_not_ask(scene: Scene) -> Outcome:
    """Nobody is asked again; where they stood can be taken up all the same."""
    waiting, words = scene.progress.follow_ups, scene.words.follow_up
    if not waiting:
        return scene.beside("do not ask", Reply(words.none))
    paused = scene.paused
    for one in waiting:
        paused = _waiting(one.walk, scene.but(paused=paused))
    forgotten = scene.but(follow_ups=(), paused=paused)
    return forgotten.beside("do not ask", Reply(words.forgotten))


def due(follow_up: str, scene: Scene) -> Outcome:
    """Comes back to what was put off, unless its person has come back to it by themselves.

    Whoever is busy with something else is told that it waits.
    """
    kept = scene.progress.follow_ups
    walk = next((one.walk for one in kept if one.id == follow_up), None)
    scene = scene.but(follow_ups=tuple(one for one in kept if one.id != follow_up))
    if walk is None or walk.topic not in scene.library.procedures:
        return scene.silent("follow-up is over")
    words, asking = scene.words.follow_up, scene.progress.asking
    if scene.walk or asking:
        waits = Reply(fill(words.waits, {"title": scene.library.procedures[walk.topic].title}))
        paused = _waiting(walk, scene)
        return scene.but(paused=paused).out("follow-up waits", waits, asking=asking)
    return scene.but(walk=walk).again("follow-up", Reply(words.due))


def without(worked: Walk, scene: Scene) -> Scene:
    """The same, where a procedure has worked: nobody is asked how it went."""
    waiting, paused = scene.progress.follow_ups, scene.progress.paused
    left = tuple(one for one in waiting if not _is_part(one.walk, worked))
    return scene.but(follow_ups=left, paused=tuple(p for p in paused if not _is_part(p, worked)))


def take_up(scene: Scene) -> Outcome | None:
    """Goes on before tomorrow with what was put off last; None where nothing was."""
    *others, last = scene.progress.follow_ups or (None,)
    if last is None or last.walk.topic not in scene.library.procedures:
        return None
    return scene.but(walk=last.walk, follow_ups=tuple(others)).again("continue")


def _waiting(walk: Walk, scene: Scene) -> tuple[Walk, ...]:
    """The procedures that wait, this one among them: behind the one that they are asked to go on
    with, so that a yes or no means that one still."""
    *others, last = waiting = scene.waiting(walk)
    if not (others and scene.asked("resume") and scene.walk is None):
        return waiting
    return *others[:-1], last, others[-1]


def _is_part(left: Walk, walk: Walk) -> bool:
    """Whether what was left is walked again: the same, for the same contact, as far as one was
    named."""
    return left.topic == walk.topic and _contact(left) in {"", _contact(walk)}


def _contact(walk: Walk) -> str:
    named = {**walk.given, **walk.answers}
    return next((named[name] for name in (CONTACT, SIP) if name in named), "")
