"""The paper that dialogs are drawn on: text in its tones, boxes, ticks and marks.

All measures are points of a drawing that is WIDTH of them wide. It is painted at four times that
and made smaller by half in the end, which smooths every edge.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

WIDTH = 450
PAINTED, KEPT = 4, 2
"""Pixels of a point: as it is painted, and in the file."""
NARROWEST = 20
"""No text stands nearer to the sides."""
LINE = 1.35
"""Height of a line of text, in its size."""

GROUND, FRAME, EDGE, CONTROL = "#e6edea", "#74877f", "#b4c3bd", "#66786f"
ACCENT, MARKED, GOOD = "#0b5f58", "#b3400f", "#1c6b35"


class DoesNotFit(Exception):
    """What is too large for a dialog: a text of it, or the whole."""


class Tone(Enum):
    """An ink and the ground that it stands on; no text is drawn in any other pair."""

    PLAIN = ("#17231f", "#ffffff")
    QUIET = ("#4a5a54", "#ffffff")
    TITLE = ("#17231f", "#d5e3de")
    BUTTON = ("#17231f", "#eef3f1")
    CHOSEN = ("#ffffff", ACCENT)
    TAB = (ACCENT, "#ffffff")
    MARK = ("#ffffff", MARKED)

    @property
    def ink(self) -> str:
        """The colour of the letters."""
        return self.value[0]

    @property
    def ground(self) -> str:
        """The colour behind them."""
        return self.value[1]


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, right and bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def larger(self, by: float) -> "Box":
        """The box with so much more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


class Sheet:
    """A white sheet, `height` points high."""

    def __init__(self, width: float, height: float) -> None:
        size = (round(width * PAINTED), round(height * PAINTED))
        self.image = Image.new("RGB", size, Tone.PLAIN.ground)
        self._pen = ImageDraw.Draw(self.image)

    def box(
        self, box: Box, *, fill: str = "", edge: str = "", radius: float = 5, width: float = 1
    ) -> None:
        """A box with round corners, filled or with an edge or both."""
        self._pen.rounded_rectangle(
            _scaled(box.left, box.top, box.right, box.bottom),
            radius * PAINTED,
            fill=fill or None,
            outline=edge or None,
            width=round(width * PAINTED),
        )

    def disc(self, x: float, y: float, radius: float, *, fill: str = "", edge: str = "") -> None:
        """A circle around a point."""
        around = Box(x, y, x, y).larger(radius)
        self.box(around, fill=fill, edge=edge, radius=radius, width=1.5)

    def stroke(self, *points: tuple[float, float], ink: str, width: float = 2) -> None:
        """Lines from point to point."""
        scaled = [(x * PAINTED, y * PAINTED) for x, y in points]
        self._pen.line(scaled, fill=ink, width=round(width * PAINTED), joint="curve")

    def shape(self, *points: tuple[float, float], ink: str, edge: str) -> None:
        """A filled outline."""
        scaled = [(x * PAINTED, y * PAINTED) for x, y in points]
        self._pen.polygon(scaled, fill=ink, outline=edge, width=round(1.5 * PAINTED))

    def text(
        self, x: float, y: float, text: str, tone: Tone, *, size: float = 16, bold: bool = False
    ) -> None:
        """One line of text; `x` and `y` are its left and its middle. Raises DoesNotFit."""
        if x < NARROWEST or x + width_of(text, size) > WIDTH - NARROWEST:
            raise DoesNotFit(text)
        self._pen.text(
            (x * PAINTED, y * PAINTED),
            text,
            font=_font(size),
            fill=tone.ink,
            anchor="lm",
            stroke_width=size / 22 if bold else 0,  # the font has no bold face of its own
        )

    def wrapped(
        self, x: float, y: float, text: str, tone: Tone, *, right: float, size: float = 16
    ) -> float:
        """Text in as many lines as it takes; `y` is the top of the first. Returns its height."""
        lines = wrap(text, right - x, size)
        for number, line in enumerate(lines):
            self.text(x, y + (number + 0.5) * size * LINE, line, tone, size=size)
        return len(lines) * size * LINE


def width_of(text: str, size: float = 16) -> float:
    """How wide a line of text is."""
    return _font(size).getlength(text) / PAINTED


def wrap(text: str, width: float, size: float = 16) -> list[str]:
    """Text in lines that are no wider; a word that is wider alone has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _scaled(*values: float) -> tuple[float, ...]:
    return tuple(value * PAINTED for value in values)


@lru_cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    """The font that Pillow brings along (Aileron)."""
    font = ImageFont.load_default(size * PAINTED)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow was made without FreeType"
    return font
