"""Which of their cases a person means, and whether what they want can still be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dialogs.answers import following, plain
from dialogs.case_card import OPEN, OVER, RESOLVED, state
from dialogs.case_ids import ids, mentions
from dialogs.memory import Asking
from dialogs.model import Act, CaseShown, MyCases, Outcome
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill

AT_HAND = 5
"""Cases of a list that have a button."""
SHOWN = 20
"""Cases of a list that are shown."""
NEAR = 3
"""Words at most between what is wanted and the id of the case that it is wanted of."""
STATES = {"open": OPEN, "resolved": RESOLVED, "over": OVER}


@dataclass(frozen=True)
class Wish:
    """What can be wanted of a case: what is `said` before its id, and how it must stand for that,
    by a word of STATES."""

    said: str
    stands: Literal["open", "resolved", "over"]


NOTE, WITHDRAW = Wish("add a note", "open"), Wish("withdraw", "open")
CLOSE, REOPEN = Wish("close case", "resolved"), Wish("reopen", "over")
EDIT, STATUS = Wish("edit case", "open"), Wish("status", "open")
WISHES: tuple[Act, ...] = (
    "add a note", "withdraw", "close", "reopen", "edit case", "change", "my cases",
)  # fmt: skip
"""What is wanted of a case that is named, by its phrases in the knowledge."""


def is_wish(text: str, scene: Scene) -> bool:
    """Whether something is wanted of a case that is named: no words for anybody else to read."""
    for act in WISHES:
        rest = following(text, scene.library.phrases[act])
        if rest and any(len(one.before.split()) <= NEAR for one in mentions(rest)):
            return True
    return False


def says_nothing(text: str, scene: Scene) -> bool:
    """Whether a text behind a wish adds nothing to it, as “please” does."""
    return all(word in scene.words.case.courtesies for word in plain(text).split())


def with_mine(
    scene: Scene, then: Callable[[tuple[CaseShown, ...]], Outcome], named: str = ""
) -> Outcome:
    """What is done with the cases of this person once they are known, those first that are open.

    Where there are very many, the one that is `named` is among them, if it is theirs.
    """
    want = MyCases(scene.facts.person.owner, named)
    finding = scene.facts.found.get(want)
    if finding is None:
        return Outcome(scene.progress, wants=(want,))
    if finding.outcome == "unknown":
        return scene.beside("my cases", Reply(scene.words.case.unreachable))
    return then(tuple(sorted(finding.cases, key=lambda case: case.state not in OPEN)))


def of_mine(
    said: str,
    scene: Scene,
    then: Callable[[CaseShown], Outcome],
    wish: Wish = STATUS,
    note: str = "",
) -> Outcome:
    """The case of this person whose id was said, or, where nothing was, the only one that stands
    as the wish needs it; which one is asked otherwise, and the note is kept for then."""
    named = ids(said)

    def choose(mine: tuple[CaseShown, ...]) -> Outcome:
        if len(named) == 1:
            found = [case for case in mine if case.id == named[0]]
            not_yours = Reply(scene.words.case.not_yours)
            return then(found[0]) if found else scene.beside("no such case", not_yours)
        meant = tuple(case for case in mine if case.state in STATES[wish.stands])
        if len(meant) == 1 and says_nothing(said, scene):
            return then(meant[0])
        return _which(meant, wish, note, scene) if meant else _none(mine, wish, scene)

    return with_mine(scene, choose, named[0] if len(named) == 1 else "")


def listed(
    mine: tuple[CaseShown, ...], scene: Scene, wish: Wish = STATUS, opening: str = ""
) -> Reply:
    """The cases of a person, each with a button that says what is wanted of it."""
    words = scene.words.case
    if not mine:
        return Reply(words.none)
    lines = [
        f"- {fill(words.line, {'case': one.id, 'title': one.title, 'state': state(one, scene)})}"
        for one in mine[:SHOWN]
    ]
    more = ["", words.more] if len(mine) > SHOWN else []
    buttons = tuple(Button(one.id, f"{wish.said} {one.id}") for one in mine[:AT_HAND])
    return Reply("\n".join([opening or words.mine, "", *lines, *more]), buttons=buttons)


def settled(scene: Scene) -> Scene:
    """The same once a case is chosen: the numbers and labels of the others mean nothing more."""
    return scene.but(offered=(), labels=())


def unless(
    states: frozenset[str], case: CaseShown, scene: Scene, *, seen: bool = False
) -> Outcome | None:
    """Refuses what is asked of a case that is in none of these states, and says how it stands.

    Somebody was faster only where the person was asked about this case, or has `seen` it as it
    stood before.
    """
    if case.state in states:
        return None
    asking, words = scene.progress.asking, scene.words.case
    faster = case.by if seen or (asking and asking.case == case.id) else ""
    named = {"case": case.id, "state": state(case, scene)}
    return scene.aside("case stands otherwise", Reply(fill(words.first[faster or "nobody"], named)))


def _which(meant: tuple[CaseShown, ...], wish: Wish, note: str, scene: Scene) -> Outcome:
    asking = Asking(kind="which case", wanted=wish.said, note=note)
    question = listed(meant, scene, wish, scene.words.case.which)
    return scene.out("which case?", question, asking=asking)


def _none(mine: tuple[CaseShown, ...], wish: Wish, scene: Scene) -> Outcome:
    """Says why none can be meant; whoever has none is told that alone."""
    why = scene.words.case.none_stands[wish.stands]
    return scene.beside("no case stands so", listed(mine, scene, opening=why))
