"""Which facts are told, and where: a tag whose words do not tell the fact does not count."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dialogs.coverage import Coverage, cover, listed, problems
from dialogs.document import KnowledgeError
from dialogs.library import load, study
from tests.dialogs.sample import COFFEE, FILES, NOTE, REAL, TEA, written

FACTS = """\
A1:
  claim: Tea wants boiling water.
  words: [Boil water, bob(contoso.com)@msn.com, "Boiling water"]
A2:
  claim: Tea is of leaves.
  words: [tea is made of leaves and water]
B1:
  claim: There may be none.
  words: [There is no tea, There is none]
"""
TAGGED = {
    TEA: FILES[TEA]
    .replace("    source: guide#boiling\n", "    source: guide#boiling\n    facts: [A1]\n")
    .replace("    because: There is no tea.\n", "    because: There is no tea.\n    facts: [B1]\n")
    .replace("There is none: no tea\n", "There is none: no tea\n    facts: [B1]\n"),
    NOTE: FILES[NOTE].replace("sources: [guide]", "sources: [guide]\nfacts: [A2]"),
    "facts.yaml": FACTS,
}


def covered(root: Path, changes: Mapping[str, str]) -> tuple[Coverage, list[str]]:
    """What a folder tells, and what is wrong with that."""
    library, documents = study(written(root, {**TAGGED, **changes}))
    coverage = cover(root, library)
    return coverage, [str(problem) for problem in problems(coverage, documents)]


def test_each_fact_is_listed_with_where_it_is_told(tmp_path: Path) -> None:
    coverage, found = covered(tmp_path, {})
    assert found == []
    assert list(listed(coverage)) == [
        "A1   Tea wants boiling water.",
        "     tea: boil",
        "A2   Tea is of leaves.",
        "     note",
        "B1   There may be none.",
        "     tea: leaves, no tea",
    ]


def test_a_fact_that_nobody_tells(tmp_path: Path) -> None:
    changes = {NOTE: FILES[NOTE]}
    coverage, found = covered(tmp_path, changes)
    assert found == [
        "facts.yaml:4: No topic tells A2. Tag the step that tells it with `facts: [A2]`."
    ]
    assert list(listed(coverage))[2:4] == ["A2   Tea is of leaves.", "B1   There may be none."]


def test_a_tag_of_no_fact(tmp_path: Path) -> None:
    tagged = FILES[COFFEE].replace("Grind the beans.", "Grind the beans.\n    facts: [A11]")
    _, found = covered(tmp_path, {COFFEE: tagged})
    assert found == [f"{COFFEE}:10: “A11” is no known fact. Did you mean “A1”?"]


def test_a_tag_whose_words_do_not_tell_the_fact(tmp_path: Path) -> None:
    changes = {
        TEA: TAGGED[TEA].replace("Boil **water**", "Heat **water**"),
        NOTE: TAGGED[NOTE].replace("leaves\n", "leafs\n"),
    }
    where, remedy = "is not told in", "Tell it there, or move the tag to where it is told."
    _, found = covered(tmp_path, changes)
    assert found == [
        f"{TEA}:28: A1 is tagged, but “Boil water” {where} tea, step “boil”. {remedy}",
        f"{NOTE}:7: A2 is tagged, but “tea is made of leaves and water” {where} note. {remedy}",
    ]


@pytest.mark.parametrize("word", ["there any te", "ere is none", "any tea? There is"])
def test_a_word_is_found_whole_and_in_one_piece(tmp_path: Path, word: str) -> None:
    changes = {"facts.yaml": FACTS.replace("There is none]", f'"{word}"]')}
    _, (found,) = covered(tmp_path, changes)
    assert f"“{word}” is not told in tea, step “leaves”; tea, step “no tea”." in found


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (FACTS.replace("  words: [There", "  word: [There"), "“words” is missing. Add “words:”."),
        (FACTS.replace("[tea is made of leaves and water]", "[]"), "“words” must not be empty."),
    ],
)
def test_a_list_of_facts_that_cannot_be_used(tmp_path: Path, facts: str, says: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        covered(tmp_path, {"facts.yaml": facts})
    assert says in str(raised.value)


def test_all_facts_of_the_two_documents_are_told() -> None:
    library, documents = study(REAL)
    coverage = cover(REAL, load(REAL))
    names = [*(f"A{n}" for n in range(1, 27)), *(f"B{n}" for n in range(1, 11))]
    assert list(coverage.facts) == names
    assert list(problems(coverage, documents)) == []
    assert library.topics.keys() >= {t.topic for told in coverage.tellings.values() for t in told}
