"""The assistant's own sentences; one that is missing or misspelt in the file is found at load."""

from collections.abc import Mapping
from typing import Annotated

from dialogs.case_words import CaseKeptHere, CaseTalk, Deflect, Enclosed, HandOver, TranscriptWords
from dialogs.sentences import Group, Sentence, naming


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
