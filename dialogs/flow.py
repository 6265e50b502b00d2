"""Where steps lead, and whether every way through the procedures ends well."""

from collections.abc import Iterator, Mapping, Set

from dialogs.document import Document, Problem
from dialogs.memory import Place
from dialogs.schema import suggest
from dialogs.steps import Ask, Choose, Do, End, FindOut, Procedure, Say, Step

Procedures = Mapping[str, Procedure]
Documents = Mapping[str, Document]
Onward = Mapping[Place, Set[Place]]


def ways(step: Step) -> Mapping[str, str]:
    """Where a step can lead inside its procedure: each step's name by what leads there."""
    match step:
        case Say(next=after):
            return {"next": after}
        case Do(next=after, if_stuck=stuck) | Ask(next=after, if_stuck=stuck):
            return {"next": after} | ({"if stuck": stuck} if stuck else {})
        case Choose(options=options):
            return options
        case FindOut(then=then):
            return then
    return {"if not": step.if_not} if step.if_not else {}


def waits(step: Step | None) -> bool:
    """Whether this is a step where a walk can rest: it waits for the person."""
    return isinstance(step, Do | Ask | Choose) or (isinstance(step, End) and step.how == "done")


def problems(procedures: Procedures, documents: Documents) -> Iterator[Problem]:
    """Jumps that land nowhere, steps that nothing leads to, circles that never ask, and steps
    that leave the person alone."""
    onward = {
        Place(procedure=p.topic, step=s.name): frozenset(_leads(p, s, procedures))
        for p in procedures.values()
        for s in p.steps.values()
    }
    found = [p for each in procedures.values() for p in _jumps(each, documents[each.topic])]
    found += _unreachable(procedures, onward, documents)
    found += _circles(procedures, onward, documents)
    # Only where all ways are in order: any mistake in them can be why somebody is left alone.
    yield from found or _alone(procedures, onward, documents)


def _leads(procedure: Procedure, step: Step, procedures: Procedures) -> Iterator[Place]:
    """The places a step can lead to, also in another procedure, as far as they exist."""
    for to in ways(step).values():
        if to in procedure.steps:
            yield Place(procedure=procedure.topic, step=to)
    other = procedures.get(step.procedure) if isinstance(step, End) else None
    if isinstance(step, End) and other and step.at in other.steps:
        yield Place(procedure=other.topic, step=step.at)


def _jumps(procedure: Procedure, document: Document) -> Iterator[Problem]:
    for step in procedure.steps.values():
        under = {Choose: ("options",), FindOut: ("then",)}.get(type(step), ())
        for by, to in ways(step).items():
            where = ("steps", step.name, *under, by)
            if not to:
                what = f"Step “{step.name}” is the last one and leads nowhere."
                yield document.problem(where, what, "Give it a `next`, or put an `end` below.")
            elif to not in procedure.steps:
                what = f"Step “{step.name}” goes to “{to}”, which is no step here."
                yield document.problem(where, what, suggest(to, list(procedure.steps)))


def _unreachable(procedures: Procedures, onward: Onward, documents: Documents) -> Iterator[Problem]:
    firsts = {Place(procedure=p.topic, step=p.first) for p in procedures.values()}
    reached = _reached(firsts, onward)
    for place in onward:
        if place not in reached:
            what, remedy = f"No step leads to “{place.step}”.", "Lead a step to it, or remove it."
            yield documents[place.procedure].problem(("steps", place.step), what, remedy)


def _circles(procedures: Procedures, onward: Onward, documents: Documents) -> Iterator[Problem]:
    """A circle of steps none of which waits for the person would never end."""
    quick = {place: to for place, to in onward.items() if _is_quick(place, procedures)}
    for place, to in quick.items():
        if place in _reached(to, quick):
            what = f"Step “{place.step}” comes back to itself without asking the person anything."
            remedy = "Put a do, ask or choose into the circle."
            yield documents[place.procedure].problem(("steps", place.step), what, remedy)


def _alone(procedures: Procedures, onward: Onward, documents: Documents) -> Iterator[Problem]:
    """A step that waits for somebody who may fail at it must have a way to a person."""
    backward: dict[Place, set[Place]] = {}
    for place, leads in onward.items():
        for to in leads:
            backward.setdefault(to, set()).add(place)
    persons = {place for place in onward if _hands_over(_step(place, procedures))}
    lost = {place for place, leads in onward.items() if not leads and _goes_on(place, procedures)}
    helped = _reached(persons | lost, backward)
    for place in onward:
        if place not in helped and waits(_step(place, procedures)):
            what = f"No way leads from “{place.step}” to a person."
            remedy = "Lead one of its ways to an `end: hand over`."
            yield documents[place.procedure].problem(("steps", place.step), what, remedy)


def _hands_over(step: Step) -> bool:
    """Whether the engine hands over here: always, or to whoever is stuck and has no other way."""
    match step:
        case Do(if_stuck="") | Ask(if_stuck="") | End(how="hand over") | End(how="done", if_not=""):
            return True
    return False


def _step(place: Place, procedures: Procedures) -> Step:
    return procedures[place.procedure].steps[place.step]


def _is_quick(place: Place, procedures: Procedures) -> bool:
    """Whether the step at a place waits for nobody."""
    step = _step(place, procedures)
    return isinstance(step, Say | FindOut) or _goes_on(place, procedures)


def _goes_on(place: Place, procedures: Procedures) -> bool:
    step = _step(place, procedures)
    return isinstance(step, End) and step.how == "go on"


def _reached(start: Set[Place], onward: Onward) -> set[Place]:
    """All places that are reached from these, they included."""
    reached: set[Place] = set()
    waiting = set(start)
    while waiting:
        reached.add(place := waiting.pop())
        waiting |= onward.get(place, frozenset()) - reached
    return reached
