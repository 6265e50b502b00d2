"""One request to a ticketing system over REST and its answer; whatever is no answer is Later."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, hdrs
from pydantic_core import from_json
from yarl import URL

from bot.desk.desk import Later, Refused
from bot.desk.statuses import meaning
from bot.outbound import PATIENCE, Lost, NotSent, send
from bot.outbound import Answer as Received

LARGEST = 4 * 1024 * 1024
"""Bytes of an answer: a ticket with 100 kB of text in JSON, and then some."""
Query = Mapping[str, str] | Sequence[tuple[str, str]] | None
"""What stands behind the question mark; a name may come more than once."""
READING = frozenset({hdrs.METH_GET})
NOWHERE = frozenset({404, 405, 410})
"""What somebody answers who is no desk: a path that every desk has is not there, or for reading."""
SHUT_OUT = 300.0
"""Seconds until somebody is asked again who does not believe our password, unless they want more.
Roundup takes four wrong ones, and one more every 150 seconds, else it refuses the right one, too.
Who delivers asks it, and so does who wants to hear what happened."""


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
            why = "Its answer has another form than is known. Is its address right?"
            raise Later(why, ambiguous=True) from error
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
        url = URL(self.url + path, encoded=True).with_query(query or None)
        sent = None if body is None else json.dumps(body).encode()
        own = {**self.headers, **(headers or {})}
        try:
            answer = await send(
                self.session, method, url, sent, own, patience=self.patience, largest=LARGEST
            )
        except NotSent as error:
            raise Later(str(error)) from error
        except Lost as error:
            raise Later(str(error), ambiguous=changes) from error
        return judged(answer, changes=changes)


def judged(answer: Received, *, changes: bool) -> Answer:
    """An answer that is one. Raises Later; what the desk itself says is left out of its text."""
    why, after = f"It answered with status {answer.status}.", answer.after
    if answer.body is None:
        raise Later(f"Its answer is longer than {LARGEST} bytes.", ambiguous=True)
    match meaning(answer.status):
        case "busy":
            raise Later(why, after)
        case "barred":
            mend = "Does it know our user, and what they need to be allowed?"
            wait = max(after or 0.0, SHUT_OUT) if answer.status == 401 else after
            raise Forbidden(f"{why} {mend}", wait)
        case "failed":
            raise Later(f"{why} Look into its own log.", after, ambiguous=changes)
        case "moved":
            raise Later(f"{why} It redirects: is its address right?")
    return Answer(answer.status, answer.headers, _json(answer.body))


def accepted(answer: Answer) -> Answer:
    """An answer of success. Raises Refused for any other."""
    if answer.status < 300:
        return answer
    raise Refused(f"It refused with status {answer.status}.")


def of_collection(answer: Answer) -> Answer:
    """What a desk says of a thing that every desk has, as all its tickets. Raises Later where it is
    not there: what a wrong address answers is no refusal."""
    if answer.status in NOWHERE:
        raise Later(f"It answered with status {answer.status}. Is its address right?")
    return answer


def _json(body: bytes) -> object:
    try:
        value: object = from_json(body)
    except ValueError:
        return None
    return value
