"""What Request Tracker answers, as far as anybody here reads it."""

from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_pascal

T = TypeVar("T")
Number = Annotated[int, BeforeValidator(lambda value: value or 0)]
"""RT writes numbers as text, and none as an empty one."""
Several = Annotated[tuple[T, ...], BeforeValidator(lambda value: value or ())]
"""RT writes an empty text where there are none, as for the fields of a queue without any."""


class Part(BaseModel):
    """RT's names are in Pascal's case, and there is more than is read."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_pascal)


class Named(Part):
    """A user by their name."""

    id: str = Field(alias="id", coerce_numbers_to_str=True)


def _named(value: object) -> object:
    return value if isinstance(value, dict) else {"id": value}


User = Annotated[Named, BeforeValidator(_named)]
"""A user who is gone is a bare number."""


class CustomField(BaseModel, frozen=True):
    """The values of a custom field: texts, where it is one of texts."""

    name: str
    values: Several[object] = ()


class Row(Part):
    """A ticket as it is now; what was merged into another one has the other's `effective_id`."""

    id: int = Field(alias="id")
    effective_id: int
    status: str
    owner: User
    requestor: Several[User] = ()
    custom_fields: Several[CustomField] = ()


class Transaction(Part):
    """Something that happened to a ticket, by the number that it had there and then."""

    id: int = Field(alias="id")
    type: str
    new_value: str | None = None
    object_id: int
    creator: User
    created: AwareDatetime


class Attached(Part):
    """A part of a message without what is in it; `content_length` in bytes."""

    id: int = Field(alias="id")
    content_type: str | None = None
    filename: str | None = None
    content_length: Number = 0
