"""Drawings: their size, their colours, and that they are the same whenever nothing has changed."""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from bot.drawing.sheet import GROUND, DoesNotFit, Sheet, Tone, wrap
from bot.drawing.window import png
from dialogs.document import parse
from dialogs.library import load
from dialogs.pictures import LETTERS, LOOK, Drawing, PictureForm, drawing
from dialogs.schema import validate
from tests.dialogs.talks import ROOT

PICTURES = load(ROOT / "knowledge").pictures
EXAMPLES = {"bob@contoso.com", "bob(contoso.com)@msn.com", "someone@domain.com"}
"""The only addresses in pictures: those of the documents."""

EVERYTHING = """
alt: >
  All of A, B, C, D, a and a text that is longer than a line so that it goes on in the next one.
window: All
shows:
  - heading: A
  - text: A text that is longer than a line so that it goes on in the next one
    mark: 1
  - field: A
    value: B
    hint: C
  - field: B
  - list: A
    chosen: B
  - list: A
    entries: [A, B]
    chosen: B
    mark: here
  - tick: A
    mark: 2
  - choices: [A, B]
    mark: here
  - tabs: [A, B]
    chosen: B
    mark: here
  - buttons: [A, B]
  - menu: [A, B]
    chosen: B
    mark: 3
  - person: A
    below: B
    presence: available
    mark: here
"""
LOOKS = {1: "b4097b90526c"}
"""The digest of EVERYTHING's pixels by LOOK."""


def described(text: str) -> Drawing:
    document = parse(text, "all.yaml")
    return drawing("all", document, validate(PictureForm, document))


def opened(one: Drawing) -> Image.Image:
    return Image.open(BytesIO(png(one)))


def test_who_draws_otherwise_raises_look() -> None:
    """Browsers keep a file for ever, and `knowledge pictures` draws only what is missing."""
    pixels = opened(described(EVERYTHING)).tobytes()
    assert LOOKS.get(LOOK) == hashlib.sha256(pixels).hexdigest()[:12]


@pytest.mark.parametrize("one", PICTURES.values(), ids=PICTURES.keys())
def test_a_picture_of_the_knowledge(one: Drawing) -> None:
    image = opened(one)

    assert (image.format, image.mode, image.width) == ("PNG", "RGBA", 900)
    assert 300 < image.height < 1200
    alpha = image.getchannel("A")
    assert alpha.getpixel((0, 0)) == 0, "its corners are round"
    assert alpha.getpixel((16, 16)) == 255, "and all else covers what is below"
    assert image.getpixel((16, 16)) == (*bytes.fromhex(GROUND[1:]), 255)
    assert png(one) == png(one)


def test_only_examples_of_the_documents_are_shown() -> None:
    found = {
        address
        for one in PICTURES.values()
        for address in re.findall(r"[\w.()]+@[\w.]*\w", f"{one.picture.alt} {one.elements}")
    }
    assert found <= EXAMPLES


def luminance(colour: str) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour[1:])]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", Tone)
def test_every_ink_is_readable_on_its_ground(tone: Tone) -> None:
    """As WCAG 2.2 asks of text."""
    lighter, darker = sorted((luminance(tone.ink), luminance(tone.ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def letters() -> Iterator[str]:
    """Every character that a picture file may have drawn."""
    yield from (letter for letter in map(chr, range(33, 0x3000)) if LETTERS.fullmatch(letter))


def painted(text: str) -> bytes:
    sheet = Sheet(60, 30)
    sheet.text(20, 15, text, Tone.PLAIN)
    return sheet.image.tobytes()


def test_the_font_has_every_letter_that_may_be_drawn() -> None:
    lacking = painted("\ufffe")
    assert painted("é") == lacking
    shown = {letter: painted(letter) for letter in letters()}
    assert len(shown) > 100
    assert lacking not in shown.values()
    assert painted(" ") not in shown.values()


@pytest.mark.parametrize(
    "element",
    ["field: A\n    value: " + "w" * 50, "buttons: [" + ", ".join(["a"] * 6) + "]",
     "person: " + "w" * 50, "menu: [" + "w" * 50 + "]"],
)  # fmt: skip
def test_what_does_not_fit_is_refused(element: str) -> None:
    alt = f"A {'w' * 50} a, a window"
    with pytest.raises(DoesNotFit):
        png(described(f"alt: {alt}\nwindow: window\nshows:\n  - {element}\n"))


def test_a_dialog_that_is_too_high_is_refused() -> None:
    high = "  - menu: [a, a, a, a, a, a]\n" * 12
    with pytest.raises(DoesNotFit, match=r"^window$"):
        png(described(f"alt: a window\nwindow: window\nshows:\n{high}"))


def test_text_is_broken_between_words() -> None:
    assert wrap("one two three", 60) == ["one two", "three"]
    assert wrap("one " + "w" * 40 + " two", 60) == ["one", "w" * 40, "two"]
    assert wrap("", 60) == []
