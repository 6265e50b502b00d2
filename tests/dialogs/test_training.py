"""Learning: the same texts give the same model, whatever they are about."""

import numpy as np
import pytest

from dialogs import training
from dialogs.lexicon import Lexicon
from dialogs.training import train

COLOURS = {
    "red": ("a red rose", "red as blood", "the red one"),
    "blue": ("the blue sea", "blue as the sky", "the blue one"),
    "green": ("green grass", "a green leaf", "the green one"),
}
LEXICON = Lexicon.model_validate({"common words": ["grease"]})


def test_labels_are_told_apart() -> None:
    model = train(COLOURS, LEXICON)
    for label in COLOURS:
        likely = model.likelihoods(("something", label), LEXICON)
        assert max(likely, key=lambda name: likely[name]) == label
        assert sum(likely.values()) == pytest.approx(1)


def test_learning_is_repeatable() -> None:
    first, second = train(COLOURS, LEXICON), train(COLOURS, LEXICON)
    assert np.array_equal(first.weights, second.weights)
    assert np.array_equal(first.bias, second.bias)
    assert (first.labels, first.features) == (second.labels, second.features)


def test_words_are_counted_and_common_ones_known() -> None:
    counts = train(COLOURS, LEXICON).counts
    assert counts["red"] == 3
    assert counts["grease"] == 0


def test_nothing_known_is_nothing_likely() -> None:
    assert train(COLOURS, LEXICON).likelihoods(("zzz",), LEXICON) == {}


def test_many_texts_are_told_from_the_likest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "RIVALS", 4)
    monkeypatch.setattr(training, "LARGEST", 3 * 40)
    model = train(COLOURS, LEXICON)
    assert len(model.features.numbers) == 40
    likely = model.likelihoods(("green", "one"), LEXICON)
    assert max(likely, key=lambda name: likely[name]) == "green"
