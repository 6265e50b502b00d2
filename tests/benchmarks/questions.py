"""Questions that others wrote, with the topic that each is about; most lie beside the project."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dialogs.model import OUTSIDE

ROOT = Path(__file__).parents[2]
EVAL = ROOT.parent / "shared" / "eval"
PUBLIC = EVAL / "public"
NO_INTENT = "NO_NODES_DETECTED"
"""HINT3's name for what is outside."""

Texts = Mapping[str, Sequence[str]]
"""What is learned from: texts by label."""


@dataclass(frozen=True)
class Question:
    """What somebody asked, what it is about, and in which way it is hard (plain, typo, long)."""

    text: str
    label: str
    kind: str = "plain"


def blind() -> list[Question]:
    """Written by somebody who knew what each topic is about, and none of its phrasings.

    No phrasing may be taken from here: it would measure nothing any more.
    """
    return _lines(Path(__file__).with_name("blind.jsonl"))


def dev() -> list[Question]:
    """The development set, whose questions may be phrasings, too."""
    return _lines(EVAL / "dev.jsonl")


def _lines(path: Path) -> list[Question]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Question(row["text"], row["label"], row["slice"]) for row in rows]


def banking() -> tuple[Texts, list[Question]]:
    """BANKING77, ten texts a label to learn from."""
    folder = PUBLIC / "banking77-10shot"
    return _by_label(_paired(folder, "train")), _paired(folder, "test")


def mattresses() -> tuple[Texts, list[Question]]:
    """HINT3 SOFMattress: what real people typed into a shop's chat."""
    folder = PUBLIC / "hint3-sofmattress"
    return _by_label(_rows(folder / "train.csv")), list(_rows(folder / "test.csv"))


def _paired(folder: Path, name: str) -> list[Question]:
    texts = (folder / f"{name}.txt").read_text("utf-8").splitlines()
    labels = (folder / f"{name}.labels").read_text("utf-8").splitlines()
    return [Question(*pair) for pair in zip(texts, labels, strict=True)]


def _rows(path: Path) -> Iterator[Question]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            label = OUTSIDE if row["label"] == NO_INTENT else row["label"]
            yield Question(row["sentence"], label)


def _by_label(questions: Iterator[Question] | Sequence[Question]) -> Texts:
    texts: dict[str, list[str]] = {}
    for question in questions:
        texts.setdefault(question.label, []).append(question.text)
    return texts
