"""What Request Tracker answers, as far as anybody here reads it."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_pascal

Number = Annotated[int, BeforeValidator(lambda value: value or 0)]
"""RT writes numbers as text, and none as an empty one."""


class Part(BaseModel):
    """RT's names are in Pascal's case, and there is more than is read."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_pascal)


class Named(Part):
    """A user by their name."""

    id: str = Field(alias="id", coerce_numbers_to_str=True)


class CustomField(BaseModel, frozen=True):
    """The values of a custom field."""

    name: str
    values: tuple[str, ...] = ()


class Row(Part):
    """A ticket as it is now; what was merged into another one has the other's `effective_id`."""

    id: int = Field(alias="id")
    effective_id: int
    status: str
    owner: Named
    requestor: tuple[Named, ...] = ()
    custom_fields: tuple[CustomField, ...] = ()


class Transaction(Part):
    """Something that happened to a ticket, by the number that it had there and then."""

    id: int = Field(alias="id")
    type: str
    new_value: str | None = None
    object_id: int
    creator: Named
    created: AwareDatetime


class Attached(Part):
    """A part of a message without what is in it; `content_length` in bytes."""

    id: int = Field(alias="id")
    content_type: str | None = None
    filename: str | None = None
    content_length: Number = 0
