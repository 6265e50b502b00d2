"""Draws a procedure as a Mermaid flowchart, for authors and for the page of a topic."""

import re
from collections.abc import Iterator, Mapping

from dialogs.flow import ways
from dialogs.sentences import unmarked
from dialogs.steps import Ask, Choose, Do, End, FindOut, Procedure, Say, Step

LONGEST = 70
"""Characters of a step's text that a node shows; the list of steps has all of it."""

UNSAFE = re.compile(r"[^\w\s.,?!'()“”‘’…–→-]|_|(?<=\d)[.)](?=\s)|^[-+]")
"""What Mermaid could take for its own marks, for HTML or for Markdown: at the beginning of a line
`1.` and `-` make a list, which it refuses to draw."""

SHAPES: Mapping[type[Step], tuple[str, str]] = {
    Say: ("(", ")"),
    Do: ("[", "]"),
    Ask: ("[/", "/]"),
    Choose: ("{{", "}}"),
    FindOut: ("[[", "]]"),
    End: ("([", "])"),
}
GO_ON = (">", "]")


def flowchart(procedure: Procedure, titles: Mapping[str, str]) -> str:
    """A procedure's steps and ways as Mermaid text; `titles` are those of all procedures.

    The shape of a node shows the step word; a dotted way is one for those who are stuck. The
    nodes are n1, n2 … in the order of the file.
    """
    nodes = {name: f"n{number}" for number, name in enumerate(procedure.steps, start=1)}
    lines = ["flowchart TD", f"accTitle: {escaped(procedure.title)}"]
    lines += [_node(nodes[step.name], step, titles) for step in procedure.steps.values()]
    for step in procedure.steps.values():
        lines += _edges(step, nodes)
    return "\n    ".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text that Mermaid shows as it stands.

    >>> escaped('a "b" [c] #d `e`')
    'a #34;b#34; #91;c#93; #35;d #96;e#96;'
    """
    return UNSAFE.sub(lambda found: f"#{ord(found[0])};", text)


def shortened(text: str) -> str:
    """A step's text in one line without Markdown, cut at a word where it is long."""
    line = " ".join(unmarked(text).split())
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rsplit(" ", 1)[0].rstrip(" .,;:") + " …"


def _node(node: str, step: Step, titles: Mapping[str, str]) -> str:
    opens, closes = GO_ON if isinstance(step, End) and step.procedure else SHAPES[type(step)]
    inside = [f"<b>{escaped(step.name)}</b>", *map(escaped, _lines(step, titles))]
    return f'{node}{opens}"{"<br>".join(inside)}"{closes}'


def _lines(step: Step, titles: Mapping[str, str]) -> Iterator[str]:
    """What a node says below its name."""
    match step:
        case FindOut():
            yield f"{step.question}?"
        case End(how="go on"):
            yield f"→ {titles[step.procedure]}"
            yield step.at
        case End(how="done" | "hand over"):
            yield step.how
            yield from [shortened(step.because)] if step.because else []
        case Do(type_this=typed) if typed:
            yield shortened(step.text)
            yield shortened(typed)
        case _:
            yield shortened(step.text)


def _edges(step: Step, nodes: Mapping[str, str]) -> Iterator[str]:
    for by, to in ways(step).items():
        label = "" if by == "next" and not isinstance(step, Choose) else f'|"{escaped(by)}"|'
        line = "-.->" if by in {"if stuck", "if not"} else "-->"
        yield f"{nodes[step.name]} {line}{label} {nodes[to]}"
