"""Files as an author may break them: for each mistake its file, its line, and what to do."""

from pathlib import Path

import pytest

from tests.dialogs.sample import COFFEE, FILES, NOTE, TEA, mistake, only_problem

NICE = """\
  enjoy:
    choose: Is it nice?
    options: {It is: rest}
  rest:
    end: stop
    say: Enjoy it.
"""
ENJOY = "  enjoy:\n    end: stop\n    say: Enjoy it.\n"
COCOA = FILES[NOTE].replace("what is tea", "what is cocoa").replace("What is tea?", "Cocoa")

BROKEN = [
    mistake(
        COFFEE,
        "    do: Grind the beans.\n",
        "    do: Grind the beans.\n    next: enjoy\n  milk:\n    do: Warm the milk.\n",
        "milk:",
        "No step leads to “milk”. Lead a step to it, or remove it.",
    ),
    mistake(
        COFFEE,
        "  enjoy:\n    end: stop\n    say: Enjoy it.\n",
        "  enjoy:\n    do: Enjoy it.\n",
        "enjoy:",
        "Step “enjoy” is the last one and leads nowhere. Give it a `next`, or put an `end` below.",
    ),
    mistake(
        TEA,
        "There is none: no tea",
        "There is none: no tee",
        "There is none:",
        "Step “leaves” goes to “no tee”, which is no step here. Did you mean “no tea”?",
    ),
    mistake(
        NOTE,
        "  - what is tea",
        "  - what is tea\n  - Put the kettle on!",
        "- Put the kettle",
        "“Put the kettle on!” is claimed by tea, too. Keep it where it is answered.",
    ),
    mistake(
        TEA,
        "at: beans",
        "at: bean",
        "at:",
        "“bean” is not a step of coffee. Did you mean “beans”?",
    ),
    mistake(
        NOTE,
        "sources: [guide]",
        "sources: [book]",
        "sources:",
        "The source “book” does not stand in sources.yaml. Use one of: "
        "field-report, guide, interop-end.",
    ),
    mistake(
        TEA,
        'say: "Warm the cup of {contact address}',
        'say: "Warm the cup of {contact adress}',
        "warm:",
        "Step “warm” names “{contact adress}”, which is not known. Did you mean “contact address”?",
    ),
    mistake(
        TEA,
        "already: boil, ",
        "",
        "then:",
        "Step “domain” does not say what happens when the outcome is “already”. "
        "Add “already:” under `then`.",
    ),
    mistake(
        TEA,
        "answer: e-mail address",
        "answer: email adress",
        "answer:",
        "“email adress” is not a kind of answer. Did you mean “e-mail address”?",
    ),
    mistake(
        TEA,
        "find out: lync address",
        "find out: link address",
        "find out:",
        "“link address” is not a question that can be found out. Did you mean “lync address”?",
    ),
    mistake(
        TEA,
        "    if stuck: no tea",
        "    if stuk: no tea",
        "if stuk:",
        "“if stuk” is not a name used here. Did you mean “if stuck”?",
    ),
    mistake(
        COFFEE,
        "    do: Grind the beans.",
        "    next: enjoy",
        "beans:",
        "Step “beans” has no single step word. "
        "Give it exactly one of: say, do, ask, choose, find out, end.",
    ),
    mistake(
        COFFEE,
        ENJOY,
        NICE,
        "enjoy:",
        "No way leads from “enjoy” to a person. Lead one of its ways to an `end: hand over`.",
    ),
    pytest.param(
        "en/articles/cocoa.md",
        COCOA,
        "title:",
        "No talk tries “cocoa”. Write one: tests/talks/cocoa.yaml.",
        id="missing talk",
    ),
    mistake(
        COFFEE,
        "  enjoy:",
        "  beans:  # again",
        "beans:  # again",
        "“beans” stands twice, here and in line 8. Remove or rename one.",
    ),
    mistake(
        COFFEE,
        "title: Make coffee",
        "title: Coffee: how to make it",
        "title:",
        "This is not YAML: mapping values are not allowed in this context. "
        "Check indentation, colons and quotes; put a sentence with a colon in quotes.",
    ),
    mistake(
        COFFEE,
        ENJOY,
        ENJOY + "# and so on\n" * 110,
        "title:",
        "The procedure has 122 lines, and at most 120 can be seen at once. "
        "Move a part of it into a topic of its own.",
    ),
    mistake(
        COFFEE,
        "sources: [guide]",
        "sources: [guide]\nfacts: [A1]",
        "facts:",
        "“facts” is not a name used here. Use one of: title, in a word, when people say, sources, "
        "editor note, other way, steps.",
    ),
    mistake(
        NOTE,
        "and water.",
        "and water." + "\n\n- one more thing" * 15,
        "---",
        "The article has 32 lines, and at most 30 can be seen at once. "
        "Move a part of it into a topic of its own.",
    ),
    mistake(
        NOTE,
        "and water.",
        "and water." + " And so on." * 290,
        "---",
        "The article has 34 lines, and at most 30 can be seen at once. "
        "Move a part of it into a topic of its own.",
    ),
]


@pytest.mark.parametrize(("file", "text", "at", "says"), BROKEN)
def test_a_broken_file_is_refused(tmp_path: Path, file: str, text: str, at: str, says: str) -> None:
    assert only_problem(tmp_path, file, text, at) == says
