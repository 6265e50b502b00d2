"""One request to a ticketing system and its answer; whatever is no answer is Later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    hdrs,
)
from pydantic_core import from_json
from yarl import URL

from bot.desk.desk import Later, Refused
from bot.outbound import retry_after

PATIENCE = 20.0
"""Seconds for a whole answer; shorter than any lease on a case."""
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer: a ticket with 100 kB of text in JSON, and then some."""
Query = Mapping[str, str] | Sequence[tuple[str, str]] | None
"""What stands behind the question mark; a name may come more than once."""
READING = frozenset({hdrs.METH_GET})
BUSY = frozenset({408, 425, 429})
"""Refusals that pass by themselves."""


class Forbidden(Later):
    """A desk does not let us in, or not there: it can be mended where it is."""


@dataclass(frozen=True)
class Answer:
    """What a desk said: status, headers, and its JSON, None where it is none."""

    status: int
    headers: Mapping[str, str]
    json: Any

    def __getitem__(self, keys: tuple[str | int, ...]) -> Any:
        """What stands at a path in the JSON. Raises Later where nothing stands there."""
        value = self.json
        try:
            for key in keys:
                value = value[key]
        except (LookupError, TypeError) as error:
            raise Later("Its answer has another form than is known.", ambiguous=True) from error
        return value


@dataclass(frozen=True)
class Exchange:
    """A desk's REST interface: its address, and the headers that every request has.

    `headers` hold the credentials, so they are never shown.
    """

    session: ClientSession
    url: str
    headers: Mapping[str, str]
    patience: float = PATIENCE

    def __repr__(self) -> str:
        return f"Exchange({self.url!r})"

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Query = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a request, of status 2xx, 404, or 4xx that concerns what was sent.

        Raises Later for everything else: no answer, an overloaded desk, a wrong password, a
        redirection. It is ambiguous where the desk may have done what it was asked to do.
        """
        changes = method not in READING
        try:
            async with self.session.request(
                method,
                URL(self.url + path, encoded=True).with_query(query or None),
                json=body,
                headers={**self.headers, **(headers or {})},
                timeout=ClientTimeout(total=self.patience),
                allow_redirects=False,
            ) as answer:
                return judged(answer, await _json(answer), changes=changes)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise Later(f"It cannot be reached ({type(error).__name__}).") from error
        except TimeoutError as error:
            why = f"It did not answer within {self.patience:g} seconds."
            raise Later(why, ambiguous=changes) from error
        except ClientError as error:
            why = f"Its answer was lost ({type(error).__name__})."
            raise Later(why, ambiguous=changes) from error


def judged(answer: ClientResponse, json: object, *, changes: bool) -> Answer:
    """An answer that is one. Raises Later; what the desk itself says is left out of its text."""
    status, after = answer.status, retry_after(answer.headers)
    why = f"It answered with status {status}."
    if status in BUSY:
        raise Later(why, after)
    if status in {401, 403}:
        raise Forbidden(f"{why} Does it know our user, and what they need to be allowed?", after)
    if status >= 500:
        raise Later(f"{why} Look into its own log.", after, ambiguous=changes)
    if not 200 <= status < 300 and status < 400:
        raise Later(f"{why} It redirects: is its address right?")
    return Answer(status, answer.headers, json)


def accepted(answer: Answer) -> Answer:
    """An answer of success. Raises Refused for any other."""
    if answer.status < 300:
        return answer
    raise Refused(f"It refused with status {answer.status}.")


async def _json(answer: ClientResponse) -> object:
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            raise Later(f"Its answer is longer than {LARGEST} bytes.", ambiguous=True)
    try:
        value: object = from_json(body)
    except ValueError:
        return None
    return value
