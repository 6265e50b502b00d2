"""The form of a knowledge file, checked name by name, and its steps as values."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process

from dialogs.document import Document, KnowledgeError, Problem
from dialogs.model import Ask, Choose, Do, End, FindOut, Say, Step

F = TypeVar("F", bound=BaseModel)

WORDS = ("say", "do", "ask", "choose", "find out", "end")
"""The step words; `say` also stands in an `end: stop`."""


class Strict(BaseModel):
    """Names that are not listed are refused; in files they have spaces for underscores."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.strip("_").replace("_", " ")
    )


class TopicHead(Strict):
    """What procedures and articles have in common."""

    title: str = Field(min_length=1)
    in_a_word: str = Field(min_length=1)
    when_people_say: list[str] = Field(min_length=1)
    sources: list[str] = Field(min_length=1)
    editor_note: str = ""


class StepForm(Strict):
    """One step as written; which names may stand together depends on its step word."""

    say: str = ""
    do: str = ""
    ask: str = ""
    choose: str = ""
    find_out: str = ""
    end: Literal["done", "stop", "hand over", "go on", ""] = ""
    answer: str = ""
    options: dict[str, str] = {}
    then: dict[str, str] = {}
    type_this: str = ""
    next: str = ""
    if_stuck: str = ""
    if_not: str = ""
    because: str = ""
    procedure: str = ""
    at: str = ""
    source: str = ""


class ProcedureForm(TopicHead):
    """A procedure file."""

    steps: dict[str, StepForm] = Field(min_length=1)


class SourceForm(Strict):
    """One document of sources.yaml."""

    title: str
    publisher: str
    date: str
    sections: dict[str, str] = {}


NEEDED = {
    "say": (),
    "do": (),
    "ask": ("answer",),
    "choose": ("options",),
    "find out": ("then",),
    "end: done": (),
    "end: stop": ("say",),
    "end: hand over": ("because",),
    "end: go on": ("procedure", "at"),
}
ALLOWED = {
    "say": ("next", "source"),
    "do": ("type this", "next", "if stuck", "source"),
    "ask": ("next", "if stuck", "source"),
    "choose": ("source",),
    "find out": (),
    "end: done": ("if not",),
    "end: stop": ("source",),
    "end: hand over": (),
    "end: go on": (),
}


def validate(form: type[F], document: Document) -> F:
    """A document in its form. Raises KnowledgeError with a line and a remedy for each mistake."""
    try:
        return form.model_validate(document.value)
    except ValidationError as error:
        raise KnowledgeError([_problem(document, e, form) for e in error.errors()]) from error


def steps(document: Document, form: ProcedureForm) -> Mapping[str, Step]:
    """The steps of a procedure as values; each goes on to the one below it unless it says where.

    Raises KnowledgeError where the names of a step do not go together.
    """
    problems = [p for name, step in form.steps.items() for p in _misfits(document, name, step)]
    if problems:
        raise KnowledgeError(problems)
    below = dict(zip(form.steps, [*list(form.steps)[1:], ""], strict=True))
    return {name: _step(name, step, below[name]) for name, step in form.steps.items()}


def word_of(step: StepForm) -> str:
    """The step word of a step, with its kind for an `end`; empty where there is none or several."""
    if step.end:
        return f"end: {step.end}"
    used = [word for word in WORDS if getattr(step, word.replace(" ", "_"))]
    return used[0] if len(used) == 1 else ""


def _step(name: str, form: StepForm, below: str) -> Step:
    after = form.next or below
    match word_of(form):
        case "say":
            return Say(name, form.say, after, form.source)
        case "do":
            return Do(name, form.do, after, form.type_this, form.if_stuck, form.source)
        case "ask":
            return Ask(name, form.ask, form.answer, after, form.if_stuck, form.source)
        case "choose":
            return Choose(name, form.choose, form.options, form.source)
        case "find out":
            return FindOut(name, form.find_out, form.then)
    how: Any = form.end
    return End(name, how, form.say, form.if_not, form.because, form.procedure, form.at, form.source)


def _misfits(document: Document, name: str, step: StepForm) -> Iterator[Problem]:
    line = document.line(("steps", name))
    word = word_of(step)
    if not word:
        remedy = f"Give it exactly one of: {', '.join(WORDS)}."
        yield Problem(document.file, line, f"Step “{name}” has no single step word.", remedy)
        return
    used = {n.replace("_", " ") for n in step.model_fields_set} - {word.partition(":")[0]}
    for missing in sorted(set(NEEDED[word]) - used):
        what = f"Step “{name}” ({word}) lacks “{missing}”."
        yield Problem(document.file, line, what, f"Add “{missing}:” to it.")
    for extra in sorted(used - {*NEEDED[word], *ALLOWED[word]}):
        where = document.line(("steps", name, extra))
        what = f"“{extra}” does not go with “{word}” in step “{name}”."
        yield Problem(document.file, where, what, "Remove it, or put it in a step of its own.")


def _problem(document: Document, error: Any, form: type[BaseModel]) -> Problem:
    where = tuple(error["loc"])
    line = document.line(where)
    name = str(where[-1])
    match error["type"]:
        case "extra_forbidden":
            known = list(_names(StepForm if where[0] == "steps" else form))
            return Problem(
                document.file, line, f"“{name}” is not a name used here.", suggest(name, known)
            )
        case "missing":
            return Problem(document.file, line, f"“{name}” is missing.", f"Add “{name}:”.")
        case "literal_error":
            remedy = suggest(str(error["input"]), ["done", "stop", "hand over", "go on"])
            return Problem(document.file, line, f"“{error['input']}” is not a way to end.", remedy)
    return Problem(document.file, line, f"“{name}”: {error['msg']}.", "Correct the value.")


def _names(form: type[BaseModel]) -> Iterator[str]:
    return (name.strip("_").replace("_", " ") for name in form.model_fields)


def suggest(name: str, known: list[str]) -> str:
    """A remedy for a misspelt name.

    >>> suggest("if stuk", ["if stuck", "next"])
    'Did you mean “if stuck”?'
    """
    best = process.extractOne(name, known, score_cutoff=70)
    return f"Did you mean “{best[0]}”?" if best else f"Use one of: {', '.join(known)}."
