"""Keeps what was learned from phrasings in a file, and learns anew where it is missing or old.

Learning is left to a process of its own, `python -m bot.models`: texts in, the model's file out.
What it needs (scikit-learn) would hold more memory than all of the service.
"""

import hashlib
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from dialogs.classifier import Model
from dialogs.features import Features
from dialogs.lexicon import Lexicon
from dialogs.library import Library
from dialogs.understand import Understander, examples

ROOT = Path(__file__).parents[1]
LEARNERS = ("addresses", "classifier", "features", "lexicon", "tidy", "tokens", "training")
"""The modules of dialogs/ on which a model depends: one that changes makes models old."""

Tell = Callable[[str], None]

log = logging.getLogger(__name__)


def understander(library: Library, data_dir: Path, tell: Tell = log.info) -> Understander:
    """What tells the library's topics apart, learned before, or now: then `tell` hears of it."""
    lesson = json.dumps(
        {"texts": examples(library), "lexicon": library.lexicon.model_dump(by_alias=True)}
    ).encode()
    return Understander.of(library, _model(lesson, data_dir / "models", tell))


def packed(model: Model) -> bytes:
    """A model as the content of a file; what unpacks it executes nothing."""
    file = io.BytesIO()
    np.savez(
        file,
        labels=_lines(model.labels),
        words=_lines(model.counts),
        counts=np.array(list(model.counts.values()), dtype=np.int64),
        features=_lines(model.features.numbers),
        rarity=np.array(model.features.rarity, dtype=np.float64),
        weights=model.weights,
        bias=model.bias,
    )
    return file.getvalue()


def unpacked(content: bytes) -> Model:
    """The model in a file's content. Raises ValueError where it is damaged or something else."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            labels, words, features = (_texts(file[n]) for n in ("labels", "words", "features"))
            counts, rarity = file["counts"].tolist(), file["rarity"].tolist()
            weights, bias = file["weights"], file["bias"]
    except (BadZipFile, EOFError, KeyError, OSError) as error:
        raise ValueError("it is no model") from error
    if weights.shape != (len(features), len(labels)) or bias.shape != (len(labels),):
        raise ValueError("its tables do not fit together")
    numbers = {feature: number for number, feature in enumerate(features)}
    known = dict(zip(words, counts, strict=True))
    return Model(tuple(labels), known, Features(numbers, rarity), weights, bias)


def _model(lesson: bytes, folder: Path, tell: Tell) -> Model:
    path = folder / f"{_name(lesson)}.npz"
    try:
        return unpacked(path.read_bytes())
    except FileNotFoundError:
        tell("Learning from the phrasings; this takes some seconds.")
    except (OSError, ValueError) as error:
        log.warning("learning anew, as %s cannot be used: %s", path, error)
    content = _learned(lesson)
    try:
        _keep(content, path)
    except OSError as error:
        log.warning("what was learned is not kept in %s: %s", folder, error)
    return unpacked(content)


def _name(lesson: bytes) -> str:
    """Another name for other texts, and for another way of learning from them."""
    digest = hashlib.sha256(lesson)
    for module in LEARNERS:
        digest.update((ROOT / "dialogs" / f"{module}.py").read_bytes())
    return digest.hexdigest()[:16]


def _learned(lesson: bytes) -> bytes:
    command = [sys.executable, "-m", __name__]
    return subprocess.run(  # noqa: S603 - it is this very program
        command, input=lesson, stdout=subprocess.PIPE, cwd=ROOT, check=True
    ).stdout


def _keep(content: bytes, path: Path) -> None:
    """Writes a file that nobody can see half written, and removes the models before it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
    for old in path.parent.glob("*.npz"):
        if old != path:
            old.unlink(missing_ok=True)


def _lines(texts: Sequence[str] | Mapping[str, object]) -> NDArray[np.uint8]:
    """Texts without new lines, as bytes; as an array each would take the room of the longest."""
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _texts(lines: NDArray[np.uint8]) -> list[str]:
    return lines.tobytes().decode().split("\n")


def main() -> None:
    """Learns what stands on standard input; the model goes to standard output."""
    from dialogs.training import train  # noqa: PLC0415 - in this process alone

    lesson = json.load(sys.stdin)
    model = train(lesson["texts"], Lexicon.model_validate(lesson["lexicon"]))
    sys.stdout.buffer.write(packed(model))


if __name__ == "__main__":
    main()
