"""What one knowledge file names must be there in another: one mistake a row."""

from pathlib import Path

import pytest

from tests.dialogs.sample import (
    COFFEE,
    FILES,
    NOTE,
    PHRASES,
    REASONS,
    SOURCES,
    TEA,
    WORDS,
    loaded,
    mistake,
    only_problem,
    problems,
    written,
)

IN_PROCEDURES = [
    mistake(
        TEA,
        "{converted: warm",
        "{perhaps: boil, converted: warm",
        "then:",
        "“perhaps” is no outcome of “lync address”. "
        "Use one of: already, converted, ordinary, own domain.",
    ),
    mistake(
        TEA,
        "lync address\n    then: {converted: warm, ordinary: boil, already: boil, own domain:",
        "kind of sip address\n    then: {lync: warm, converted form: boil, microsoft account:",
        "domain:",
        "“kind of sip address” needs the answer “sip address”, which is not asked here. "
        "Add an `ask` step named “sip address”.",
    ),
    mistake(
        TEA,
        "in a word: Somebody would like something hot",
        "in a word: Hot\nother way: cofee",
        "other way",
        "“cofee” is not a procedure. Did you mean “coffee”?",
    ),
    mistake(
        TEA,
        "procedure: coffee",
        "procedure: cofee",
        "procedure:",
        "“cofee” is not a procedure. Did you mean “coffee”?",
    ),
    mistake(
        TEA,
        "procedure: coffee",
        "procedure: note",
        "procedure:",
        "“note” is not a procedure. Use one of: coffee, tea.",
    ),
    mistake(
        TEA,
        'type this: "{lync address}"',
        'type this: "{lync}"',
        "boil:",
        "Step “boil” names “{lync}”, which is not known. Did you mean “lync address”?",
    ),
    mistake(
        TEA,
        "because: There is no tea.",
        'because: "There is no {tea}."',
        "no tea:",
        "Step “no tea” names “{tea}”, which is not known. "
        "Use one of: contact address, lync address, sip address, what is missing, why this form.",
    ),
    mistake(
        TEA,
        "There is: contact address",
        '"There is {lync address}": contact address',
        '"There is',
        "Step “leaves” names “{lync address}”, which is not known. Remove it.",
    ),
    mistake(
        TEA,
        "    source: guide#boiling",
        "    source: guid#boiling",
        "source:",
        "The source “guid” does not stand in sources.yaml. Did you mean “guide”?",
    ),
    mistake(
        TEA,
        "sources: [guide#overview]",
        "sources: [guide, guide#overwiew]",
        "sources:",
        "The source “guide” has no section “overwiew”. Did you mean “overview”?",
    ),
]
BESIDE_PROCEDURES = [
    mistake(
        NOTE,
        "  - what is tea",
        "  - what is tea\n  - never mind",
        "- never mind",
        "“never mind” is claimed by cancel, too. Keep it where it is answered.",
    ),
    mistake(
        PHRASES,
        "keep: [keep, ",
        "keep: [Go back!, keep, ",
        "keep:",
        "“Go back!” is claimed by back, too. Keep it where it is answered.",
    ),
    mistake(
        PHRASES,
        "\nkeep: [keep, keep it, the same, same, unchanged]\n",
        "\n",
        "done:",
        "“keep” is missing. Add “keep:” with its phrases.",
    ),
    mistake(
        PHRASES,
        "\nkeep: [",
        "\nkep: [wait]\nkeep: [",
        "kep:",
        "“kep” is not a name used here. Did you mean “keep”?",
    ),
    mistake(
        PHRASES,
        "keep: [keep, keep it, the same, same, unchanged]",
        "keep: []",
        "keep:",
        "“keep” must not be empty. Correct the value.",
    ),
    mistake(
        WORDS,
        "suggestions on skype: [tea, coffee]",
        "suggestions on skype: [tea, coffe]",
        "suggestions on skype:",
        "“coffe” is not a topic. Did you mean “coffee”?",
    ),
    mistake(
        WORDS,
        "outcomes:\n  am I enabled for skype contacts:",
        "outcomes:\n  am I enabled:",
        "am I enabled:",
        "“am I enabled” is not a question that can be found out. "
        "Did you mean “am I enabled for skype contacts”?",
    ),
    mistake(
        WORDS,
        "    unknown: >",
        "    unknwon: >",
        "unknwon:",
        "“unknwon” is no outcome of “am I enabled for skype contacts”. Did you mean “unknown”?",
    ),
    mistake(
        REASONS,
        'stray-dot: "In `{input}` a dot stands where none can be. Check the spelling."\n',
        "",
        "custom-domain:",
        "“stray-dot” is missing. Add “stray-dot:” with a sentence.",
    ),
    mistake(
        REASONS,
        "stray-dot:",
        "stray-comma: Remove it.\nstray-dot:",
        "stray-comma:",
        "“stray-comma” is not a reason that is ever given. Did you mean “stray-dot”?",
    ),
    mistake(
        REASONS,
        'stray-dot: "In `{input}`',
        'stray-dot: "In `{text}`',
        "stray-dot:",
        "“stray-dot” names “{text}”, which is not known. "
        "Use one of: address, domain, input, plain, suffix.",
    ),
]


@pytest.mark.parametrize(("file", "text", "at", "says"), [*IN_PROCEDURES, *BESIDE_PROCEDURES])
def test_one_mistake(tmp_path: Path, file: str, text: str, at: str, says: str) -> None:
    assert only_problem(tmp_path, file, text, at) == says


def test_a_phrase_may_stand_twice_in_one_topic(tmp_path: Path) -> None:
    twice = FILES[NOTE].replace("  - what is tea", "  - what is tea\n  - What is tea?")
    assert loaded(tmp_path, {NOTE: twice}).articles["note"].phrases[1] == "What is tea?"


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    changes = {
        TEA: FILES[TEA].replace("at: beans", "at: bean").replace("if not: some", "if not: any"),
        COFFEE: FILES[COFFEE].replace("[guide]", "[book]"),
        WORDS: FILES[WORDS].replace("[tea, coffee]", "[milk, sugar]"),
        SOURCES: FILES[SOURCES].replace("    overview:", "    preface:"),
    }
    found = problems(written(tmp_path, changes))
    assert sorted({problem.file for problem in found}) == [COFFEE, TEA, WORDS]
    assert [problem.what for problem in found if problem.file == TEA] == [
        "Step “finished” goes to “anything else”, which is no step here.",
        "No step leads to “something else”.",
        "The source “guide” has no section “overview”.",
        "“bean” is not a step of coffee.",
    ]
    assert len([problem for problem in found if problem.file == WORDS]) == 4
