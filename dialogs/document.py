"""Reads knowledge files: every value is text, every name stands once, every line is known."""

from dataclasses import dataclass, field

import yaml
from yaml.reader import ReaderError

Value = str | list["Value"] | dict[str, "Value"]
Where = tuple[str | int, ...]
"""The way to a value from the top of a file: ("steps", "pick skype", "do")."""

BEGUN = ("while scanning a simple key", "while scanning a quoted scalar")
"""What is found wrong only lines later; the mistake stands where it began."""


@dataclass(frozen=True)
class Problem:
    """A mistake in a knowledge file, for its author: where it stands, what is wrong, what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.remedy}"


class KnowledgeError(Exception):
    """Knowledge that cannot be used; `problems` names every mistake at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Document:
    """A file as nested text, and the line (from 1) of each value in it."""

    file: str
    value: dict[str, Value]
    lines: dict[Where, int] = field(repr=False)

    def line(self, where: Where) -> int:
        """The line of a value, or of what it stands in when it is missing itself."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def problem(self, where: Where, what: str, remedy: str) -> Problem:
        """A mistake in a value, or in what it stands in when it is missing itself."""
        return Problem(self.file, self.line(where), what, remedy)


def parse(text: str, file: str, first_line: int = 1) -> Document:
    """YAML whose top is a mapping, and which begins at `first_line` of a file.

    `no` stays "no", 7 stays "7". Raises KnowledgeError for what is not YAML, for a name that
    stands twice in one mapping, and for aliases.
    """
    reading = _Reading(file, first_line)
    try:
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except (yaml.MarkedYAMLError, ReaderError) as error:
        raise KnowledgeError([_not_yaml(error, text, file, first_line)]) from error
    if not isinstance(node, yaml.MappingNode):
        remedy = "Write names and values, such as `title: …`."
        raise KnowledgeError([Problem(file, first_line, "The file holds no names.", remedy)])
    value = reading.mapping(node, ())
    if reading.problems:
        raise KnowledgeError(reading.problems)
    return Document(file, value, reading.lines)


def _not_yaml(
    error: yaml.MarkedYAMLError | ReaderError, text: str, file: str, first_line: int
) -> Problem:
    if isinstance(error, ReaderError):
        line = text.encode()[: error.position].count(b"\n")  # its position counts bytes
        what = "An invisible control character stands in this line."
        return Problem(file, first_line + line, what, "Type the line anew.")
    mark = error.context_mark if error.context in BEGUN else error.problem_mark
    assert mark, "composing always says where"
    what = f"This is not YAML: {error.problem}."
    remedy = "Check indentation, colons and quotes; put a sentence with a colon in quotes."
    return Problem(file, first_line + mark.line, what, remedy)


class _Reading:
    """Turns YAML nodes into text, noting lines and problems on the way."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.lines: dict[Where, int] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def any(self, node: yaml.Node, where: Where) -> Value:
        if id(node) in self.seen:  # an alias, which could hide a loop; its mark is the first one's
            line = self.lines.get(where) or self.lines[where[:-1]]
            self.problems.append(Problem(self.file, line, "`*` repeats a value.", "Write it out."))
            return ""
        self.seen.add(id(node))
        self.lines.setdefault(where, node.start_mark.line + self.first_line)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.any(item, (*where, i)) for i, item in enumerate(node.value)]
        folded = getattr(node, "style", None) == ">"
        return " ".join(str(node.value).split()) if folded else str(node.value)

    def mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Value]:
        self.lines.setdefault(where, node.start_mark.line + self.first_line)
        found: dict[str, Value] = {}
        for name_node, value_node in node.value:
            name, line = str(name_node.value), name_node.start_mark.line + self.first_line
            if name in found:
                what = f"“{name}” stands twice, here and in line {self.lines[(*where, name)]}."
                self.problems.append(Problem(self.file, line, what, "Remove or rename one."))
            self.lines[(*where, name)] = line
            found[name] = self.any(value_node, (*where, name))
        return found
