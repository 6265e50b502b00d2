"""The elements of dialogs: each draws itself from `y` on, down a sheet.

It returns where it ends, and the box of what a mark on it is meant for.
"""

from collections.abc import Callable, Mapping

from bot.drawing.sheet import (
    ACCENT,
    CONTROL,
    EDGE,
    GOOD,
    GROUND,
    WIDTH,
    Box,
    Sheet,
    Tone,
    width_of,
)
from dialogs.pictures import Element, Kind

MARGIN, ROW, GAP = 16, 32, 12
LEFT, RIGHT = MARGIN + 30, WIDTH - MARGIN - 22
"""Where what is in a window begins, with room for a mark beside it, and where it ends."""

Drawn = tuple[float, Box]


def _text(sheet: Sheet, element: Element, y: float) -> Drawn:
    end = y + sheet.wrapped(LEFT, y, element.text, Tone.PLAIN, right=RIGHT)
    return end, Box(LEFT, y, RIGHT, end)


def _heading(sheet: Sheet, element: Element, y: float) -> Drawn:
    sheet.text(LEFT, y + 11, element.text, Tone.PLAIN, size=17, bold=True)
    after = LEFT + width_of(element.text, 17) + 12
    sheet.stroke((min(after, RIGHT), y + 12), (RIGHT, y + 12), ink=EDGE, width=1)
    return y + 22, Box(LEFT, y, RIGHT, y + 22)


def _field(sheet: Sheet, element: Element, y: float) -> Drawn:
    top = y + sheet.wrapped(LEFT, y, element.text, Tone.PLAIN, right=RIGHT, size=15) + 4
    box = Box(LEFT, top, RIGHT, top + ROW)
    sheet.box(box, edge=CONTROL)
    middle = top + ROW / 2
    sheet.text(LEFT + 10, middle, element.value, Tone.PLAIN)
    if element.mark:  # that is where somebody types
        caret = LEFT + 12 + width_of(element.value)
        sheet.stroke((caret, middle - 9), (caret, middle + 9), ink=Tone.PLAIN.ink, width=1)
    end = box.bottom
    if element.small:
        end += 3
        end += sheet.wrapped(LEFT, end, element.small, Tone.QUIET, right=RIGHT, size=14)
    return end, box


def _list(sheet: Sheet, element: Element, y: float) -> Drawn:
    top = y + sheet.wrapped(LEFT, y, element.text, Tone.PLAIN, right=RIGHT, size=15) + 4
    box = Box(LEFT, top, RIGHT, top + ROW)
    sheet.box(box, fill=Tone.BUTTON.ground, edge=CONTROL)
    middle, x = top + ROW / 2, RIGHT - 18
    sheet.text(LEFT + 10, middle, element.chosen, Tone.BUTTON)
    sheet.stroke((x - 5, middle - 2.5), (x, middle + 2.5), (x + 5, middle - 2.5), ink=CONTROL)
    if not element.entries:
        return box.bottom, box
    return _rows(sheet, element, Box(LEFT, box.bottom + 2, RIGHT, 0))


def _menu(sheet: Sheet, element: Element, y: float) -> Drawn:
    return _rows(sheet, element, Box(LEFT, y, min(LEFT + _menu_width(element), RIGHT), 0))


def _hanging(sheet: Sheet, element: Element, y: float) -> Drawn:
    """A menu that hangs from the button above it."""
    top = y - GAP + 3
    return _rows(sheet, element, Box(max(RIGHT - _menu_width(element), LEFT), top, RIGHT, 0))


def _menu_width(element: Element) -> float:
    return max(120, *(width_of(entry) for entry in element.entries)) + 60


def _rows(sheet: Sheet, element: Element, box: Box) -> Drawn:
    """Entries below each other in a box, the chosen one filled."""
    end = box.top + ROW * len(element.entries) + 6
    whole = Box(box.left, box.top, box.right, end)
    sheet.box(whole, edge=CONTROL)
    looked_at = whole
    for number, entry in enumerate(element.entries):
        top = box.top + 3 + number * ROW
        row = Box(box.left + 3, top, box.right - 3, top + ROW)
        tone = Tone.PLAIN
        if entry == element.chosen:
            tone, looked_at = Tone.CHOSEN, row
            sheet.box(row, fill=tone.ground, radius=4)
        sheet.text(row.left + 9, top + ROW / 2, entry, tone)
    return end, looked_at


def _tick(sheet: Sheet, element: Element, y: float) -> Drawn:
    fill = ACCENT if element.ticked else Tone.PLAIN.ground
    sheet.box(Box(LEFT, y + 1, LEFT + 18, y + 19), fill=fill, edge=CONTROL, radius=4, width=1.5)
    if element.ticked:
        hook = ((LEFT + 4, y + 10), (LEFT + 7.7, y + 14), (LEFT + 14, y + 6))
        sheet.stroke(*hook, ink=Tone.PLAIN.ground, width=2.2)
    end = y + sheet.wrapped(LEFT + 28, y, element.text, Tone.PLAIN, right=RIGHT)
    return end, Box(LEFT, y, RIGHT, end)


def _choices(sheet: Sheet, element: Element, y: float) -> Drawn:
    looked_at, top = Box(LEFT, y, RIGHT, y), y
    for choice in element.entries:
        sheet.disc(LEFT + 9, y + 10, 9, fill=Tone.PLAIN.ground, edge=CONTROL)
        end = y + sheet.wrapped(LEFT + 28, y, choice, Tone.PLAIN, right=RIGHT)
        if choice == element.chosen:
            sheet.disc(LEFT + 9, y + 10, 4.5, fill=ACCENT)
            looked_at = Box(LEFT, y, RIGHT, end)
        y = end + 8
    end = y - 8
    return end, looked_at if element.chosen else Box(LEFT, top, RIGHT, end)


def _buttons(sheet: Sheet, element: Element, y: float) -> Drawn:
    """Buttons from the right, where dialogs have them; the chosen one is filled."""
    widths = [max(width_of(entry) + 32, 84) for entry in element.entries]
    x = RIGHT - sum(widths) - 8 * (len(widths) - 1)
    looked_at = Box(x, y, RIGHT, y + ROW)
    for entry, width in zip(element.entries, widths, strict=True):
        box, tone = Box(x, y, x + width, y + ROW), Tone.BUTTON
        if entry == element.chosen:
            tone, looked_at = Tone.CHOSEN, box
        sheet.box(box, fill=tone.ground, edge=CONTROL)
        sheet.text(x + (width - width_of(entry)) / 2, y + ROW / 2, entry, tone)
        x += width + 8
    return y + ROW, looked_at


def _tabs(sheet: Sheet, element: Element, y: float) -> Drawn:
    x, looked_at = LEFT, Box(LEFT, y, RIGHT, y + ROW)
    sheet.stroke((LEFT, y + ROW), (RIGHT, y + ROW), ink=EDGE, width=1)
    for entry in element.entries:
        width = width_of(entry) + 20
        chosen = entry == element.chosen
        sheet.text(x + 10, y + ROW / 2, entry, Tone.TAB if chosen else Tone.QUIET, bold=chosen)
        if chosen:
            sheet.stroke((x + 4, y + ROW), (x + width - 4, y + ROW), ink=ACCENT, width=3)
            looked_at = Box(x, y, x + width, y + ROW)
        x += round(width) + 4
    return y + ROW + 2, looked_at


def _person(sheet: Sheet, element: Element, y: float) -> Drawn:
    face = Box(LEFT, y, LEFT + 46, y + 46)
    sheet.box(face, fill=GROUND, edge=EDGE, radius=6)
    sheet.disc(LEFT + 23, y + 17, 8.5, fill=CONTROL)
    sheet.box(Box(LEFT + 8, y + 29, LEFT + 38, y + 46), fill=CONTROL, radius=11)
    sheet.box(Box(LEFT + 8, y + 38, LEFT + 38, y + 46), fill=CONTROL, radius=0)
    _presence(sheet, element, LEFT + 43, y + 42)
    sheet.text(LEFT + 64, y + (13 if element.small else 23), element.text, Tone.PLAIN, bold=True)
    sheet.text(LEFT + 64, y + 35, element.small, Tone.QUIET)
    if not element.small:
        return y + 50, Box(LEFT, y - 1, RIGHT, y + 50)
    below = Box(LEFT + 60, y + 25, LEFT + 68 + width_of(element.small), y + 46)
    return y + 50, below


def _presence(sheet: Sheet, element: Element, x: float, y: float) -> None:
    if element.presence == "available":
        sheet.disc(x, y, 9, fill=GOOD, edge=Tone.PLAIN.ground)
        hook = ((x - 4, y), (x - 1, y + 3.2), (x + 4.2, y - 3))
        sheet.stroke(*hook, ink=Tone.PLAIN.ground, width=1.8)
    elif element.presence == "unknown":
        sheet.disc(x, y, 10, fill=Tone.PLAIN.ground, edge=CONTROL)
        half = width_of("?", 14) / 2
        sheet.text(x - half, y + 0.5, "?", Tone.PLAIN, size=14, bold=True)


DRAW: Mapping[Kind, Callable[[Sheet, Element, float], Drawn]] = {
    "text": _text,
    "heading": _heading,
    "field": _field,
    "list": _list,
    "tick": _tick,
    "person": _person,
    "choices": _choices,
    "buttons": _buttons,
    "tabs": _tabs,
    "menu": _menu,
}


def draw(sheet: Sheet, element: Element, y: float, above: Kind | None) -> Drawn:
    """Draws an element below another one of the kind `above`."""
    if (above, element.kind) == ("buttons", "menu"):
        return _hanging(sheet, element, y)
    return DRAW[element.kind](sheet, element, y)
