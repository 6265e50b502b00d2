"""The assistant's own sentences: each is filled with what it names, and labels bear no marks."""

from collections.abc import Iterator, Mapping

import pytest

from dialogs.library import load
from dialogs.sentences import PLACEHOLDER, fill
from tests.dialogs.talks import ROOT

WORDS = load(ROOT / "knowledge").words


def sentences(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from sentences(part, f"{name} {key}".strip())


def test_what_is_not_known_stays_as_it_stands() -> None:
    assert fill("{a} {b} {}", {"a": "{b}"}) == "{b} {b} {}"


@pytest.mark.parametrize(("name", "text"), list(sentences(WORDS.model_dump())))
def test_every_sentence_is_whole(name: str, text: str) -> None:
    assert text == text.strip()
    assert "{" not in PLACEHOLDER.sub("", text), "a brace that is not closed"
    assert text.count("**") % 2 == 0
    assert text.count("`") % 2 == 0
    assert "mailto:" not in text


@pytest.mark.parametrize("group", ["buttons", "people", "answers"])
def test_labels_bear_no_marks(group: str) -> None:
    for name, text in sentences(WORDS.model_dump()[group]):
        assert "**" not in text, name
        assert "`" not in text, name
