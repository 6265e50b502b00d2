"""HTML of an agent's as the plain text that it shows, whatever is wrong with it."""

import re
from html import unescape

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>|<!--|-->|<[!?][^<>]*>")
"""A tag or the like. It has no part that could be searched for to the end again and again."""
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "textarea"})
_BREAKS = frozenset([
    "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "section", "table", "tr", "ul",
])  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EDGES = re.compile(r" *\n *")
_WIDE = re.compile(r" {2,}")
_GAPS = re.compile(r"\n{3,}")


def text_of(html: str) -> str:
    """The text alone, in time that grows with its length; what scripts hold is left out.

    >>> text_of("<p>Try <b>again</b>:</p><script>alert(1)</script>1 &lt; 2<br>Bye")
    'Try again:\\n1 < 2\\nBye'
    """
    parts: list[str] = []
    at, hidden = 0, ""
    for tag in _TAG.finditer(html):
        if not hidden:
            parts.append(_shown(html[at : tag.start()]))
        at = tag.end()
        closes, name = tag[1], (tag[2] or tag[0]).lower()
        if hidden:
            ends = name == "-->" if hidden == "<!--" else closes and name == hidden
            hidden = "" if ends else hidden
        elif name == "<!--" or (name in _HIDDEN and not closes):
            hidden = name
        elif name in _BREAKS:
            parts.append("\n")
    if not hidden:
        parts.append(_shown(html[at:]))
    text = _EDGES.sub("\n", _WIDE.sub(" ", "".join(parts)))
    return _GAPS.sub("\n\n", text).strip()


def _shown(text: str) -> str:
    return unescape(_BLANKS.sub(" ", text))
