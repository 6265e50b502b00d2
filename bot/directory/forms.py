"""What the Get-Cs* cmdlets answer: of the objects of each, the properties that are read."""

from collections.abc import Mapping
from typing import Annotated, Final, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from pydantic_core import PydanticCustomError

from bot.directory.sip import strict

UNKNOWN: Final = object()
"""Stands for a value that could not be read; in a form it becomes None."""


def _flag(value: object) -> object:
    """True or False as PowerShell writes them; empty: not known."""
    known = {"true": True, "false": False, "": None, "none": None}
    if value is UNKNOWN:
        return None
    if (text := str(value).strip().lower()) in known:
        return known[text]
    raise PydanticCustomError("flag", "must be True or False")


def _text(value: object) -> object:
    """A text; empty where PowerShell has null."""
    if value is UNKNOWN:
        return None
    return "" if value is None else value


def _address(value: object) -> object:
    if isinstance(value, str) and (address := strict(value.strip())):
        return address
    raise PydanticCustomError("sip", "must be an address, such as sip:lync.user@fabrikam.com")


Flag = Annotated[bool | None, BeforeValidator(_flag)]
Text = Annotated[str | None, BeforeValidator(_text)]
Address = Annotated[str, BeforeValidator(_address)]


class Row(BaseModel):
    """One object, its properties named as in PowerShell; others are passed over.

    What is a `str` names the object: without it nothing of the object is known.
    """

    model_config = ConfigDict(alias_generator=to_pascal, frozen=True, str_strip_whitespace=True)


class UserRow(Row):
    """Get-CsUser."""

    sip_address: Address
    enabled: Flag
    registrar_pool: Text
    hosting_provider: Text
    external_access_policy: Text


class PolicyRow(Row):
    """Get-CsExternalAccessPolicy."""

    identity: str
    enable_federation_access: Flag
    enable_public_cloud_access: Flag
    enable_public_cloud_audio_video_access: Flag


class PoolRow(Row):
    """Get-CsPool."""

    identity: str
    site: Text


class EdgeRow(Row):
    """Get-CsAccessEdgeConfiguration."""

    allow_federated_users: Flag
    routing_method: Text


class ProviderRow(Row):
    """Get-CsPublicProvider."""

    identity: str
    proxy_fqdn: Text
    enabled: Flag


class DomainRow(Row):
    """Get-CsSipDomain."""

    name: str


class TenantRow(Row):
    """Get-CsTenantFederationConfiguration."""

    allow_public_users: Flag


class TenantProviderRow(Row):
    """Get-CsTenantPublicProvider, its DomainPICStatus expanded."""

    provider: str
    status: Text


R = TypeVar("R", bound=Row)


class Rows(Protocol):
    """Where the objects of cmdlets come from."""

    def __call__(self, cmdlet: str, form: type[R]) -> list[R] | None:
        """The objects of a cmdlet in their form; None where they could not be read."""


def fitting(form: type[R], properties: Mapping[str, object]) -> R | None:
    """An object in its form; a property of another type, or that is missing, is unknown.

    None where that is so of the property that names the object.
    """
    try:
        return form.model_validate(properties)
    except ValidationError as error:
        unfit = {str(each["loc"][0]) for each in error.errors()}
    try:
        return form.model_validate({**properties, **dict.fromkeys(unfit, UNKNOWN)})
    except ValidationError:
        return None
