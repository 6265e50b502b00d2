"""Changing an earlier answer: back to that question, while the other answers are kept."""

from collections.abc import Sequence
from typing import TypeGuard

from rapidfuzz import fuzz

from dialogs import answers
from dialogs import walk as walking
from dialogs.answers import ADDRESS_KINDS, NEAR, following, plain
from dialogs.memory import Walk
from dialogs.model import Outcome
from dialogs.questions import reason
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill
from dialogs.steps import Ask, Choose
from dialogs.tidy import find_addresses, normalise

Answered = Ask | Choose
TELLING = 4
"""Letters that have to be shared with the name of a question: short words stand in every text."""


def wanted(text: str, scene: Scene) -> Outcome | None:
    """`change the address`, also with the new one behind it; None where a text is nothing such."""
    rest = following(text, scene.library.phrases["change"])
    if rest is None or scene.walk is None:
        return scene.nothing("change") if rest == "" else None
    answered = walking.answered(scene.walk, scene.library)
    meant = _meant(rest, answered, scene) if rest else answered
    if len(meant) == 1:
        return _reopened(meant[0], rest, scene)
    if meant:
        return _which(meant, scene)
    if rest:
        return _named(scene.walk, rest, scene)
    return scene.again("change", Reply(scene.words.change.nothing))


def _meant(rest: str, answered: Sequence[Answered], scene: Scene) -> Sequence[Answered]:
    """The questions that these words name best; without a name, the one that an address answers.

    Of several named alike, it is the one whose whole name was said, or that an address answers.
    """
    found = find_addresses(rest)
    for address in found:
        rest = rest.replace(address, " ")
    said = plain(rest).split()
    shared = {step.name: _shared(said, step, scene) for step in answered}
    best = max((letters for letters, _ in shared.values()), default=0)
    if best >= TELLING:
        named = [step for step in answered if shared[step.name][0] == best]
        whole = [step for step in named if shared[step.name][1]]
        return whole or [step for step in named if _takes_address(step)] or named
    return [step for step in answered if _takes_address(step)] if found else []


def _shared(said: Sequence[str], step: Answered, scene: Scene) -> tuple[int, bool]:
    """How many letters were said of the names of a question, and whether one was said whole."""
    names = [plain(name).split() for name in (step.name, _name(step, scene))]
    return max(_of_name(said, name) for name in names)


def _of_name(said: Sequence[str], name: Sequence[str]) -> tuple[int, bool]:
    """As `_shared`, of one name; mistypings aside."""
    alike = [(word, other) for word in said for other in name if fuzz.ratio(word, other) >= NEAR]
    letters = sum(len(word) for word in {word for word, _ in alike})
    return letters, {other for _, other in alike} == set(name)


def _reopened(step: Answered, rest: str, scene: Scene) -> Outcome:
    """The question once more; where the new answer was said as well, what follows from it."""
    assert scene.walk is not None
    at_question = walking.reopen(scene.walk, step.name, scene.library)
    before = scene.walk.answers[step.name]
    found = [new for new in find_addresses(rest) if normalise(new) != before]
    if not _takes_address(step) or len(found) != 1:
        return scene.rest(at_question, "change")
    read = answers.read(step.answer, found[0], scene.facts.rules)
    if read.refused:
        return scene.rest(at_question, "change", Reply(reason(read.refused, scene.facts)))
    assert read.value is not None
    onward = walking.answer(at_question.walk, step, read.value, scene.library, scene.facts)
    return scene.rest(onward, "change")


def _named(walk: Walk, rest: str, scene: Scene) -> Outcome | None:
    """Another address than was named at the beginning, before it was asked for."""
    found = find_addresses(rest)
    anew = walking.name_anew(walk, normalise(found[0]), scene.library) if len(found) == 1 else None
    if anew is None:
        return None
    assert scene.step is not None
    noted = Reply(fill(scene.words.change.noted, {"address": found[0]}))
    return scene.rest(walking.Rest(anew, scene.step), "change", noted)


def _which(steps: Sequence[Answered], scene: Scene) -> Outcome:
    """Asks which answer is to be changed; each button says what typing would."""
    assert scene.walk is not None
    words, change = scene.words.change, scene.library.phrases["change"][0]
    buttons = []
    for step in steps:
        said = {"question": _name(step, scene), "answer": scene.walk.answers[step.name]}
        buttons.append(Button(fill(words.button, said), f"{change} {step.name}"))
    stay = (scene.voice.continue_button(), scene.voice.person_button())
    return scene.out("change", Reply(words.which, buttons=(*buttons, *stay)))


def _takes_address(step: Answered) -> TypeGuard[Ask]:
    return isinstance(step, Ask) and step.answer in ADDRESS_KINDS


def _name(step: Answered, scene: Scene) -> str:
    """What a question is called to people."""
    return scene.words.answers.get(step.name) or walking.named(step)
