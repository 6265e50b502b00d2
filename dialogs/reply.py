"""One message to a person, not yet shaped for a channel, and what stands on it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Button:
    """`says` is the typed equivalent: typing it does what pressing the button does.

    Of a reply with fields, some stand `only` on the card that shows these, and some only in the
    text where they cannot be shown. What was typed into them goes along with the primary button,
    and with one that `takes_fields`.
    """

    label: str
    says: str
    primary: bool = False
    only: Literal["", "card", "text"] = ""
    takes_fields: bool = False


@dataclass(frozen=True)
class Link:
    """A way to a page elsewhere."""

    label: str
    url: str


@dataclass(frozen=True)
class Picture:
    """A drawing of a dialog, by the name of its file; `alt` says in words what it shows.

    `told` is the same as a sentence of its own, for where no picture can be shown.
    """

    file: str
    alt: str
    told: str = ""


@dataclass(frozen=True)
class Field:
    """A text that can be changed on a card: at most so many characters, of one line or several.

    `error` says what is wrong with it, `needed` what is said where it is left empty.
    """

    name: str
    label: str
    value: str
    longest: int
    several_lines: bool = False
    error: str = ""
    needed: str = ""


@dataclass(frozen=True)
class Reply:
    """One message to the person, not yet shaped for a channel. `text` is Markdown.

    `heading` and `place` stand above the text, `copy` is a value in a box of its own, `source`
    is small print, `card` and `form` the numbers that its buttons carry. In the text its buttons
    are numbered from `first` on.
    """

    text: str
    heading: str = ""
    place: str = ""
    copy: str = ""
    buttons: tuple[Button, ...] = ()
    source: str = ""
    card: int = 0
    picture: Picture | None = None
    fields: tuple[Field, ...] = ()
    link: Link | None = None
    form: int = 0
    first: int = 1

    @property
    def numbered(self) -> tuple[Button, ...]:
        """The buttons that can be answered by number, as they stand in the text."""
        return tuple(button for button in self.buttons if button.only != "card")
