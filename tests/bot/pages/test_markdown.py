"""The Markdown of the knowledge as HTML."""

import doctest

import pytest

from bot.pages import markdown
from bot.pages.markdown import html


def test_the_example_is_true() -> None:
    assert doctest.testmod(markdown).failed == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("1. one\n2. **two**", "<ol><li>one</li><li><b>two</b></li></ol>"),
        ("so:\n- one\n- two\nand", "<p>so:</p><ul><li>one</li><li>two</li></ul><p>and</p>"),
        ("`<b>` & <script>", "<p><code>&lt;b&gt;</code> &amp; &lt;script&gt;</p>"),
        ("**a `b` {c}**", "<p><b>a <code>b</code> <var>c</var></b></p>"),
        ("**not closed", "<p>**not closed</p>"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert html(text) == shown
