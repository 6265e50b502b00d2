"""What must hold between knowledge files: every name that one uses is known where it points."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import get_args

from dialogs.addresses import REASONS
from dialogs.answers import KINDS, plain
from dialogs.document import Document, Problem, Where
from dialogs.model import OUTSIDE, SHOWN_ACTS, Act
from dialogs.particulars import Fault
from dialogs.pictures import Drawing
from dialogs.questions import NAMED, QUESTIONS, VALUES
from dialogs.schema import SourceForm, suggest
from dialogs.sentences import PLACEHOLDER
from dialogs.steps import Ask, Choose, End, FindOut, Notice, Procedure, Step, Topic
from dialogs.words import Words

Topics = Mapping[str, Topic]
Sources = Mapping[str, SourceForm]
Phrases = Mapping[Act, tuple[str, ...]]
Phrasings = Mapping[str, tuple[str, ...]]
Documents = Mapping[str, Document]
PICTURES = "pictures/"
"""What the names of pictures begin with among those of the documents."""


def of_topics(topics: Topics, sources: Sources, documents: Documents) -> Iterator[Problem]:
    """Mistakes in procedures and articles, beside where their steps lead."""
    for topic in topics.values():
        document = documents[topic.topic]
        for i, source in enumerate(topic.sources):
            yield from _source(source, sources, document, ("sources", i))
        if isinstance(topic, Procedure):
            if topic.other_way:
                yield from _procedure(topic.other_way, topics, document, ("other way",))
            for step in topic.steps.values():
                yield from _step(step, topic, topics, document)
                if cited := getattr(step, "source", ""):
                    yield from _source(cited, sources, document, ("steps", step.name, "source"))


def of_talks(topics: Topics, talks: Collection[str], documents: Documents) -> Iterator[Problem]:
    """Topics that no talk tries."""
    for topic in topics:
        if topic not in talks:
            what, remedy = f"No talk tries “{topic}”.", f"Write one: tests/talks/{topic}.yaml."
            yield documents[topic].problem((), what, remedy)


def of_pictures(
    procedures: Mapping[str, Procedure], pictures: Mapping[str, Drawing], documents: Documents
) -> Iterator[Problem]:
    """Pictures that a step names and that do not exist, and pictures that no step shows."""
    shown = set()
    for procedure in procedures.values():
        for step in procedure.steps.values():
            if name := getattr(step, "picture", ""):
                shown.add(name)
                what = f"There is no picture “{name}”."
                where = ("steps", step.name, "picture")
                yield from _unknown(name, pictures, what, documents[procedure.topic], where)
    for name in pictures.keys() - shown:
        remedy = f"Name it in a step, as in `picture: {name}`, or remove the file."
        yield documents[PICTURES + name].problem((), "No step shows this picture.", remedy)


def of_phrases(
    acts: Phrases, topics: Topics, phrasings: Phrasings, documents: Documents
) -> Iterator[Problem]:
    """Acts that nobody can ask for, and phrases that would mean two things."""
    document = documents["phrases.yaml"]
    for act in get_args(Act):
        if act not in acts:
            yield document.problem((), f"“{act}” is missing.", f"Add “{act}:” with its phrases.")
    owners: dict[str, str] = {}
    for act, phrases in acts.items():
        yield from _claims(act, phrases, owners, document, (act,))
    for topic in topics.values():
        document = documents[topic.topic]
        yield from _claims(topic.topic, topic.phrases, owners, document, ("when people say",))
    document = documents["phrasings.yaml"]
    for name, phrases in phrasings.items():
        what = f"“{name}” is neither a topic nor a dialog act that is told from topics."
        yield from _unknown(name, {*topics, *SHOWN_ACTS}, what, document, (name,))
        yield from _claims(name, phrases, owners, document, (name,))
    document = documents["outside.yaml"]
    for group, texts in document.value.items():
        yield from _claims(OUTSIDE, [str(text) for text in texts], owners, document, (group,))


def of_notices(
    notices: Sequence[Notice], topics: Topics, sources: Sources, documents: Documents
) -> Iterator[Problem]:
    """Topics and sources that notices name and that do not exist."""
    document = documents["notices.yaml"]
    for notice in notices:
        for name, named in (("topics", notice.topics), ("told in", notice.told_in)):
            for topic in sorted(named):
                what, where = f"“{topic}” is not a topic.", (notice.name, name)
                yield from _unknown(topic, topics, what, document, where)
        yield from _source(notice.source, sources, document, (notice.name, "source"))


def of_words(words: Words, topics: Topics, documents: Documents) -> Iterator[Problem]:
    """Topics, questions and outcomes that words.yaml names and that do not exist."""
    document = documents["words.yaml"]
    for name in ("suggestions on lync", "suggestions on skype"):
        for i, topic in enumerate(getattr(words.greeting, name.replace(" ", "_"))):
            where = ("greeting", name, i)
            yield from _unknown(topic, topics, f"“{topic}” is not a topic.", document, where)
    for question, outcomes in words.outcomes.items():
        what = f"“{question}” is not a question that can be found out."
        yield from _unknown(question, QUESTIONS, what, document, ("outcomes", question))
        known = QUESTIONS[question].outcomes if question in QUESTIONS else outcomes
        for outcome in outcomes:
            what = f"“{outcome}” is no outcome of “{question}”."
            yield from _unknown(outcome, known, what, document, ("outcomes", question, outcome))


def of_reasons(documents: Documents) -> Iterator[Problem]:
    """Reasons without a sentence, sentences without a reason, and misspelt names in braces."""
    yield from _sentences(documents["addresses.yaml"], REASONS, NAMED)
    yield from _sentences(documents["answers.yaml"], frozenset(Fault), ("input",))


def _sentences(
    document: Document, codes: frozenset[str], named: Collection[str]
) -> Iterator[Problem]:
    for missing in sorted(codes - document.value.keys()):
        yield document.problem((), f"“{missing}” is missing.", f"Add “{missing}:” with a sentence.")
    for code, sentence in document.value.items():
        what = f"“{code}” is not a reason that is ever given."
        yield from _unknown(code, codes, what, document, (code,))
        yield from _braces(str(sentence), named, f"“{code}”", document, (code,))


def _claims(
    owner: str, phrases: Sequence[str], owners: dict[str, str], document: Document, where: Where
) -> Iterator[Problem]:
    """Phrases that another one has claimed before; `owners` learns who claims what."""
    for i, phrase in enumerate(phrases):
        first = owners.setdefault(plain(phrase), owner)
        if first != owner:
            what = f"“{phrase}” is claimed by {first}, too."
            yield document.problem((*where, i), what, "Keep it where it is answered.")


def _step(
    step: Step, procedure: Procedure, topics: Topics, document: Document
) -> Iterator[Problem]:
    where = ("steps", step.name)
    this = f"Step “{step.name}”"
    known = {*VALUES, *(n for n, other in procedure.steps.items() if isinstance(other, Ask))}
    for name in ("text", "type_this", "because"):
        yield from _braces(getattr(step, name, ""), known, this, document, where)
    match step:
        case Choose():
            for option in step.options:
                yield from _braces(option, (), this, document, (*where, "options", option))
            for option in step.heard:
                what = f"“{option}” is not an option of step “{step.name}”."
                yield from _unknown(option, step.options, what, document, (*where, "heard", option))
        case Ask():
            what = f"“{step.answer}” is not a kind of answer."
            yield from _unknown(step.answer, KINDS, what, document, (*where, "answer"))
        case FindOut():
            yield from _find_out(step, procedure, document)
        case End(how="go on"):
            yield from _go_on(step, topics, document)


def _find_out(step: FindOut, procedure: Procedure, document: Document) -> Iterator[Problem]:
    where = ("steps", step.name)
    question = QUESTIONS.get(step.question)
    if question is None:
        what = f"“{step.question}” is not a question that can be found out."
        yield document.problem((*where, "find out"), what, suggest(step.question, list(QUESTIONS)))
        return
    for outcome in sorted(question.outcomes - step.then.keys()):
        what = f"Step “{step.name}” does not say what happens when the outcome is “{outcome}”."
        yield document.problem((*where, "then"), what, f"Add “{outcome}:” under `then`.")
    for outcome in step.then:
        what = f"“{outcome}” is no outcome of “{step.question}”."
        yield from _unknown(outcome, question.outcomes, what, document, (*where, "then", outcome))
    if question.reads and not isinstance(procedure.steps.get(question.reads), Ask):
        what = f"“{step.question}” needs the answer “{question.reads}”, which is not asked here."
        yield document.problem(where, what, f"Add an `ask` step named “{question.reads}”.")


def _go_on(step: End, topics: Topics, document: Document) -> Iterator[Problem]:
    where = ("steps", step.name)
    yield from _procedure(step.procedure, topics, document, (*where, "procedure"))
    if isinstance(other := topics.get(step.procedure), Procedure):
        what = f"“{step.at}” is not a step of {step.procedure}."
        yield from _unknown(step.at, other.steps, what, document, (*where, "at"))


def _procedure(name: str, topics: Topics, document: Document, where: Where) -> Iterator[Problem]:
    procedures = [topic for topic in topics if isinstance(topics[topic], Procedure)]
    yield from _unknown(name, procedures, f"“{name}” is not a procedure.", document, where)


def _source(source: str, sources: Sources, document: Document, where: Where) -> Iterator[Problem]:
    key, _, section = source.partition("#")
    what = f"The source “{key}” does not stand in sources.yaml."
    yield from _unknown(key, sources, what, document, where)
    if section and key in sources:
        what = f"The source “{key}” has no section “{section}”."
        yield from _unknown(section, sources[key].sections, what, document, where)


def _braces(
    text: str, known: Collection[str], what: str, document: Document, where: Where
) -> Iterator[Problem]:
    for name in PLACEHOLDER.findall(text):
        problem = f"{what} names “{{{name}}}”, which is not known."
        yield from _unknown(name, known, problem, document, where)


def _unknown(
    name: str, known: Collection[str], what: str, document: Document, where: Where
) -> Iterator[Problem]:
    if name not in known:
        yield document.problem(where, what, suggest(name, sorted(known)))
