"""Reading a Direct Line request: who may, with what token, from where on, and what it says."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.channels.directline_incoming import User
from bot.web import BadRequest, read_json
from dialogs.model import Person

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True)
class Door:
    """Who gets a token. With a secret it is who knows it, for the user that they name; without
    one (the demo) it is everybody, for a person that `who` knows."""

    secret: str | None = None
    who: Callable[[str], Person | None] = field(default=lambda _: None)

    def check(self, request: web.Request) -> None:
        """Refuses whoever does not know the secret, before anything they send is read."""
        if self.secret is None:
            return
        given = bearer(request).encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self.secret.encode()):
            raise BadRequest(401, "The secret is wrong")

    def person(self, user: User) -> Person:
        """The person a token is for."""
        if self.secret is not None:
            return user.person()
        person = self.who(user.id)
        if person is None:
            raise BadRequest(403, "No such person", "The demo has people of its own.")
        return person


async def body(request: web.Request, shape: type[Body]) -> Body:
    """The request's JSON, checked."""
    try:
        return shape.model_validate(await read_json(request))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadRequest(400, "The body is not as expected", f"{where}: {first['msg']}") from error


def bearer(request: web.Request) -> str:
    """The token or secret a request brings along; empty where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def watermark(request: web.Request) -> int:
    """The last entry a client has seen; 0 where it has seen none. It fits a database's integer."""
    given = request.query.get("watermark", "")
    if not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise BadRequest(400, "The watermark is not one of ours")
    return int(given)
