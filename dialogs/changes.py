"""Changing an earlier answer: back to that question, while the other answers are kept."""

from collections.abc import Sequence
from typing import TypeGuard

from rapidfuzz import fuzz

from dialogs import answers
from dialogs import walk as walking
from dialogs.answers import ADDRESS_KINDS, NEAR, following, plain
from dialogs.model import Ask, Button, Choose, Outcome, Reply
from dialogs.scene import Scene
from dialogs.tidy import find_addresses
from dialogs.words import fill

Answered = Ask | Choose
TELLING = 4
"""Letters that have to be shared with the name of a question: short words stand in every text."""


def wanted(text: str, scene: Scene) -> Outcome | None:
    """`change the address`, also with the new one behind it; None where a text is nothing such."""
    rest = following(text, scene.library.phrases["change"])
    if rest is None or scene.walk is None:
        return None
    answered = walking.answered(scene.walk, scene.library)
    meant = _meant(rest, answered, scene) if rest else answered
    if len(meant) == 1:
        return _reopened(meant[0], rest, scene)
    if meant:
        return _which(meant, scene)
    return None if rest else scene.again("change", Reply(scene.words.change.nothing))


def _meant(rest: str, answered: Sequence[Answered], scene: Scene) -> Sequence[Answered]:
    """The questions that these words name best; without a name, the one that an address answers."""
    found = find_addresses(rest)
    for address in found:
        rest = rest.replace(address, " ")
    said = plain(rest).split()
    shared = {step.name: _shared(said, _name(step, scene)) for step in answered}
    best = max(shared.values(), default=0)
    if best >= TELLING:
        return [step for step in answered if shared[step.name] == best]
    return [step for step in answered if _takes_address(step)] if found else []


def _shared(said: Sequence[str], name: str) -> int:
    """How many letters the words have that a name shares with what was said, mistypings aside."""
    words = {
        word for word in plain(name).split() for other in said if fuzz.ratio(word, other) >= NEAR
    }
    return sum(map(len, words))


def _reopened(step: Answered, rest: str, scene: Scene) -> Outcome:
    """The question once more; where the new answer was said as well, what follows from it."""
    assert scene.walk is not None
    at_question = walking.reopen(scene.walk, step.name, scene.library)
    found = find_addresses(rest)
    if not _takes_address(step) or len(found) != 1:
        return scene.rest(at_question, "change")
    read = answers.read(step.answer, found[0], scene.facts.rules)
    if read.value is None:
        return scene.rest(at_question, "change")
    onward = walking.answer(at_question.walk, step, read.value, scene.library, scene.facts)
    return scene.rest(onward, "change")


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
    return scene.words.answers.get(step.name, step.name)
