"""What a button on one of our cards sends when it is pressed; `render.py` has put it there."""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from dialogs.model import Press

LONGEST_SAID = 400
"""Characters of what a button says, or what stands on it."""
LONGEST_VALUE = 100_000
"""Characters of what was typed into a field that are read; what is too long is said there."""

Number = Annotated[int, Field(ge=0, lt=2**31)]
Value = Annotated[str | None, Field(max_length=LONGEST_VALUE)]


class Pressed(BaseModel, frozen=True):
    """The data of a button; `label` is what stands on it, where the card tells."""

    says: str = Field(max_length=LONGEST_SAID)
    card: Number = 0
    form: Number = 0
    label: str = Field("", max_length=LONGEST_SAID)
    title: Value = None
    text: Value = None

    def press(self) -> Press:
        """The same as the core takes it, with what was typed by the names of its fields."""
        typed = {"title": self.title, "text": self.text}
        values = {name: value for name, value in typed.items() if value is not None}
        return Press(self.says, self.card, values, self.form)


def read_pressed(value: object) -> Pressed | None:
    """The button that was pressed; None: none of ours was."""
    try:
        return Pressed.model_validate(value)
    except ValidationError:
        return None
