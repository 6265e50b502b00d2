"""The assistant's own sentences; one that is missing or misspelt in the file is found at load."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Puts values in the place of their names; what is not known stays as it stands.

    >>> fill("Type `{lync address}`.", {"lync address": "bob(contoso.com)@msn.com"})
    'Type `bob(contoso.com)@msn.com`.'
    """
    if "{" not in text:  # most texts, and quicker to see than to fill
        return text
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def unmarked(text: str) -> str:
    """A sentence of ours without the marks of Markdown, for where none are shown.

    >>> unmarked("Click **Call**, then `Lync Call`.")
    'Click Call, then Lync Call.'
    """
    return text.replace("**", "").replace("`", "")


def naming(*known: str) -> AfterValidator:
    """What makes a text a sentence that may put these names in braces, and no others."""

    def checked(text: str) -> str:
        for name in PLACEHOLDER.findall(text):
            if name not in known:
                raise PydanticCustomError("brace", "{name}", {"name": name, "known": known})
        return text

    return AfterValidator(checked)


Sentence = Annotated[str, naming()]


class Group(BaseModel):
    """Sentences that belong together; in the file their names have spaces for underscores."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_min_length=1,
        alias_generator=lambda name: name.strip("_").replace("_", " "),
    )


class Greeting(Group):
    text: Sentence
    again: Sentence
    waiting: Annotated[str, naming("title", "step")]
    suggestions_on_lync: tuple[str, ...]
    suggestions_on_skype: tuple[str, ...]


class Help(Group):
    text: Sentence


class Buttons(Group):
    done: Sentence
    back: Sentence
    stuck: Sentence
    cancel: Sentence
    continue_: Sentence
    yes: Sentence
    no: Sentence
    person: Sentence
    none: Sentence
    no_value: Sentence
    unknown_answer: Sentence
    keep: Annotated[str, naming("answer")]
    begin: Annotated[str, naming("title")]
    stay: Annotated[str, naming("title")]
    hand_over: Sentence
    change_title: Sentence
    change_text: Sentence
    not_now: Sentence
    try_it: Sentence
    show_first: Sentence
    send_as_it_is: Sentence
    show_enclosed: Sentence
    leave_out: Sentence
    put_back: Sentence
    my_cases: Sentence
    add_note: Sentence
    withdraw: Sentence
    keep_case: Sentence
    edit: Sentence
    save: Sentence
    leave_as_is: Sentence
    answer: Sentence
    reopen: Sentence
    add_to_lync: Sentence
    add_to_skype: Sentence
    ask_again: Sentence
    do_not_ask: Sentence


class NoticeWords(Group):
    heading: Sentence


class StepWords(Group):
    place: Annotated[str, naming("step", "steps")]
    picture: Annotated[str, naming("alt")]
    source: Annotated[str, naming("sources")]
    source_item: Annotated[str, naming("title", "publisher", "date")]
    source_section: Annotated[str, naming("title", "publisher", "date", "section")]
    gone: Sentence
    behind: Sentence
    closed: Sentence
    not_followed: Sentence
    not_an_option: Sentence
    already_here: Sentence
    no_other_way: Sentence
    first: Sentence
    needs_answer: Sentence


class EndWords(Group):
    worked: Sentence
    good: Annotated[str, naming("title")]
    cancelled: Annotated[str, naming("title")]
    nothing: Sentence


class Resume(Group):
    question: Annotated[str, naming("title", "step")]


class FollowUpWords(Group):
    promised: Annotated[str, naming("title", "step")]
    due: Sentence
    waits: Annotated[str, naming("title")]
    once: Sentence
    never: Sentence
    none: Sentence
    forgotten: Sentence


class Switch(Group):
    question: Annotated[str, naming("title", "step", "other")]
    address: Annotated[str, naming("title", "step", "address")]


class UnderstandingWords(Group):
    which: Sentence
    option: Annotated[str, naming("title", "in a word")]
    rephrase: Sentence
    outside: Sentence
    too_long: Annotated[str, naming("length", "limit")]
    empty: Sentence
    thanks: Sentence


class CaseWords(Group):
    problem: Annotated[str, naming("because")]
    who: Annotated[str, naming("who")]
    procedure: Annotated[str, naming("title")]
    no_procedure: Sentence
    answer: Annotated[str, naming("question", "answer")]
    typed: Annotated[str, naming("address")]
    steps: Annotated[str, naming("steps")]
    no_steps: Sentence
    stood: Annotated[str, naming("step")]


class HandOver(Group):
    text: Sentence
    asked: Sentence
    lost: Sentence
    no_desk: Sentence
    contact: Annotated[str, naming("contact")]
    stuck: Annotated[str, naming("step")]
    asked_for: Sentence
    needs: Annotated[str, naming("title", "step")]
    not_understood: Sentence
    case: CaseWords


class Deflect(Group):
    way: Sentence
    topic: Annotated[str, naming("title", "in a word")]
    before_sending: Annotated[str, naming("title", "in a word")]


class Enclosed(Group):
    meanwhile: Sentence
    redacted: Sentence
    whole: Sentence
    left_out: Sentence
    unknown: Sentence
    taken_out: Sentence
    put_back: Sentence
    preview: Sentence
    nothing: Sentence
    unreadable: Sentence


class TranscriptWords(Group):
    day: Annotated[str, naming("day")]
    person: Sentence
    assistant: Sentence
    desk: Sentence
    earlier: Sentence


class CaseTalk(Group):
    meanwhile: Sentence
    untitled: Sentence
    title: Sentence
    text: Sentence
    offer: Sentence
    too_long: Annotated[str, naming("length", "limit")]
    empty: Sentence
    new_title: Annotated[str, naming("limit")]
    new_text: Annotated[str, naming("limit")]
    not_now: Sentence
    nothing_to_send: Sentence
    recorded: Sentence
    unreachable: Sentence
    state: Annotated[str, naming("state")]
    ticket: Annotated[str, naming("case", "ticket")]
    no_ticket: Annotated[str, naming("case", "ticket")]
    mine: Sentence
    none: Sentence
    line: Annotated[str, naming("case", "title", "state")]
    link: Sentence
    states: Mapping[str, Sentence]
    which: Sentence
    note: Annotated[str, naming("case")]
    noted: Annotated[str, naming("case")]
    withdraw: Annotated[str, naming("case", "title")]
    withdrawn: Annotated[str, naming("case")]
    kept: Annotated[str, naming("case")]
    not_yours: Sentence
    edit: Annotated[str, naming("case")]
    edited: Annotated[str, naming("case")]
    unchanged: Annotated[str, naming("case")]
    changed: Sentence
    first: Mapping[str, Annotated[str, naming("case", "state")]]
    closed: Annotated[str, naming("case")]
    reopened: Annotated[str, naming("case")]
    news: Mapping[str, Annotated[str, naming("case", "ticket")]]
    comment: Annotated[str, naming("case")]


class CaseKeptHere(Group):
    """What is said in the place of the same of `CaseTalk` where no desk is set."""

    recorded: Sentence
    no_ticket: Annotated[str, naming("case", "ticket")]
    states: Mapping[str, Sentence]
    noted: Annotated[str, naming("case")]
    edit: Annotated[str, naming("case")]
    edited: Annotated[str, naming("case")]
    withdrawn: Annotated[str, naming("case")]


class Convert(Group):
    ask: Sentence
    ask_back: Sentence
    many: Annotated[str, naming("limit")]
    add: Sentence


class Change(Group):
    which: Sentence
    button: Annotated[str, naming("question", "answer")]
    nothing: Sentence
    noted: Annotated[str, naming("address")]


class AccountWords(Group):
    meanwhile: Sentence
    meanwhile_other: Sentence
    enabled: Sentence
    aged: Annotated[str, naming("day")]
    described: Annotated[str, naming("title")]
    who: Mapping[str, Sentence]
    late: Sentence
    late_other: Sentence
    on_skype: Sentence
    unreadable: Sentence
    no_address: Sentence
    too_often: Sentence
    refused: Sentence
    please: Sentence
    please_mend: Annotated[str, naming("address", "asked")]
    noted: Annotated[str, naming("at", "verdict", "what")]
    state: Mapping[str, Sentence]
    who_mends: Mapping[str, Sentence]
    policy: Annotated[str, naming("policy", "scope")]
    scopes: Mapping[str, Sentence]
    row: Annotated[str, naming("result", "check")]
    results: Mapping[str, Sentence]
    read: Annotated[str, naming("source", "at")]


class Words(Group):
    """All of words.yaml.

    `outcomes` holds what is said by question and outcome, `answers` the names of answers in a
    summary, `people` those of the demo's people, `page` the words of the web chat page,
    `knowledge_page` those of the pages that show the topics.
    """

    greeting: Greeting
    help: Help
    buttons: Buttons
    step: StepWords
    end: EndWords
    notice: NoticeWords
    resume: Resume
    follow_up: FollowUpWords
    switch: Switch
    several_addresses: Annotated[str, naming("address")]
    understanding: UnderstandingWords
    trouble: Sentence
    account: AccountWords
    outcomes: Mapping[str, Mapping[str, Sentence]]
    hand_over: HandOver
    case: CaseTalk
    case_kept_here: CaseKeptHere
    deflect: Deflect
    enclosed: Enclosed
    transcript: TranscriptWords
    answers: Mapping[str, Sentence]
    convert: Convert
    change: Change
    people: Mapping[str, Sentence]
    page: Mapping[str, Sentence]
    knowledge_page: Mapping[str, Sentence]
