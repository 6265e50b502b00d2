"""A small knowledge folder, in order as it stands; tests put one mistake into it."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from dialogs.document import KnowledgeError, Problem
from dialogs.library import Library, load
from tests.dialogs.talks import ROOT

REAL = ROOT / "knowledge"
TEA, COFFEE, NOTE = "en/procedures/tea.yaml", "en/procedures/coffee.yaml", "en/articles/note.md"
WORDS, PHRASES, REASONS = "en/words.yaml", "en/phrases.yaml", "en/addresses.yaml"
SOURCES, REFUSALS, NOTICES = "sources.yaml", "en/answers.yaml", "en/notices.yaml"
PHRASINGS, OUTSIDE, LEXICON = "en/phrasings.yaml", "en/outside.yaml", "en/lexicon.yaml"
PICTURE, VERDICT = "en/pictures/kettle.yaml", "en/verdict.yaml"

TALKED_ABOUT = ("tea", "coffee", "note")

FILES: Mapping[str, str] = {
    TEA: """\
title: Make tea
in a word: Somebody would like something hot
when people say:
  - make tea
  - put the kettle on
sources: [guide#overview]

steps:
  leaves:
    choose: Is there any tea?
    options:
      There is: contact address
      There is none: no tea
  contact address:
    ask: Who is it for? For example, bob@contoso.com.
    answer: e-mail address
    if stuck: no tea
  domain:
    find out: lync address
    then: {converted: warm, ordinary: boil, already: boil, own domain: boil}
  warm:
    say: "Warm the cup of {contact address} first."
  boil:
    do: Boil **water**.
    type this: "{lync address}"
    source: guide#boiling
    picture: kettle
  finished:
    end: done
    if not: something else
  something else:
    end: go on
    procedure: coffee
    at: beans
  no tea:
    end: hand over
    because: There is no tea.
""",
    PICTURE: """\
alt: >
  The Kettle window. Water is chosen among Water and Milk; for whom says Bob, and below that
  Example: Ann. The box Boil is ticked. Mark 1: the button Start.
window: Kettle
shows:
  - choices: [Water, Milk]
    chosen: Water
  - field: For whom
    value: Bob
    hint: "Example: Ann."
  - tick: Boil
    ticked: yes
  - buttons: [Start]
    chosen: Start
    mark: 1
""",
    COFFEE: """\
title: Make coffee
in a word: Somebody would like to stay awake
when people say:
  - make coffee
sources: [guide]

steps:
  beans:
    do: Grind the beans.
  enjoy:
    end: stop
    say: Enjoy it.
""",
    NOTE: """\
---
title: What is tea?
in a word: Leaves in water
when people say:
  - what is tea
sources: [guide]
---
**Tea** is made of leaves
and water.
""",
    WORDS: re.sub(
        r"(suggestions on \w+): .*", r"\1: [tea, coffee]", (REAL / WORDS).read_text("utf-8")
    ),
    PHRASES: (REAL / PHRASES).read_text("utf-8"),
    REASONS: (REAL / REASONS).read_text("utf-8"),
    REFUSALS: (REAL / REFUSALS).read_text("utf-8"),
    VERDICT: re.sub(r"topic: .*", "topic: tea", (REAL / VERDICT).read_text("utf-8")),
    NOTICES: """\
tea-is-rare:
  topics: [tea]
  told in: [coffee]
  from: 2020-02-02
  text: Tea has become rare.
  source: interop-end
""",
    PHRASINGS: """\
tea:
  - how do i make a cup of tea
  - >
    my guests would like something hot with leaves in it,
    and i have a kettle
talk-to-a-person:
  - let me speak with whoever made this
""",
    OUTSIDE: """\
near:
  - where do i buy a tea pot
far:
  - what is the weather tomorrow
  - book a flight to the moon
""",
    LEXICON: """\
written as:
  cuppa: cup of tea
endings: [ing, s]
common words: [weather]
concepts:
  hot drink: [tea, coffee]
""",
    SOURCES: """\
guide:
  title: A book on tea
  publisher: a publisher
  date: May 2013
  sections:
    overview: Overview
    boiling: Boiling water
field-report:
  title: What a drinker says
  publisher: a drinker
  date: June 2013
interop-end:
  title: The end of tea
  publisher: a publisher
  date: May 2025
""",
}


def written(root: Path, changes: Mapping[str, str] | None = None) -> Path:
    """The sample in a folder, some of its files changed."""
    for name, text in {**FILES, **(changes or {})}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def loaded(root: Path, changes: Mapping[str, str] | None = None) -> Library:
    """The sample as a library."""
    return load(written(root, changes))


def problems(
    root: Path, language: str = "en", talks: Collection[str] | None = None
) -> list[Problem]:
    """The mistakes that are found in a folder."""
    with pytest.raises(KnowledgeError) as raised:
        load(root, language, talks)
    assert str(raised.value) == "\n".join(map(str, raised.value.problems))
    return raised.value.problems


def mistake(file: str, old: str, new: str, at: str, says: str) -> object:
    """A row: `old` becomes `new` in a file; what is said of the line that begins with `at`."""
    assert FILES[file].count(old) == 1, f"“{old}” does not stand once in {file}"
    return pytest.param(file, FILES[file].replace(old, new), at, says, id=says[:70])


def only_problem(root: Path, file: str, text: str, at: str) -> str:
    """What is said of the one mistake in a file, once its line is as it should be."""
    (problem,) = problems(written(root, {file: text}), talks=TALKED_ABOUT)
    lines = [line.strip() for line in text.splitlines()]
    first = next(number for number, line in enumerate(lines, start=1) if line.startswith(at))
    assert (problem.file, problem.line) == (file, first)
    return f"{problem.what} {problem.remedy}"
