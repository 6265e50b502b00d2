"""The form of a picture file: a dialog as an author describes it, and how it comes to be drawn."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import Field

from dialogs.document import Document, KnowledgeError, Problem, Where
from dialogs.reply import Picture
from dialogs.schema import Strict, suggest

LOOK = 1
"""Raise it when bot/drawing/ draws otherwise: browsers keep a file of the same name for ever."""

LETTERS = re.compile(r"[ -~©«°±´·»‘’“”…‹›™]*")
"""What the font of the drawings has."""
NAME = re.compile(r"[a-z0-9-]+")

Kind = Literal[
    "text", "heading", "field", "list", "tick", "person", "choices", "buttons", "tabs", "menu"
]
ALLOWED: Mapping[Kind, frozenset[str]] = {
    "text": frozenset(),
    "heading": frozenset(),
    "field": frozenset({"value", "hint"}),
    "list": frozenset({"entries", "chosen"}),
    "tick": frozenset({"ticked"}),
    "person": frozenset({"below", "presence"}),
    "choices": frozenset({"chosen"}),
    "buttons": frozenset({"chosen"}),
    "tabs": frozenset({"chosen"}),
    "menu": frozenset({"chosen"}),
}
"""What may stand beside each element's word, but for `mark`, which may always."""

Line = Annotated[str, Field(max_length=80)]
Lines = Annotated[tuple[Line, ...], Field(min_length=1, max_length=6)]
Presence = Literal["available", "unknown", ""]
Mark = Literal["here", "1", "2", "3", ""]


class ElementForm(Strict):
    """One element of a dialog as written; its word says what it is."""

    text: Line = ""
    heading: Line = ""
    field: Line = ""
    list_: Line = ""
    tick: Line = ""
    person: Line = ""
    choices: Lines = ()
    buttons: Lines = ()
    tabs: Lines = ()
    menu: Lines = ()
    value: Line = ""
    hint: Line = ""
    below: Line = ""
    entries: Lines = ()
    chosen: Line = ""
    ticked: Literal["yes", "no"] = "no"
    presence: Presence = ""
    mark: Mark = ""


class PictureForm(Strict):
    """A picture file."""

    alt: Annotated[str, Field(max_length=600)]
    window: Line
    shows: Annotated[list[ElementForm], Field(min_length=1, max_length=12)]
    editor_note: str = ""


@dataclass(frozen=True)
class Element:
    """What is to be drawn in a line of a dialog; which of it is there depends on its kind."""

    kind: Kind
    text: str
    entries: tuple[str, ...]
    chosen: str
    value: str
    small: str
    ticked: bool
    presence: Presence
    mark: Mark


@dataclass(frozen=True)
class Drawing:
    """A picture, and what is drawn in it: a window with its title and its elements."""

    picture: Picture
    window: str
    elements: tuple[Element, ...]


def drawing(name: str, document: Document, form: PictureForm) -> Drawing:
    """A picture as it is to be drawn; its file's name changes with all that is drawn.

    Raises KnowledgeError for words that do not go together, for what cannot be drawn, and for
    what is drawn and not said in the alternative text.
    """
    if problems := list(_problems(name, document, form)):
        raise KnowledgeError(problems)
    elements = tuple(_element(written) for written in form.shows)
    drawn = [LOOK, form.window, *(asdict(element) for element in elements)]
    digest = hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:12]
    return Drawing(Picture(f"{name}-{digest}.png", form.alt), form.window, elements)


def _element(form: ElementForm) -> Element:
    (kind,) = _kinds(form)
    written = getattr(form, _attribute(kind))
    several = isinstance(written, tuple)
    return Element(
        kind=kind,
        text="" if several else written,
        entries=written if several else form.entries,
        chosen=form.chosen,
        value=form.value,
        small=form.hint or form.below,
        ticked=form.ticked == "yes",
        presence=form.presence,
        mark=form.mark,
    )


def _kinds(form: ElementForm) -> list[Kind]:
    return [kind for kind in ALLOWED if getattr(form, _attribute(kind))]


def _attribute(kind: Kind) -> str:
    return "list_" if kind == "list" else kind


def _problems(name: str, document: Document, form: PictureForm) -> Iterator[Problem]:
    if not NAME.fullmatch(name):
        remedy = "Rename it with small letters, digits and hyphens."
        yield document.problem((), f"“{name}” cannot be part of an address.", remedy)
    yield from _undrawable(form.window, form.alt, document, ("window",))
    for i, written in enumerate(form.shows):
        yield from _of_element(written, form.alt, document, ("shows", i))


def _of_element(form: ElementForm, alt: str, document: Document, where: Where) -> Iterator[Problem]:
    kinds = _kinds(form)
    if len(kinds) != 1:
        remedy = f"Give it exactly one of: {', '.join(ALLOWED)}."
        yield document.problem(where, "This element has no single word that says its kind.", remedy)
        return
    (kind,) = kinds
    used = {name.strip("_") for name in form.model_fields_set} - {kind, "mark"}
    for extra in sorted(used - ALLOWED[kind]):
        what = f"“{extra}” does not go with “{kind}”."
        yield document.problem((*where, extra), what, "Remove it, or take another element.")
    element = _element(form)
    if element.chosen and element.entries and element.chosen not in element.entries:
        what = f"“{element.chosen}” is chosen and does not stand among the entries."
        remedy = suggest(element.chosen, element.entries)
        yield document.problem((*where, "chosen"), what, remedy)
    for text in _texts(element):
        yield from _undrawable(text, alt, document, where)


def _texts(element: Element) -> tuple[str, ...]:
    """All words that are drawn for an element."""
    shown = element.entries or (element.chosen,)
    return tuple(text for text in (element.text, element.value, element.small, *shown) if text)


def _undrawable(text: str, alt: str, document: Document, where: Where) -> Iterator[Problem]:
    """What the font lacks, and what somebody who cannot see the picture would not be told."""
    for letter in dict.fromkeys(LETTERS.sub("", text)):
        what = f"“{letter}” in “{text}” cannot be drawn: the font has no such character."
        yield document.problem(where, what, "Write it with plain letters and marks.")
    if _plain(text) not in _plain(alt):
        what = f"“{text}” is drawn, and the alternative text does not say it."
        yield document.problem(where, what, "Say it in `alt`, word by word, or do not draw it.")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".: ")
