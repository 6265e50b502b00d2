"""Walks one procedure: from step to step until one waits for the person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from dialogs.answers import ADDRESS_KINDS, MAY_BE_NONE, heard, read
from dialogs.flow import waits, ways
from dialogs.library import Library
from dialogs.memory import Place, Walk
from dialogs.model import Want
from dialogs.questions import QUESTIONS, Facts
from dialogs.sentences import PLACEHOLDER
from dialogs.steps import Ask, Choose, Do, End, FindOut, Procedure, Say, Step

LONGEST_PATH = 50
"""Cards that are remembered for `back`; only who walks in circles passes more."""


@dataclass(frozen=True)
class Rest:
    """Where a walk has come to rest: at a step that waits for the person, or at an end.

    `told` are the steps passed that had something to say, in order, with what was found out
    (`FindOut`) among them. Where `want` is set, the walk cannot go on before that is answered.
    """

    walk: Walk
    step: Step
    told: tuple[Say | FindOut, ...] = ()
    want: Want | None = None


def begin(
    procedure: Procedure, address: str, library: Library, facts: Facts, said: str = ""
) -> Rest:
    """A procedure from its first step, with an address that was named already (or empty).

    What was `said` to begin it can answer its choices.
    """
    given = dict.fromkeys(_address_questions(library), address) if address else {}
    choices = [step for step in procedure.steps.values() if isinstance(step, Choose)]
    given |= {step.name: option for step in choices if (option := heard(said, step.heard))}
    first = Place(procedure=procedure.topic, step=procedure.first)
    return follow(Walk(topic=procedure.topic, at=first, given=given), library, facts)


def follow(walk: Walk, library: Library, facts: Facts) -> Rest:
    """From where a walk is to the next step that waits; the step must exist.

    A question asked of the person is passed over once where the answer was given before and still
    holds; it counts as a card that was passed, so that `back` leads to it.
    """
    told: list[Say | FindOut] = []
    while True:
        step = library.step(walk.at)
        assert step is not None, walk.at
        match step:
            case Say():
                told.append(step)
                walk = _to(walk, step.next)
            case FindOut() if (known := _passed_over(step, walk)) is not None:
                walk = _to(walk, known)
            case FindOut():
                outcome = QUESTIONS[step.question].decide(facts, walk.answers)
                if not isinstance(outcome, str):
                    return Rest(walk, step, want=outcome)
                told.append(step)
                walk = _to(_answered(walk, step.question, outcome), step.then[outcome])
            case Ask() | Choose() if (on := _given(step, walk, facts)) is not None:
                walk = _to(_answered(_passing(walk), step.name, walk.given[step.name]), on)
            case End(how="go on"):
                at = Place(procedure=step.procedure, step=step.at)
                walk = walk.model_copy(update={"at": at})
            case _:
                return Rest(walk, step, tuple(told))


def go(walk: Walk, step: str, library: Library, facts: Facts) -> Rest:
    """Leaves the step where a walk rests, remembers it for `back`, and follows from another."""
    return follow(_to(_passing(walk), step), library, facts)


def answer(walk: Walk, ask: Ask, value: str, library: Library, facts: Facts) -> Rest:
    """Takes the answer to a question and goes on."""
    return go(_answered(walk, ask.name, value), ask.next, library, facts)


def choose(walk: Walk, step: Choose, option: str, library: Library, facts: Facts) -> Rest:
    """Takes an option and goes on."""
    return go(_answered(walk, step.name, option), step.options[option], library, facts)


def back(walk: Walk, library: Library) -> Rest | None:
    """The step before, as it was; None at the first step. Steps that are gone are passed over."""
    for passed in range(len(walk.path) - 1, -1, -1):
        step = library.step(walk.path[passed])
        if step is not None and waits(step):
            at = {"at": walk.path[passed], "path": walk.path[:passed]}
            return Rest(walk.model_copy(update=at), step)
    return None


def answered(walk: Walk, library: Library) -> tuple[Ask | Choose, ...]:
    """The questions that this person has answered on their way, the last one first.

    The question where they are is one of them, where it was answered before.
    """
    way = (*passed(walk, library), library.step(walk.at))
    asked = [step for step in way if isinstance(step, Ask | Choose)]
    return tuple({s.name: s for s in reversed(asked) if s.name in walk.answers}.values())


def named(step: Ask | Choose) -> str:
    """What a question without a name in words.yaml is called to people."""
    return step.name[:1].upper() + step.name[1:]


def reopen(walk: Walk, question: str, library: Library) -> Rest:
    """Back to a question that was `answered`. What was answered next is given, not asked again.

    So a changed answer leads on to where the person was, unless there is something to do anew:
    what was answered after that, or to a question that names other answers, may differ now. What
    was named at the beginning as the answer to this and to other questions is given up.
    """
    places = (*walk.path, walk.at)
    steps = [library.step(place) for place in places]
    asked = max(i for i, step in enumerate(steps) if step and step.name == question)
    step = steps[asked]
    assert step is not None, question
    later = takewhile(lambda step: not isinstance(step, Do), steps[asked + 1 :])
    names = [
        s.name for s in later if isinstance(s, Ask | Choose) and not PLACEHOLDER.search(s.text)
    ]
    given = {name: value for name, value in walk.given.items() if value != walk.answers[question]}
    given |= {name: walk.answers[name] for name in names if name in walk.answers}
    kept = {"at": places[asked], "path": places[:asked], "given": given}
    return Rest(walk.model_copy(update=kept), step)


def name_anew(walk: Walk, address: str, library: Library) -> Walk | None:
    """With another address than was named at the beginning; None where none waits to be used."""
    waits_for = walk.given.keys() & set(_address_questions(library))
    given = {**walk.given, **dict.fromkeys(waits_for, address)}
    return walk.model_copy(update={"given": given}) if waits_for else None


def holds(ask: Ask, value: str, walk: Walk, facts: Facts) -> bool:
    """Whether an answer given before is still one: what else was answered can have changed."""
    if ask.answer in MAY_BE_NONE:
        return True
    return read(ask.answer, value, facts.rules, walk.answers).value is not None


def again(walk: Walk, library: Library, facts: Facts) -> tuple[Rest, bool]:
    """Where a saved walk rests, and whether it had to begin again because its step is gone.

    What the person answered is kept. The topic itself must exist.
    """
    step = library.step(walk.at)
    if step is not None and waits(step):
        return Rest(walk, step), False
    topic = walk.topic
    first = Place(procedure=topic, step=library.procedures[topic].first)
    anew = Walk(topic=topic, at=first, given={**walk.given, **walk.answers})
    return follow(anew, library, facts), True


def number(walk: Walk, library: Library, facts: Facts) -> tuple[int, int]:
    """Which step this is, and about how many there are: the longest way that is still open.

    Counted are the steps that wait for the person, but not the question whether it worked; ways
    taken only when stuck are not.
    """
    done = len(passed(walk, library))
    ahead = _longest(walk, library, facts) if library.step(walk.at) else 0
    return done + 1, done + max(ahead, 1)


def passed(walk: Walk, library: Library) -> tuple[Step, ...]:
    """The steps already done that still exist, oldest first."""
    steps = (library.step(place) for place in walk.path)
    return tuple(step for step in steps if step is not None and not isinstance(step, End))


def _longest(walk: Walk, library: Library, facts: Facts) -> int:
    lengths: dict[tuple[str, str], int] = {}
    known = {**walk.given, **walk.answers}

    def length(procedure: str, name: str) -> int:
        key = (procedure, name)
        if key not in lengths:
            lengths[key] = 0  # a way that comes back here adds nothing
            step = library.procedures[procedure].steps[name]
            if isinstance(step, End) and step.how == "go on":
                lengths[key] = length(step.procedure, step.at)
            else:
                counts = isinstance(step, Do | Choose | Ask)
                onward = (length(procedure, to) for to in _open(step, known, facts))
                lengths[key] = counts + max(onward, default=0)
        return lengths[key]

    return length(walk.at.procedure, walk.at.step)


def _open(step: Step, answers: Mapping[str, str], facts: Facts) -> Iterable[str]:
    """The ways on from a step that what is known so far leaves open."""
    if isinstance(step, FindOut):
        question = QUESTIONS[step.question]
        if question.reads in answers:
            return [step.then[str(question.decide(facts, answers))]]
        return step.then.values()
    return [to for by, to in ways(step).items() if by not in {"if stuck", "if not"}]


def _given(step: Ask | Choose, walk: Walk, facts: Facts) -> str | None:
    """The step to go on with where a question has been answered already and the answer holds."""
    value = walk.given.get(step.name, "")
    if isinstance(step, Choose):
        return step.options.get(value)
    return step.next if value and holds(step, value, walk, facts) else None


def _passing(walk: Walk) -> Walk:
    """A walk that remembers for `back` the card where it is."""
    return walk.model_copy(update={"path": (*walk.path, walk.at)[-LONGEST_PATH:]})


def _passed_over(step: FindOut, walk: Walk) -> str | None:
    """The step to go on with where there is nothing to find out.

    Either the answer that a question reads has not been given, since its `ask` was added after the
    walk began; or the question reads none, and was settled on the way.
    """
    reads = QUESTIONS[step.question].reads
    if reads:
        return None if reads in walk.answers else reads
    return step.then.get(walk.answers.get(step.question, ""))


def _address_questions(library: Library) -> Iterable[str]:
    steps = (step for p in library.procedures.values() for step in p.steps.values())
    return (s.name for s in steps if isinstance(s, Ask) and s.answer in ADDRESS_KINDS)


def _to(walk: Walk, step: str) -> Walk:
    at = Place(procedure=walk.at.procedure, step=step)
    return walk.model_copy(update={"at": at})


def _answered(walk: Walk, question: str, value: str) -> Walk:
    given = {name: v for name, v in walk.given.items() if name != question}
    answers = {**walk.answers, question: value}
    return walk.model_copy(update={"answers": answers, "given": given})
