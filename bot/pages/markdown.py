"""The little Markdown that the knowledge uses, as HTML: paragraphs, lists, bold, code, names."""

import re
from itertools import groupby

from markupsafe import Markup, escape

ITEM = re.compile(r"(-|\d+\.) ")
MARKED = re.compile(r"\*\*(?P<b>.+?)\*\*|`(?P<code>[^`]+)`|\{(?P<var>[^{}]+)\}")


def html(text: str) -> Markup:
    r"""A text of the knowledge as HTML; whatever else stands in it is escaped.

    >>> str(html("Click **OK** <now>:\n\n- `one`\n- {two}"))
    '<p>Click <b>OK</b> &lt;now&gt;:</p><ul><li><code>one</code></li><li><var>two</var></li></ul>'
    """
    blocks = (block for block in re.split(r"\n\s*\n", text.strip()) if block)
    return Markup("").join(part for block in blocks for part in _parts(block.splitlines()))


def inline(text: str) -> Markup:
    """A line of such a text: marks, but no paragraphs and lists."""
    done, end = Markup(""), 0
    for found in MARKED.finditer(text):
        name, inside = next((n, v) for n, v in found.groupdict().items() if v)
        shown = inline(inside) if name == "b" else escape(inside)
        done += escape(text[end : found.start()]) + Markup(f"<{name}>{shown}</{name}>")  # noqa: S704 - escaped
        end = found.end()
    return done + escape(text[end:])


def _parts(lines: list[str]) -> list[Markup]:
    return [_part(kind, list(some)) for kind, some in groupby(lines, _kind)]


def _kind(line: str) -> str:
    found = ITEM.match(line)
    return ("ul" if found[1] == "-" else "ol") if found else "p"


def _part(kind: str, lines: list[str]) -> Markup:
    if kind == "p":
        return Markup("<p>{}</p>").format(Markup("<br>").join(map(inline, lines)))
    items = [Markup("<li>{}</li>").format(inline(ITEM.sub("", line, count=1))) for line in lines]
    return Markup(f"<{kind}>{{}}</{kind}>").format(Markup("").join(items))  # noqa: S704 - ul or ol
