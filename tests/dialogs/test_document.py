"""YAML as our files use it: all is text, nothing stands twice, every line is known."""

import pytest

from dialogs.document import KnowledgeError, parse


def test_every_value_is_text() -> None:
    document = parse("no: no\nb: 7\nc: [1.50, ~, 2013-05-01]\nd: {yes: }\n", "f")
    values = {"no": "no", "b": "7", "c": ["1.50", "~", "2013-05-01"], "d": {"yes": ""}}
    assert document.value == values


def test_a_folded_text_has_no_line_ends() -> None:
    document = parse("a: >\n  one\n  two\n\n  three\nb: |\n  one\n  two\n", "f")
    assert document.value == {"a": "one two three", "b": "one\ntwo\n"}


def test_every_line_is_known() -> None:
    document = parse("title: a\nsteps:\n  one:\n    do: b\n  two: [c,\n    d]\n", "f", first_line=2)
    assert document.line(("steps", "one", "do")) == 5
    assert document.line(("steps", "two", 1)) == 7
    assert document.line(("steps", "one", "next")) == 4, "a name that is missing"
    assert document.line(("sources", 0)) == 2


NO_NAMES = "The file holds no names. Write names and values, such as `title: …`."
MARKS = "Check indentation, colons and quotes; put a sentence with a colon in quotes."
INVISIBLE = "An invisible control character stands in this line. Type the line anew."
REPEATED = "`*` repeats a value. Write it out."


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, NO_NAMES),
        ("- a\n- b", 1, NO_NAMES),
        ("ä: ü\nb: \x07c", 2, INVISIBLE),
        ("a: b\nc: d\na: e", 3, "“a” stands twice, here and in line 1. Remove or rename one."),
        ("a: &x {b: c}\nd: *x", 2, REPEATED),
        ("a:\n  - &x b\n  - c\n  - *x", 1, REPEATED),
        ("&x\na: *x", 2, REPEATED),
    ],
)
def test_what_is_refused(text: str, line: int, says: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        parse(text, "f")
    assert str(raised.value) == f"f:{line}: {says}"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: b\nc: d: e", 2, "mapping values are not allowed in this context"),
        ("a: b\nc\nd: e", 2, "could not find expected ':'"),
        ("a: b\nc: 'd\ne: f\n", 2, "found unexpected end of stream"),
        ("a: b\n\tc: d", 2, "found a tab character that violates indentation"),
        ("a: b\n---\nc: d", 2, "but found another document"),
    ],
)
def test_what_is_not_yaml(text: str, line: int, problem: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        parse(text, "f")
    assert str(raised.value) == f"f:{line}: This is not YAML: {problem}. {MARKS}"


def test_every_mistake_of_a_file_is_named_at_once() -> None:
    with pytest.raises(KnowledgeError) as raised:
        parse("a: &x b\na: *x\nc:\n  d: e\n  d: f\n", "f")
    assert [problem.line for problem in raised.value.problems] == [2, 2, 5]
