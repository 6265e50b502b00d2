"""What a procedure is made of: its steps, the topics, and the notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Say:
    """Tells something and goes on at once."""

    name: str
    text: str
    next: str
    source: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Do:
    """Asks the person to do one thing and waits until they say how it went.

    `type_this` is the value to type, shown by itself so that it is easy to copy. `ask_again` is
    `tomorrow` where somebody else has to act first, so that the person can be asked again then.
    """

    name: str
    text: str
    next: str
    type_this: str = ""
    if_stuck: str = ""
    source: str = ""
    picture: str = ""
    ask_again: str = ""


@dataclass(frozen=True)
class Ask:
    """Asks for a value of a given kind; passed over where the answer is already known."""

    name: str
    text: str
    answer: str
    next: str
    if_stuck: str = ""
    source: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Choose:
    """Offers labelled ways to go on; `options` maps each label to a step.

    `heard` has words that answer it where they stand in what began the procedure, by label.
    """

    name: str
    text: str
    options: Mapping[str, str]
    source: str = ""
    picture: str = ""
    heard: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FindOut:
    """Answers a named question without the person; `then` maps each outcome to a step."""

    name: str
    question: str
    then: Mapping[str, str]


@dataclass(frozen=True)
class End:
    """Where a procedure ends.

    `done` asks whether it worked and goes to `if_not` where it did not (empty: hand over);
    `ask_again` is as for `Do`. `stop` closes with `text`. `hand over` says `because` to the person
    who takes over. `go on` enters `procedure` at its step `at`.
    """

    name: str
    how: Literal["done", "stop", "hand over", "go on"]
    text: str = ""
    if_not: str = ""
    because: str = ""
    procedure: str = ""
    at: str = ""
    source: str = ""
    ask_again: str = ""


Step = Say | Do | Ask | Choose | FindOut | End


@dataclass(frozen=True)
class Procedure:
    """A guided flow: its steps by name, in the order of the file; the first one begins it.

    `facts` names the facts of the documents that each step tells, by step; `other_way` is the
    procedure for the opposite direction, or empty.
    """

    topic: str
    title: str
    in_a_word: str
    phrases: tuple[str, ...]
    sources: tuple[str, ...]
    steps: Mapping[str, Step]
    facts: Mapping[str, tuple[str, ...]]
    other_way: str = ""

    @property
    def first(self) -> str:
        """The name of the step that begins it."""
        return next(iter(self.steps))


@dataclass(frozen=True)
class Article:
    """An answer shown as it stands (Markdown)."""

    topic: str
    title: str
    in_a_word: str
    phrases: tuple[str, ...]
    sources: tuple[str, ...]
    text: str
    facts: tuple[str, ...] = ()


Topic = Procedure | Article


@dataclass(frozen=True)
class Notice:
    """What has changed since the documents were written; told once, where a topic begins.

    `topics` are those where it is told (empty: all), `told_in` those that tell it themselves,
    `since` the first day on which it is told (ISO 8601).
    """

    name: str
    topics: frozenset[str]
    told_in: frozenset[str]
    since: str
    text: str
    source: str
    enabled: bool = True

    def concerns(self, topic: str) -> bool:
        """Whether who begins this topic should know of it."""
        return not self.topics or topic in self.topics or topic in self.told_in
