"""What is said of cases: how they are handed over, what goes along, and what becomes of them."""

from collections.abc import Mapping
from typing import Annotated

from dialogs.sentences import Group, Sentence, naming


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
    not_understood: Annotated[str, naming("said")]
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
    secret: Sentence
    new_title: Annotated[str, naming("limit")]
    new_text: Annotated[str, naming("limit")]
    not_now: Sentence
    behind: Sentence
    already: Sentence
    nothing_to_send: Sentence
    recorded: Sentence
    unreachable: Sentence
    state: Annotated[str, naming("state")]
    ticket: Annotated[str, naming("case", "ticket")]
    no_ticket: Annotated[str, naming("case", "ticket")]
    mine: Sentence
    more: Sentence
    none: Sentence
    line: Annotated[str, naming("case", "title", "state")]
    link: Sentence
    states: Mapping[str, Sentence]
    which: Sentence
    none_stands: Mapping[str, Sentence]
    courtesies: tuple[str, ...]
    note: Annotated[str, naming("case")]
    noted: Annotated[str, naming("case")]
    withdraw: Annotated[str, naming("case", "title")]
    withdrawn: Annotated[str, naming("case")]
    kept: Annotated[str, naming("case")]
    all_kept: Sentence
    not_yours: Sentence
    edit: Annotated[str, naming("case")]
    edited: Annotated[str, naming("case")]
    unchanged: Annotated[str, naming("case")]
    changed: Sentence
    first: Mapping[str, Annotated[str, naming("case", "state")]]
    closed: Annotated[str, naming("case")]
    reopened: Annotated[str, naming("case")]
    withdrawn_stays: Annotated[str, naming("case")]
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
