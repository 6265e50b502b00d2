"""The assistant's own sentences; one that is missing or misspelt in the file is found at load."""

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Puts values in the place of their names; what is not known stays as it stands.

    >>> fill("Type `{lync address}`.", {"lync address": "bob(contoso.com)@msn.com"})
    'Type `bob(contoso.com)@msn.com`.'
    """
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


class Group(BaseModel):
    """Sentences that belong together; in the file their names have spaces for underscores."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.strip("_").replace("_", " ")
    )


class Greeting(Group):
    text: str
    again: str
    waiting: str
    suggestions_on_lync: tuple[str, ...]
    suggestions_on_skype: tuple[str, ...]


class Help(Group):
    text: str


class Buttons(Group):
    done: str
    back: str
    stuck: str
    cancel: str
    continue_: str
    yes: str
    no: str
    person: str
    none: str
    unknown_answer: str
    keep: str
    begin: str
    stay: str
    add_to_lync: str
    add_to_skype: str


class StepWords(Group):
    place: str
    source: str
    source_item: str
    source_section: str
    gone: str
    behind: str
    closed: str
    not_followed: str
    not_an_option: str
    already_here: str
    first: str
    needs_answer: str


class EndWords(Group):
    worked: str
    good: str
    cancelled: str
    nothing: str


class Resume(Group):
    question: str


class Switch(Group):
    question: str
    address: str


class UnderstandingWords(Group):
    which: str
    option: str
    rephrase: str
    too_long: str
    empty: str
    thanks: str


class CaseWords(Group):
    problem: str
    who: str
    procedure: str
    no_procedure: str
    answer: str
    typed: str
    steps: str
    no_steps: str
    stood: str


class HandOver(Group):
    text: str
    asked: str
    lost: str
    no_desk: str
    contact: str
    stuck: str
    asked_for: str
    not_understood: str
    case: CaseWords


class Convert(Group):
    ask: str
    add: str


class Words(Group):
    """All of words.yaml.

    `outcomes` holds what is said by question and outcome, `answers` the names of answers in a
    summary, `people` those of the demo's people, `page` the words of the web chat page.
    """

    greeting: Greeting
    help: Help
    buttons: Buttons
    step: StepWords
    end: EndWords
    resume: Resume
    switch: Switch
    several_addresses: str
    understanding: UnderstandingWords
    trouble: str
    outcomes: Mapping[str, Mapping[str, str]]
    hand_over: HandOver
    answers: Mapping[str, str]
    convert: Convert
    people: Mapping[str, str]
    page: Mapping[str, str]
