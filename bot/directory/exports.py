"""The exports of the Get-Cs* cmdlets: what a row of each looks like."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from pydantic_core import PydanticCustomError

from bot.directory.powershell import Line, SnapshotError, lines
from bot.directory.sip import strict
from dialogs.document import Problem
from dialogs.schema import suggest


def _flag(value: object) -> object:
    """True or False as PowerShell writes them; empty: not known."""
    known = {"true": True, "false": False, "": None, "none": None}
    if (text := str(value).strip().lower()) in known:
        return known[text]
    raise PydanticCustomError("flag", "must be True or False")


def _text(value: object) -> object:
    return "" if value is None else value


def _address(value: object) -> object:
    if isinstance(value, str) and (address := strict(value.strip())):
        return address
    raise PydanticCustomError("sip", "must be an address, such as sip:lync.user@fabrikam.com")


Flag = Annotated[bool | None, BeforeValidator(_flag)]
Text = Annotated[str, BeforeValidator(_text)]
Address = Annotated[str, BeforeValidator(_address)]


class Row(BaseModel):
    """A row of an export, its properties named as in PowerShell; others are passed over."""

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


class RecordRow(Row):
    """Resolve-DnsName -Type SRV; no target: it was asked for, and there is no record."""

    name: str
    name_target: Text


class TenantRow(Row):
    """Get-CsTenantFederationConfiguration."""

    allow_public_users: Flag


class TenantProviderRow(Row):
    """Get-CsTenantPublicProvider, its DomainPICStatus expanded."""

    provider: str
    status: Text


R = TypeVar("R", bound=Row)


def rows(path: Path, form: type[R], shown: str) -> Iterator[tuple[int, R]]:
    """The rows of an export in their form, each with its line; `shown` names the file to people.

    Raises SnapshotError for the first row that cannot be used.
    """
    for line in lines(path, shown):
        try:
            yield line.number, form.model_validate(line.value)
        except ValidationError as error:
            raise SnapshotError([_problem(e, line, shown) for e in error.errors()]) from error


def _problem(error: Any, line: Line, shown: str) -> Problem:
    name = str(error["loc"][0])
    if error["type"] == "missing":
        what, remedy = f"“{name}” is missing.", suggest(name, list(line.value))
        if not remedy.startswith("Did"):
            remedy = f"Export it with Select-Object, {name} among the properties."
        return Problem(shown, line.number, what, remedy)
    said = error["msg"] if error["type"] in {"flag", "sip"} else "must be a text"
    remedy = "Correct it, or export it again."
    return Problem(shown, line.number, f"“{name}” {said}.", remedy)
