"""The form of a knowledge file, checked name by name, and its steps as values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from dialogs.document import Document, KnowledgeError, Problem, Where
from dialogs.steps import Ask, Choose, Do, End, FindOut, Say, Step

F = TypeVar("F", bound=BaseModel)

WORDS = ("say", "do", "ask", "choose", "find out", "end")
"""The step words; `say` also stands in an `end: stop`."""


ALL = "all"
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class Strict(BaseModel):
    """Names that are not listed are refused; in files they have spaces for underscores."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_min_length=1,
        alias_generator=lambda name: name.strip("_").replace("_", " "),
    )


class TopicHead(Strict):
    """What procedures and articles have in common."""

    title: str
    in_a_word: str
    when_people_say: list[str] = Field(min_length=1)
    sources: list[str] = Field(min_length=1)
    editor_note: str = ""


class ArticleForm(TopicHead):
    """The head of an article; a procedure names the facts in the steps that tell them."""

    facts: list[str] = []


class StepForm(Strict):
    """One step as written; which names may stand together depends on its step word."""

    say: str = ""
    do: str = ""
    ask: str = ""
    choose: str = ""
    find_out: str = ""
    end: Literal["done", "stop", "hand over", "go on", ""] = ""
    answer: str = ""
    options: dict[str, str] = Field({}, min_length=1)
    heard: dict[str, tuple[str, ...]] = {}
    then: dict[str, str] = {}
    type_this: str = ""
    next: str = ""
    if_stuck: str = ""
    if_not: str = ""
    because: str = ""
    procedure: str = ""
    at: str = ""
    source: str = ""
    picture: str = ""
    ask_again: Literal["tomorrow", ""] = ""
    facts: list[str] = []


class ProcedureForm(TopicHead):
    """A procedure file."""

    other_way: str = ""
    steps: dict[str, StepForm] = Field(min_length=1)


class SourceForm(Strict):
    """One document of sources.yaml."""

    title: str
    publisher: str
    date: str
    sections: dict[str, str] = {}


def _day(text: str) -> str:
    if not DAY.fullmatch(text):
        raise PydanticCustomError("day", "must be a day, such as 2025-05-05")
    return text


def _topics(written: object) -> object:
    return [ALL] if written == ALL else written


class NoticeForm(Strict):
    """One notice of notices.yaml; `all` stands for a list of all topics."""

    topics: Annotated[list[str], BeforeValidator(_topics)] = Field(min_length=1)
    told_in: list[str] = []
    from_: Annotated[str, AfterValidator(_day)]
    enabled: Literal["yes", "no"] = "yes"
    text: str
    source: str


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
    "say": ("next", "source", "picture"),
    "do": ("type this", "next", "if stuck", "ask again", "source", "picture"),
    "ask": ("next", "if stuck", "source", "picture"),
    "choose": ("heard", "source", "picture"),
    "find out": (),
    "end: done": ("if not", "ask again"),
    "end: stop": ("source",),
    "end: hand over": (),
    "end: go on": (),
}

MUST = {
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_too_long": "is too long to be drawn",
    "too_long": "has more than can be drawn",
    "list_type": "must be a list, such as [one, two]",
    "tuple_type": "must be a list, such as [one, two]",
    "dict_type": "must hold names with values",
    "mapping_type": "must hold names with values",
    "model_type": "must hold names with values",
}
"""What is said for pydantic's kinds of error, to people who do not program."""


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
            return Say(name, form.say, after, form.source, form.picture)
        case "do":
            copied = form.type_this.rstrip("\n")  # a block of lines under `|` ends in a new line
            more = (form.if_stuck, form.source, form.picture, form.ask_again)
            return Do(name, form.do, after, copied, *more)
        case "ask":
            return Ask(name, form.ask, form.answer, after, form.if_stuck, form.source, form.picture)
        case "choose":
            return Choose(name, form.choose, form.options, form.source, form.picture, form.heard)
        case "find out":
            return FindOut(name, form.find_out, form.then)
    how: Any = form.end
    onward = (form.if_not, form.because, form.procedure, form.at)
    return End(name, how, form.say, *onward, form.source, form.ask_again)


def _misfits(document: Document, name: str, step: StepForm) -> Iterator[Problem]:
    at = ("steps", name)
    word = word_of(step)
    if not word:
        remedy = f"Give it exactly one of: {', '.join(WORDS)}."
        yield document.problem(at, f"Step “{name}” has no single step word.", remedy)
        return
    used = {n.replace("_", " ") for n in step.model_fields_set}
    used -= {word.partition(":")[0], "facts"}
    for missing in sorted(set(NEEDED[word]) - used):
        what = f"Step “{name}” ({word}) lacks “{missing}”."
        yield document.problem(at, what, f"Add “{missing}:” to it.")
    for extra in sorted(used - {*NEEDED[word], *ALLOWED[word]}):
        what = f"“{extra}” does not go with “{word}” in step “{name}”."
        remedy = "Remove it, or put it in a step of its own."
        yield document.problem((*at, extra), what, remedy)


def _problem(document: Document, error: Any, form: type[BaseModel]) -> Problem:
    where = tuple(part for part in error["loc"] if part != "[key]")
    name = next(part for part in reversed(where) if isinstance(part, str))
    match error["type"]:
        case "missing":
            return document.problem(where, f"“{name}” is missing.", f"Add “{name}:”.")
        case "extra_forbidden":
            return _unknown_name(document, where, _names(form, where[:-1]))
        case "literal_error" if where != error["loc"]:
            return _unknown_name(document, where, _expected(error))
        case "literal_error":
            what = f"“{error['input']}” is no value for “{name}”."
            return document.problem(where, what, suggest(str(error["input"]), _expected(error)))
        case "brace":
            what = f"“{name}” names “{{{error['ctx']['name']}}}”, which is not known here."
            return document.problem(where, what, suggest(**error["ctx"]))
    what = f"“{name}” {MUST.get(error['type'], error['msg'])}."
    return document.problem(where, what, "Correct the value.")


def _unknown_name(document: Document, where: Where, known: Sequence[str]) -> Problem:
    name = str(where[-1])
    return document.problem(where, f"“{name}” is not a name used here.", suggest(name, known))


def _expected(error: Any) -> list[str]:
    """The values that were possible; pydantic tells them as `'done', 'stop' or ''`."""
    return re.findall("'([^']+)'", error["ctx"]["expected"])


def _names(form: Any, where: Where) -> list[str]:
    """The names that a form knows at a place in it."""
    if issubclass(form, RootModel):
        form = form.model_fields["root"].annotation
    for name in where:
        inside = get_args(form)  # of a mapping or a list, whose values come last
        form = inside[-1] if inside else _fields(form)[name]
    return [str(name) for name in _fields(form)]


def _fields(form: type[BaseModel]) -> dict[str | int, Any]:
    return {field.alias or name: field.annotation for name, field in form.model_fields.items()}


def suggest(name: str, known: Sequence[str]) -> str:
    """A remedy for a misspelt name.

    >>> suggest("if stuk", ["if stuck", "next"])
    'Did you mean “if stuck”?'
    """
    for scorer in (fuzz.ratio, fuzz.WRatio):  # alike as a whole, or else in parts
        if best := process.extractOne(name, known, scorer=scorer, score_cutoff=70):
            return f"Did you mean “{best[0]}”?"
    return f"Use one of: {', '.join(known)}." if known else "Remove it."
