"""What was learned is kept in a file, and learned anew where that cannot be used."""

import logging
from pathlib import Path

import numpy as np
import pytest

from bot.models import packed, understander, unpacked
from dialogs.classifier import Model
from dialogs.lexicon import Lexicon
from dialogs.library import Library
from dialogs.training import train
from tests.dialogs.sample import FILES, PHRASINGS, loaded

MODEL = train({"tea": ("make tea",), "coffee": ("grind beans",)}, Lexicon())
QUESTION = "how do i make a cup of tea"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return loaded(tmp_path_factory.mktemp("knowledge"))


def kept(folder: Path) -> list[Path]:
    """The files of models."""
    return sorted((folder / "models").iterdir())


def test_a_file_holds_all_of_a_model() -> None:
    model = unpacked(packed(MODEL))
    assert (model.labels, model.counts) == (MODEL.labels, MODEL.counts)
    assert model.features == MODEL.features
    assert np.array_equal(model.weights, MODEL.weights)
    assert np.array_equal(model.bias, MODEL.bias)
    assert packed(model) == packed(MODEL)


@pytest.mark.parametrize("content", [b"", b"no model", packed(MODEL)[:-100], packed(MODEL)[100:]])
def test_a_damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"it is no model|pickle"):
        unpacked(content)


def test_a_flipped_bit_is_found() -> None:
    content = bytearray(packed(MODEL))
    content[len(content) // 3] ^= 1
    with pytest.raises(ValueError, match="it is no model"):
        unpacked(bytes(content))


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        unpacked(packed(Model(("tea",), {}, MODEL.features, MODEL.weights, MODEL.bias)))


def test_learning_happens_once(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        first = understander(library, tmp_path)
        second = understander(library, tmp_path)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert first.understand(QUESTION) == second.understand(QUESTION)
    assert first.understand(QUESTION).decision == "answer"
    assert len(kept(tmp_path)) == 1


def test_what_was_learned_before_goes(library: Library, tmp_path: Path) -> None:
    understander(library, tmp_path)
    before = kept(tmp_path)
    more = {PHRASINGS: FILES[PHRASINGS].replace("tea:\n", "tea:\n  - a nice hot cup\n")}
    changed = understander(loaded(tmp_path / "knowledge", more), tmp_path)
    assert changed.understand("a nice hot cup").guesses[0].topic == "tea"
    assert kept(tmp_path) != before
    assert len(kept(tmp_path)) == 1


def test_a_damaged_file_is_replaced(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    expected = understander(library, tmp_path).understand(QUESTION)
    (file,) = kept(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    assert understander(library, tmp_path).understand(QUESTION) == expected
    assert "learning anew" in caplog.text
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_no_hindrance(
    library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    assert understander(library, tmp_path).understand(QUESTION).decision == "answer"
    assert "not kept" in caplog.text
