"""What of a text is compared, and what it weighs."""

from math import log

import pytest

from dialogs.features import Features, blocks, stem
from dialogs.lexicon import Lexicon

LEXICON = Lexicon.model_validate(
    {"endings": ["s", "ing", "ings"], "concepts": {"hot drink": ["tea", "coffee"]}}
)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("boiling", "boil"), ("boilings", "boil"), ("cups", "cup"), ("ring", "ring"), ("is", "is")],
)
def test_an_ending_is_left_out_where_enough_remains(word: str, expected: str) -> None:
    assert stem(word, LEXICON) == expected


def test_a_text_is_its_words_its_letters_and_what_it_is_about() -> None:
    found = blocks(("cups", "a", "tea", "coffee"), LEXICON)
    assert found[""] == ["cup", "a", "tea", "coffee", "cup a", "a tea", "tea coffee"]
    assert found["#"] == ["#hot drink", "#hot drink", "#hot drink hot drink"]
    assert found["~"][:4] == ["~ c", "~cu", "~up", "~ps"]
    assert found["~"].count("~ a ") == 1


def test_each_block_has_the_same_length() -> None:
    features = Features.of([("tea", "cup"), ("coffee", "cup")], LEXICON, 1000)
    _, values = features.vector(("tea", "tea", "cup", "unknown"), LEXICON)
    assert sum(value**2 for value in values) == pytest.approx(1 + 1 + 0.3**2)


def test_rare_features_weigh_more_and_the_commonest_are_kept() -> None:
    features = Features.of([("tea", "cup"), ("coffee", "cup")], Lexicon(), 1)
    assert len(features.numbers) == 1
    assert features.rarity == [1]
    every = Features.of([("tea", "cup"), ("coffee", "cup")], Lexicon(), 1000)
    assert every.rarity[every.numbers["tea"]] == log(3 / 2) + 1


def test_what_is_not_known_has_no_vector() -> None:
    features = Features.of([("tea",)], Lexicon(), 1000)
    assert features.vector(("zzz",), Lexicon()) == ([], [])
