"""Which of their cases a person means, and whether what they want can still be done with it."""

from collections.abc import Callable

from dialogs.case_card import OPEN, state
from dialogs.model import CaseShown, MyCases, Outcome
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill

IDS = "ls-"
"""How the id of a case begins."""
AT_HAND = 5
"""Cases of a list that have a button."""


def is_id(word: str) -> bool:
    """Whether a word is the id of a case; an address can begin like one, too."""
    return word.casefold().startswith(IDS) and "@" not in word


def with_mine(scene: Scene, then: Callable[[tuple[CaseShown, ...]], Outcome]) -> Outcome:
    """What is done with the cases of this person, once they are known."""
    want = MyCases(scene.facts.person.owner)
    finding = scene.facts.found.get(want)
    if finding is None:
        return Outcome(scene.progress, wants=(want,))
    if finding.outcome == "unknown":
        return scene.beside("my cases", Reply(scene.words.case.unreachable))
    return then(finding.cases)


def of_mine(
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
        return scene.beside("which case?", listed(mine, scene, asked=bool(meant)))

    return with_mine(scene, choose)


def listed(mine: tuple[CaseShown, ...], scene: Scene, *, asked: bool = False) -> Reply:
    """The cases of a person; `asked`: which of them they mean."""
    words = scene.words.case
    if not mine:
        return Reply(words.none)
    lines = [
        f"- {fill(words.line, {'case': one.id, 'title': one.title, 'state': state(one, scene)})}"
        for one in mine
    ]
    buttons = tuple(Button(one.id, f"status {one.id}") for one in mine[:AT_HAND])
    return Reply("\n".join([words.which if asked else words.mine, "", *lines]), buttons=buttons)


def unless(states: frozenset[str], case: CaseShown, scene: Scene) -> Outcome | None:
    """Refuses what is asked of a case that is in none of these states, and says how it stands."""
    if case.state in states:
        return None
    named = {"case": case.id, "state": state(case, scene)}
    said = scene.words.case.first[case.by or "nobody"]
    return scene.aside("case stands otherwise", Reply(fill(said, named)))
