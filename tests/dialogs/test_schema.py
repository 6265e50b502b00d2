"""Names and values that a knowledge file cannot have: one mistake a row."""

from pathlib import Path

import pytest

from tests.dialogs.sample import (
    COFFEE,
    NOTE,
    PHRASES,
    SOURCES,
    TEA,
    WORDS,
    mistake,
    only_problem,
)

STEP_WORDS = "say, do, ask, choose, find out, end"
STEPS = [
    mistake(
        COFFEE,
        "    do: Grind the beans.",
        "    do: Grind the beans.\n    say: Mind your fingers.",
        "beans:",
        f"Step “beans” has no single step word. Give it exactly one of: {STEP_WORDS}.",
    ),
    mistake(
        COFFEE,
        "    do: Grind the beans.",
        "    do: Grind the beans.\n    answer: free text",
        "answer:",
        "“answer” does not go with “do” in step “beans”. "
        "Remove it, or put it in a step of its own.",
    ),
    mistake(
        TEA,
        "    end: done",
        "    end: done\n    say: Enjoy it.",
        "say: Enjoy",
        "“say” does not go with “end: done” in step “finished”. "
        "Remove it, or put it in a step of its own.",
    ),
    mistake(
        TEA,
        "    answer: e-mail address\n",
        "",
        "contact address:",
        "Step “contact address” (ask) lacks “answer”. Add “answer:” to it.",
    ),
    mistake(
        TEA,
        "    because: There is no tea.\n",
        "",
        "no tea:",
        "Step “no tea” (end: hand over) lacks “because”. Add “because:” to it.",
    ),
    mistake(
        TEA,
        "    at: beans\n",
        "",
        "something else:",
        "Step “something else” (end: go on) lacks “at”. Add “at:” to it.",
    ),
    mistake(
        TEA,
        "end: hand over",
        "end: handover",
        "end: handover",
        "“handover” is no value for “end”. Did you mean “hand over”?",
    ),
    mistake(
        TEA,
        "end: hand over",
        "end: [hand, over]",
        "end: [",
        "“['hand', 'over']” is no value for “end”. Did you mean “hand over”?",
    ),
    mistake(
        COFFEE,
        "end: stop",
        "end: xyzzy",
        "end:",
        "“xyzzy” is no value for “end”. Use one of: done, stop, hand over, go on.",
    ),
    mistake(
        COFFEE,
        "    do: Grind the beans.",
        "    do:",
        "do:",
        "“do” must not be empty. Correct the value.",
    ),
    mistake(
        TEA,
        "    options:\n      There is: contact address\n      There is none: no tea\n",
        "    options: {}\n",
        "options:",
        "“options” must not be empty. Correct the value.",
    ),
    mistake(
        TEA,
        "then: {converted: warm, ordinary: boil, already: boil, own domain: boil}",
        "then: warm",
        "then:",
        "“then” must hold names with values. Correct the value.",
    ),
    mistake(
        COFFEE,
        "  beans:\n    do: Grind the beans.\n",
        "  beans: Grind the beans.\n",
        "beans:",
        "“beans” must hold names with values. Correct the value.",
    ),
]
HEADS = [
    mistake(COFFEE, "title: Make coffee\n", "", "in a word:", "“title” is missing. Add “title:”."),
    mistake(
        COFFEE,
        "title: Make coffee",
        "titel: Make coffee\ntitle: Make coffee",
        "titel:",
        "“titel” is not a name used here. Did you mean “title”?",
    ),
    mistake(
        COFFEE,
        "title: Make coffee",
        "title: [Make, coffee]",
        "title:",
        "“title” must be a text. Correct the value.",
    ),
    mistake(
        COFFEE,
        "sources: [guide]",
        "sources: guide",
        "sources:",
        "“sources” must be a list, such as [one, two]. Correct the value.",
    ),
    mistake(
        COFFEE,
        "  - make coffee",
        "  - {make: coffee}",
        "- {make",
        "“when people say” must be a text. Correct the value.",
    ),
    mistake(
        NOTE,
        "in a word: Leaves in water",
        "in word: Leaves in water\nin a word: Leaves in water",
        "in word:",
        "“in word” is not a name used here. Did you mean “in a word”?",
    ),
]
OTHER_FILES = [
    mistake(
        SOURCES,
        "interop-end:\n  title:",
        "interop-end:\n  titel: Set\n  title:",
        "titel:",
        "“titel” is not a name used here. Did you mean “title”?",
    ),
    mistake(
        SOURCES,
        "  publisher: a drinker\n",
        "",
        "field-report:",
        "“publisher” is missing. Add “publisher:”.",
    ),
    mistake(
        PHRASES,
        "keep: [keep, keep it, the same, same, unchanged]",
        "keep: keep it",
        "keep:",
        "“keep” must be a list, such as [one, two]. Correct the value.",
    ),
    mistake(
        WORDS,
        "  already here: You are in this procedure now. To begin it anew, type **start over**.\n",
        "",
        "step:",
        "“already here” is missing. Add “already here:”.",
    ),
    mistake(
        WORDS,
        "  already here:",
        "  allready here: Wait.\n  already here:",
        "allready here:",
        "“allready here” is not a name used here. Did you mean “already here”?",
    ),
    mistake(
        WORDS,
        "  worked: Did that work?",
        "  worked:",
        "worked:",
        "“worked” must not be empty. Correct the value.",
    ),
    mistake(
        WORDS,
        'place: "Step {step} of',
        'place: "Step {stop} of',
        "place:",
        "“place” names “{stop}”, which is not known here. Did you mean “step”?",
    ),
    mistake(
        WORDS,
        "worked: Did that work?",
        'worked: "Did {that} work?"',
        "worked:",
        "“worked” names “{that}”, which is not known here. Remove it.",
    ),
    mistake(
        WORDS,
        "  unknown: not known (could not be checked)",
        "  unknown: '{unknown}'",
        "unknown: '",
        "“unknown” names “{unknown}”, which is not known here. Remove it.",
    ),
    mistake(
        WORDS,
        "outcomes:\n  am I enabled for skype contacts:\n",
        "outcomes:\n  lync address: Hm.\n  am I enabled for skype contacts:\n",
        "lync address:",
        "“lync address” must hold names with values. Correct the value.",
    ),
]


@pytest.mark.parametrize(("file", "text", "at", "says"), [*STEPS, *HEADS, *OTHER_FILES])
def test_one_mistake(tmp_path: Path, file: str, text: str, at: str, says: str) -> None:
    assert only_problem(tmp_path, file, text, at) == says
