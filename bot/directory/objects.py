"""What PowerShell sent, as plain values: the objects of a cmdlet, and what went wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pypsrp.complex_objects import ErrorRecord, GenericComplexObject

from bot.directory.forms import UNKNOWN

OBJECT_NOT_FOUND = 13
"""The category of an error about something that does not exist (System.Management.Automation)."""
NOT_FOUND = 'management object not found for identity "{}"'
"""How the Lync cmdlets say so, whatever the category; documented for Remove-CsUserAcp."""


@dataclass(frozen=True)
class Failure:
    """An error record. What can name a person is kept to be compared and never shown."""

    category: int | None
    kind: str
    missing_cmdlet: bool
    about: str = field(repr=False)
    said: str = field(repr=False)

    def denies(self, identity: str) -> bool:
        """Whether it says that there is no object of this identity, and nothing else.

        Other things can be missing, too: a cmdlet, a server, a domain. So what is missing has to
        be what was asked for, by name.
        """
        if self.missing_cmdlet:
            return False
        if self.category == OBJECT_NOT_FOUND and self.about.lower() == identity:
            return True
        sentence = self.said.strip().lower().startswith(NOT_FOUND.format(identity))
        return sentence and self.kind == "ManagementException"


def failure(record: ErrorRecord) -> Failure:
    """An error record as far as it is of the documented types."""
    category, kind = record.category, _text(record.reason)
    return Failure(
        category=category if isinstance(category, int) else None,
        kind=kind if kind.isidentifier() else "",  # a type's name, and never a sentence
        missing_cmdlet=_text(record.fq_error).partition(",")[0] == "CommandNotFoundException",
        about=_text(record.target_name),
        said=_text(properties(record.exception).get("Message")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def properties(value: object) -> dict[str, object]:
    """The properties of an object by name; none where it is no object with properties."""
    if not isinstance(value, GenericComplexObject):
        return {}
    both: Mapping[str, object] = {**value.adapted_properties, **value.extended_properties}
    return {name: _plain(inner) for name, inner in both.items()}


def _plain(value: object) -> object:
    """A value without objects in it: those with a name are that, others are not known."""
    match value:
        case None | bool() | str():
            return value
        case list():
            return [properties(inner) for inner in value]
        case GenericComplexObject():
            return _named(value)
    return UNKNOWN


def _named(value: GenericComplexObject) -> object:
    """How an object calls itself. One that does not know how gives its type, which is no name."""
    types = {name.removeprefix("Deserialized.") for name in value.types}
    if isinstance(value.to_string, str) and value.to_string and value.to_string not in types:
        return value.to_string
    name = value.adapted_properties.get("Name")
    return name if isinstance(name, str) and name else UNKNOWN
