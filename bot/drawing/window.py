"""Draws a described dialog as PNG: a window on a ground of its own, for pages light and dark."""

from io import BytesIO

from PIL import Image, ImageDraw

from bot.drawing.elements import GAP, MARGIN, draw
from bot.drawing.sheet import (
    CONTROL,
    FRAME,
    GROUND,
    KEPT,
    MARKED,
    PAINTED,
    WIDTH,
    Box,
    DoesNotFit,
    Sheet,
    Tone,
    width_of,
)
from dialogs.pictures import Drawing, Element, Kind

TITLE = 38
HIGHEST = 1600


def png(drawing: Drawing) -> bytes:
    """A drawing as the bytes of its file; the same ones whenever nothing in it has changed.

    Raises DoesNotFit for what its author has to make shorter.
    """
    painted = _painted(drawing)
    size = (painted.width * KEPT // PAINTED, painted.height * KEPT // PAINTED)
    painted.putalpha(_corners(painted.size))
    image = painted.resize(size, Image.Resampling.BOX)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _painted(drawing: Drawing) -> Image.Image:
    sheet = Sheet(WIDTH, HIGHEST)
    marks: list[tuple[Element, Box]] = []
    y: float = MARGIN + TITLE + GAP
    above: Kind | None = None
    for element in drawing.elements:
        y, looked_at = draw(sheet, element, y, above)
        marks.append((element, looked_at))
        y, above = y + GAP, element.kind
        if y > HIGHEST - MARGIN:
            raise DoesNotFit(drawing.window)
    for element, looked_at in marks:
        _mark(sheet, element, looked_at)
    window = Box(MARGIN, MARGIN, WIDTH - MARGIN, y + 10)
    _frame(sheet, drawing.window, window)
    return sheet.image.crop((0, 0, WIDTH * PAINTED, round((window.bottom + MARGIN) * PAINTED)))


def _frame(sheet: Sheet, title: str, window: Box) -> None:
    """The ground around a window, its edge, and its title."""
    all_of_it = Box(0, 0, WIDTH, window.bottom + MARGIN)
    ring = Image.new("L", sheet.image.size, 255)
    inside = tuple(PAINTED * v for v in (window.left, window.top, window.right, window.bottom))
    ImageDraw.Draw(ring).rounded_rectangle(inside, 9 * PAINTED, fill=0)
    sheet.image.paste(GROUND, mask=ring)
    bar = Box(window.left, window.top, window.right, window.top + TITLE)
    sheet.box(bar, fill=Tone.TITLE.ground, radius=9)
    sheet.box(
        Box(bar.left, bar.bottom - 10, bar.right, bar.bottom), fill=Tone.TITLE.ground, radius=0
    )
    middle, x = bar.top + TITLE / 2, bar.right - 20
    sheet.text(MARGIN + 14, middle, title, Tone.TITLE, bold=True)
    for rise in (4.5, -4.5):
        sheet.stroke((x - 4.5, middle - rise), (x + 4.5, middle + rise), ink=FRAME, width=1.5)
    sheet.box(window, edge=CONTROL, radius=9)
    sheet.box(all_of_it, edge=FRAME, radius=14, width=1.5)


def _corners(size: tuple[int, int]) -> Image.Image:
    """What is seen of a picture: all but its corners, which are round."""
    seen = Image.new("L", size, 0)
    ImageDraw.Draw(seen).rounded_rectangle((0, 0, size[0], size[1]), 14 * PAINTED, fill=255)
    return seen


def _mark(sheet: Sheet, element: Element, box: Box) -> None:
    """Draws the eye to something: a ring, and a number or a pointer."""
    if not element.mark:
        return
    ring = box.larger(4)
    sheet.box(ring, edge=MARKED, radius=8, width=2.5)
    if element.mark == "here":
        _pointer(sheet, ring.right - min(24, (ring.right - ring.left) / 5), ring.bottom - 9)
        return
    x, y = ring.left - 8, (ring.top + ring.bottom) / 2
    sheet.disc(x, y, 11, fill=MARKED, edge=Tone.PLAIN.ground)
    half = width_of(element.mark, 14) / 2
    sheet.text(x - half, y + 0.5, element.mark, Tone.MARK, size=14, bold=True)


def _pointer(sheet: Sheet, x: float, y: float) -> None:
    """The arrow of a mouse, its tip at a point."""
    arrow = ((0, 0), (0, 20), (4.7, 15.6), (7.8, 23), (11.2, 21.6), (8.2, 14.4), (14.6, 14.4))
    points = [(x + across, y + down) for across, down in arrow]
    sheet.shape(*points, ink=Tone.PLAIN.ink, edge=Tone.PLAIN.ground)
