"""What must hold between knowledge files: every jump lands, every step can be reached, every
name is known. One function for each kind of mistake."""

from collections.abc import Iterator, Mapping

from dialogs.answers import KINDS, plain
from dialogs.document import Document, Problem
from dialogs.model import Ask, Choose, Do, End, FindOut, Procedure, Say, Step, Topic
from dialogs.questions import QUESTIONS, VALUES
from dialogs.schema import SourceForm, suggest
from dialogs.words import PLACEHOLDER

Topics = Mapping[str, Topic]
Documents = Mapping[str, Document]


def problems(
    topics: Topics, sources: Mapping[str, SourceForm], documents: Documents
) -> Iterator[Problem]:
    """Every mistake that a single file does not show."""
    yield from _phrases(topics, documents)
    for topic in topics.values():
        document = documents[topic.topic]
        for i, source in enumerate(topic.sources):
            yield from _source(source, sources, document, document.line(("sources", i)))
        if isinstance(topic, Procedure):
            yield from _procedure(topic, topics, sources, document)


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
        case End(if_not=if_not):
            return {"if not": if_not} if if_not else {}


def _procedure(
    procedure: Procedure, topics: Topics, sources: Mapping[str, SourceForm], document: Document
) -> Iterator[Problem]:
    yield from _jumps(procedure, document)
    yield from _unreachable(procedure, topics, document)
    yield from _circles(procedure, document)
    for step in procedure.steps.values():
        line = document.line(("steps", step.name))
        yield from _names_in_braces(step, document)
        match step:
            case FindOut():
                yield from _find_out(step, procedure, document, line)
            case Ask() if step.answer not in KINDS:
                what = f"“{step.answer}” is not a kind of answer."
                yield Problem(document.file, line, what, suggest(step.answer, list(KINDS)))
            case End(how="go on"):
                yield from _go_on(step, topics, document, line)
        if not isinstance(step, FindOut) and step.source:
            yield from _source(step.source, sources, document, line)


def _jumps(procedure: Procedure, document: Document) -> Iterator[Problem]:
    for step in procedure.steps.values():
        for by, to in ways(step).items():
            if to in procedure.steps:
                continue
            line = document.line(("steps", step.name, by))
            if not to:
                what = f"Step “{step.name}” is the last one and leads nowhere."
                yield Problem(document.file, line, what, "Give it a `next`, or put an `end` below.")
            else:
                what = f"Step “{step.name}” goes to “{to}”, which is no step here."
                yield Problem(document.file, line, what, suggest(to, list(procedure.steps)))


def _unreachable(procedure: Procedure, topics: Topics, document: Document) -> Iterator[Problem]:
    entered = {
        step.at
        for other in topics.values()
        if isinstance(other, Procedure)
        for step in other.steps.values()
        if isinstance(step, End) and step.procedure == procedure.topic
    }
    reached: set[str] = set()
    waiting = {procedure.first, *entered} & set(procedure.steps)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= set(ways(procedure.steps[name]).values()) & set(procedure.steps) - reached
    for name in procedure.steps:
        if name not in reached:
            line = document.line(("steps", name))
            remedy = "Lead a step to it, or remove it."
            yield Problem(document.file, line, f"No step leads to “{name}”.", remedy)


def _circles(procedure: Procedure, document: Document) -> Iterator[Problem]:
    """A circle of steps none of which waits for the person would never end."""
    quick = {n: s for n, s in procedure.steps.items() if isinstance(s, Say | FindOut)}
    for name, step in quick.items():
        seen: set[str] = set()
        waiting = set(ways(step).values()) & set(quick)
        while waiting:
            seen.add(at := waiting.pop())
            waiting |= set(ways(quick[at]).values()) & set(quick) - seen
        if name in seen:
            line = document.line(("steps", name))
            what = f"Step “{name}” comes back to itself without asking the person anything."
            yield Problem(document.file, line, what, "Put a do, ask or choose into the circle.")


def _find_out(
    step: FindOut, procedure: Procedure, document: Document, line: int
) -> Iterator[Problem]:
    question = QUESTIONS.get(step.question)
    if question is None:
        what = f"“{step.question}” is not a question that can be found out."
        yield Problem(document.file, line, what, suggest(step.question, list(QUESTIONS)))
        return
    for outcome in sorted(question.outcomes - set(step.then)):
        what = f"Step “{step.name}” does not say what happens when the outcome is “{outcome}”."
        yield Problem(document.file, line, what, f"Add “{outcome}:” under `then`.")
    for outcome in sorted(set(step.then) - question.outcomes):
        what = f"“{outcome}” is no outcome of “{step.question}”."
        yield Problem(document.file, line, what, suggest(outcome, sorted(question.outcomes)))
    if question.reads and not isinstance(procedure.steps.get(question.reads), Ask):
        what = f"“{step.question}” needs the answer “{question.reads}”, which is not asked here."
        yield Problem(document.file, line, what, f"Add an `ask` step named “{question.reads}”.")


def _go_on(step: End, topics: Topics, document: Document, line: int) -> Iterator[Problem]:
    other = topics.get(step.procedure)
    if not isinstance(other, Procedure):
        known = [t for t, topic in topics.items() if isinstance(topic, Procedure)]
        what = f"“{step.procedure}” is not a procedure."
        yield Problem(document.file, line, what, suggest(step.procedure, known))
    elif step.at not in other.steps:
        what = f"“{step.at}” is not a step of {step.procedure}."
        yield Problem(document.file, line, what, suggest(step.at, list(other.steps)))


def _names_in_braces(step: Step, document: Document) -> Iterator[Problem]:
    texts = {"text": getattr(step, "text", ""), "type this": getattr(step, "type_this", "")}
    for text in texts.values():
        for name in PLACEHOLDER.findall(text):
            if name not in VALUES:
                line = document.line(("steps", step.name))
                what = f"Step “{step.name}” names “{{{name}}}”, which is not known."
                yield Problem(document.file, line, what, suggest(name, list(VALUES)))


def _source(
    source: str, sources: Mapping[str, SourceForm], document: Document, line: int
) -> Iterator[Problem]:
    key, _, section = source.partition("#")
    if key not in sources:
        what = f"The source “{key}” does not stand in sources.yaml."
        yield Problem(document.file, line, what, suggest(key, list(sources)))
    elif section and section not in sources[key].sections:
        what = f"The source “{key}” has no section “{section}”."
        yield Problem(document.file, line, what, suggest(section, list(sources[key].sections)))


def _phrases(topics: Topics, documents: Documents) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for topic in topics.values():
        document = documents[topic.topic]
        for i, phrase in enumerate(topic.phrases):
            first = owner.setdefault(plain(phrase), topic.topic)
            if first != topic.topic:
                line = document.line(("when people say", i))
                what = f"“{phrase}” is claimed by {first}, too."
                yield Problem(document.file, line, what, "Keep it in the topic that answers it.")
