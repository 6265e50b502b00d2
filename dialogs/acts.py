"""What each dialog act does: done, back, stuck, cancel, and the others of phrases.yaml.

Each function has the name of its act and takes the scene to an outcome.
"""

from collections.abc import Callable, Mapping

from dialogs import deflect, follow_ups
from dialogs import walk as walking
from dialogs.answers import MAY_BE_NONE
from dialogs.model import Act, Outcome
from dialogs.questions import CONTACT, SIP
from dialogs.reply import Reply
from dialogs.scene import Scene
from dialogs.sentences import fill
from dialogs.steps import Ask, Choose, Do, End


def done(scene: Scene) -> Outcome:
    """The step is done: on to the next one."""
    if scene.walk is None:
        return scene.nothing("done")
    match scene.step:
        case Do(next=after):
            return scene.go(after, "done")
        case Ask():
            return scene.again("done", Reply(scene.words.step.needs_answer))
        case Choose():
            return scene.again("done", Reply(scene.words.step.not_an_option))
    good = fill(scene.words.end.good, scene.voice.titled(scene.walk))
    return follow_ups.without(scene.walk, scene).close("worked", Reply(good))


def back(scene: Scene) -> Outcome:
    """The step before, with the answers kept."""
    if scene.walk is None:
        return scene.nothing("back")
    before = walking.back(scene.walk, scene.library)
    if before is None:
        return scene.again("back", Reply(scene.words.step.first))
    return scene.rest(before, "back")


def stuck(scene: Scene) -> Outcome:
    """The step did not work: the way that the procedure has for it, or a person."""
    if scene.walk is None:
        return scene.nothing("stuck")
    match scene.step:
        case Do(if_stuck=way) | Ask(if_stuck=way) | End(if_not=way) if way:
            return scene.trying(deflect.named(scene.walk.at)).go(way, "stuck")
        case Choose():
            return scene.again("stuck", Reply(scene.words.step.not_an_option))
    step = scene.walk.at.step
    because = fill(scene.words.hand_over.stuck, {"step": step})
    return scene.end(End(step, "hand over", because=because), scene.walk, "stuck")


def cancel(scene: Scene) -> Outcome:
    """Leaves the procedure, which can be taken up again, or lets go of one that waits."""
    if scene.walk:
        said = Reply(fill(scene.words.end.cancelled, scene.voice.titled(scene.walk)))
        return scene.out("cancel", said, walk=None, paused=scene.waiting(scene.walk))
    if scene.asked("resume"):
        return scene.out("cancel", scene.suggestions(), paused=scene.paused[:-1])
    return scene.nothing("cancel")


def repeat(scene: Scene) -> Outcome:
    """The card once more."""
    return scene.again("repeat") if scene.walk else scene.nothing("repeat")


def start_over(scene: Scene) -> Outcome:
    """The procedure from its first step, with nothing remembered."""
    if scene.walk is None:
        return scene.nothing("start over")
    return scene.begin(scene.library.procedures[scene.walk.topic], "", "start over")


def carry_on(scene: Scene) -> Outcome:
    """On where the procedure stands, also tomorrow, or with what was put off till then."""
    busy = scene.walk or scene.paused
    return (None if busy else follow_ups.take_up(scene)) or scene.take_up("continue")


def yes(scene: Scene) -> Outcome:
    """Agrees: to go on with what waits, or that a step is done."""
    return scene.take_up("yes") if scene.asked("resume") else done(scene)


def no(scene: Scene) -> Outcome:
    """Declines what was asked."""
    if scene.asked("worked"):
        return stuck(scene)
    if scene.asked("resume"):
        return cancel(scene)
    return nothing(scene)


def keep(scene: Scene) -> Outcome:
    """Answers a question with what was answered before."""
    step = scene.step
    walk = scene.walk
    if walk and isinstance(step, Ask) and (kept := scene.voice.kept(step, walk)):
        rest = walking.answer(walk, step, kept, scene.library, scene.facts)
        return scene.rest(rest, "keep")
    return done(scene) if isinstance(step, Ask) else nothing(scene)


def nothing(scene: Scene) -> Outcome:
    """Wants none of what was offered; where “none” is an answer, that is it."""
    if scene.asked("switch"):
        return repeat(scene)
    step = scene.step
    if scene.walk and isinstance(step, Ask) and step.answer in MAY_BE_NONE:
        none = scene.words.buttons.no_value
        rest = walking.answer(scene.walk, step, none, scene.library, scene.facts)
        return scene.rest(rest, "answer")
    if scene.walk:
        return scene.again("none", Reply(scene.words.step.not_followed))
    return scene.out("none", scene.suggestions())


def other_way(scene: Scene) -> Outcome:
    """Meant the opposite direction: that procedure instead, with the address that was named."""
    if scene.walk is None:
        return scene.nothing("other way")
    procedure = scene.library.procedures[scene.walk.topic]
    opposite = scene.library.procedures.get(procedure.other_way)
    if opposite is None:
        return scene.again("other way", Reply(scene.words.step.no_other_way))
    named = {**scene.walk.given, **scene.walk.answers}
    address = next((named[name] for name in (CONTACT, SIP) if name in named), "")
    return scene.instead(opposite, address, "other way")


def help_(scene: Scene) -> Outcome:
    """What the assistant can do."""
    return scene.beside("help", Reply(scene.words.help.text), scene.suggestions())


def greeting(scene: Scene) -> Outcome:
    """Says hello, in full once; to somebody in a procedure, where they stand."""
    if scene.walk:
        said = fill(scene.words.greeting.waiting, scene.voice.titled(scene.walk))
        return scene.again("greeting", Reply(said))
    suggestions = scene.suggestions()
    if scene.progress.offered:  # they have seen what the assistant can do
        return scene.out("greeting", suggestions)
    hello = Reply(scene.words.greeting.text, buttons=suggestions.buttons)
    return scene.out("greeting", hello)


def thanks(scene: Scene) -> Outcome:
    """Accepts thanks; after a procedure they mean that it worked."""
    if scene.asked("worked"):
        return done(scene)
    return scene.out("thanks", Reply(scene.words.understanding.thanks))


def person(scene: Scene) -> Outcome:
    """Hands over what is known, at any moment; a procedure under way stays where it is.

    Another way that is documented for this step is offered first, once.
    """
    if way := deflect.way(scene):
        return way
    words = scene.words.hand_over
    needs = fill(words.needs, scene.voice.titled(scene.walk)) if scene.walk else ""
    if offered := scene.offered("talk-to-a-person", words.asked, needs, scene.walk):
        return offered
    told = scene.progress.draft
    because = told.text if told and told.typed else words.asked_for
    summary = scene.handed_over(words.asked, because, scene.walk)
    return scene.but(draft=None).aside("talk-to-a-person", summary)


ACTS: Mapping[Act, Callable[[Scene], Outcome]] = {
    "done": done,
    "back": back,
    "stuck": stuck,
    "cancel": cancel,
    "repeat": repeat,
    "start over": start_over,
    "continue": carry_on,
    "yes": yes,
    "no": no,
    "none": nothing,
    "keep": keep,
    "other way": other_way,
    "ask again": follow_ups.put_off,
    "do not ask": follow_ups.do_not_ask,
    "help": help_,
    "greeting": greeting,
    "thanks": thanks,
    "talk-to-a-person": person,
}
"""The acts that need no more than the scene; `convert` needs the text and stands in conversions."""
