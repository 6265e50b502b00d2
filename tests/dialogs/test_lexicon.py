"""Mistakes in how words are read, told to authors; and the same for phrasings."""

from pathlib import Path

import pytest

from dialogs.lexicon import Lexicon
from tests.dialogs.sample import (
    LEXICON,
    OUTSIDE,
    PHRASINGS,
    loaded,
    mistake,
    only_problem,
)


@pytest.mark.parametrize(
    ("file", "text", "at", "says"),
    [
        mistake(LEXICON, "cuppa:", "Cuppa:", "Cuppa", "“Cuppa” is not one word in lower case. Wri"),
        mistake(LEXICON, "cuppa:", "a cup:", "a cup", "“a cup” is not one word in lower case."),
        mistake(LEXICON, "[weather]", "[cuppa]", "common", "“cuppa” is always read as “cup of"),
        mistake(LEXICON, "[tea,", "[Tea,", "hot drink", "“Tea” is always read as “tea”."),
        mistake(
            LEXICON,
            "  hot drink: [tea, coffee]",
            "  hot drink: [tea, coffee]\n  leaf: [tea]",
            "leaf",
            "“tea” stands under “hot drink”, too. Keep it in one place.",
        ),
        mistake(LEXICON, "endings:", "ends:", "ends", "“ends” is not a name used here. Did you m"),
        mistake(PHRASINGS, "tea:", "te:", "te:", "“te” is neither a topic nor a dialog act"),
        mistake(
            PHRASINGS,
            "how do i make a cup of tea",
            "make coffee",
            "- make coffee",
            "“make coffee” is claimed by coffee, too.",
        ),
        mistake(
            PHRASINGS,
            "let me speak with whoever made this",
            "Thank you!",
            "- Thank you!",
            "“Thank you!” is claimed by thanks, too.",
        ),
        mistake(
            OUTSIDE,
            "book a flight to the moon",
            "make tea",
            "- make tea",
            "“make tea” is claimed by tea, too.",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, file: str, text: str, at: str, says: str) -> None:
    assert says in only_problem(tmp_path, file, text, at)


def test_what_is_read_reaches_the_library(tmp_path: Path) -> None:
    library = loaded(tmp_path)
    assert library.phrasings["tea"][0] == "how do i make a cup of tea"
    assert library.outside[0] == "where do i buy a tea pot"
    assert len(library.outside) == 3
    assert library.lexicon.concept_of["coffee"] == "hot drink"


def test_the_version_tells_of_every_change(tmp_path: Path) -> None:
    before = loaded(tmp_path).version
    for file in (LEXICON, OUTSIDE, PHRASINGS):
        changed = tmp_path / file
        changed.write_text(f"# changed\n{changed.read_text('utf-8')}", "utf-8")
        assert loaded(tmp_path, {file: changed.read_text("utf-8")}).version != before


def test_the_longest_ending_comes_first() -> None:
    assert Lexicon(endings=["s", "ings", "ing"]).longest_first == ("ings", "ing", "s")
