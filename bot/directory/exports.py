"""The exports of the Get-Cs* cmdlets: what a row of each looks like, and how it is read.

CSV (Export-Csv) or JSON (ConvertTo-Json), as PowerShell writes them: UTF-8 or UTF-16, with or
without a line of types; a JSON export of one object is no list.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from pydantic_core import PydanticCustomError

from bot.directory.sip import strict
from dialogs.document import Problem
from dialogs.schema import suggest

TYPES = "#TYPE"
"""How the first line begins that Export-Csv writes unless told not to."""


class SnapshotError(Exception):
    """Exports that cannot be used; `problems` names every mistake with its file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


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


@dataclass(frozen=True)
class Line:
    """Where a row begins in its file, and what it holds."""

    number: int
    value: dict[str, Any]


def rows(path: Path, form: type[R], shown: str) -> Iterator[tuple[int, R]]:
    """The rows of an export in their form, each with its line; `shown` names the file to people.

    Raises SnapshotError for the first row that cannot be used.
    """
    for line in _lines(path, shown):
        try:
            yield line.number, form.model_validate(line.value)
        except ValidationError as error:
            raise SnapshotError([_problem(e, line, shown) for e in error.errors()]) from error


def _lines(path: Path, shown: str) -> Iterator[Line]:
    text = _decoded(path, shown)
    return _json(text, shown) if path.suffix == ".json" else _csv(text, shown)


def _decoded(path: Path, shown: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"It cannot be read: {error.strerror}."
        raise _mistake(shown, 1, what, "Let the service read it.") from error
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = "This line is neither UTF-8 nor UTF-16."
        raise _mistake(shown, line, what, "Export it with -Encoding UTF8.") from error


def _csv(text: str, shown: str) -> Iterator[Line]:
    skipped = text.startswith(TYPES)
    if skipped:
        text = text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    above = int(skipped)
    try:
        names = next(reader, [])
        begins = reader.line_num + above + 1
        for cells in reader:
            if cells and len(cells) != len(names):
                what = f"This row has {len(cells)} values, and the first line names {len(names)}."
                raise _mistake(shown, begins, what, "Export it again with Export-Csv.")
            if cells:
                yield Line(begins, dict(zip(names, cells, strict=True)))
            begins = reader.line_num + above + 1
    except csv.Error as error:
        line, what = reader.line_num + above, f"This is not CSV: {error}."
        raise _mistake(shown, line, what, "Export it again with Export-Csv.") from error


def _json(text: str, shown: str) -> Iterator[Line]:
    """One object after the other, so that the line of each is known."""
    decoder, at, number, counted = json.JSONDecoder(), _after_blanks(text, 0), 1, 0
    many = text[at : at + 1] == "["
    at = _after_blanks(text, at + many)
    while text[at : at + 1] not in ("]", ""):
        number, counted = number + text.count("\n", counted, at), at
        try:
            value, end = decoder.raw_decode(text, at)
        except ValueError as error:
            line = getattr(error, "lineno", number)
            what = f"This is not JSON: {getattr(error, 'msg', error)}."
            raise _mistake(shown, line, what, "Export it again with ConvertTo-Json.") from error
        if not isinstance(value, dict):
            what, remedy = "This is no object.", "Export objects with ConvertTo-Json."
            raise _mistake(shown, number, what, remedy)
        yield Line(number, value)
        at = _after_blanks(text, end)
        if not many:
            break
        at = _after_comma(text, at, shown)
    if many != (text[at : at + 1] == "]") or text[at + many :].strip():
        line = text.count("\n", 0, at) + 1
        what = "The file ends too early, or goes on behind its end."
        raise _mistake(shown, line, what, "Export it again with ConvertTo-Json.")


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _after_comma(text: str, at: int, shown: str) -> int:
    match text[at : at + 1]:
        case ",":
            return _after_blanks(text, at + 1)
        case "]" | "":
            return at
    line, what = text.count("\n", 0, at) + 1, "A comma is missing before this."
    raise _mistake(shown, line, what, "Export it again with ConvertTo-Json.")


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


def _mistake(shown: str, line: int, what: str, remedy: str) -> SnapshotError:
    return SnapshotError([Problem(shown, line, what, remedy)])
