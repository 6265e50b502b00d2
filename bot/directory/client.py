"""Asks an admin API over HTTP, and believes only an answer of the right form."""

from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, hdrs
from pydantic import ValidationError
from yarl import URL

from bot.directory.answer import Refusal, Status
from bot.directory.openapi import USER
from dialogs.verdicts import Verdict

PATIENCE = 10.0
"""Seconds for a whole answer."""
LARGEST = 256 * 1024
"""Bytes of an answer."""


class Unanswered(Exception):
    """There is no answer that can be believed; the text says why, for operators."""


@dataclass(frozen=True)
class Client:
    """An admin API by its address and a token for it; the token may be empty in the demo."""

    url: str
    token: str = ""

    async def status(self, session: ClientSession, address: str) -> Status | None:
        """The verdict on a user by their strict address; None: there is no such user.

        Raises Unanswered for everything else.
        """
        path = USER.replace("{sip}", address)  # a strict address needs no encoding
        headers = {hdrs.AUTHORIZATION: f"Bearer {self.token}"} if self.token else {}
        url, limit = URL(self.url.rstrip("/") + path), ClientTimeout(total=PATIENCE)
        try:
            async with session.get(
                url, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                return _believed(answer.status, await _body(answer), address)
        except TimeoutError as error:
            raise Unanswered(f"It did not answer within {PATIENCE:.0f} seconds.") from error
        except ClientError as error:
            raise Unanswered(f"It cannot be reached ({type(error).__name__}).") from error


async def _body(answer: ClientResponse) -> bytes:
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            raise Unanswered(f"Its answer is longer than {LARGEST} bytes.")
    return body


def _believed(status: int, body: bytes, address: str) -> Status | None:
    try:
        if status == 200:
            found = Status.model_validate_json(body)
            if found.address != address:
                raise Unanswered("It answered about somebody else.")
            return found
        refusal = Refusal.model_validate_json(body)
    except ValidationError as error:
        raise Unanswered(f"Its answer has the wrong form (status {status}).") from error
    if status == 404 and refusal.verdict == Verdict.USER_NOT_FOUND:
        return None
    raise Unanswered(f"It refused with status {status}: {refusal.title}.")
