"""The desk "webhook": cases as signed JSON (Standard Webhooks) for whatever receives them.

docs/webhook.md says what a receiver gets and how it answers. It takes an idempotency key, so
sending again is safe and nobody is asked first.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import ClientSession, hdrs
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yarl import URL

from bot.desk import message
from bot.desk.bounded import line
from bot.desk.desk import Change, Later, Note, Placed, Refused, Ticket
from bot.desk.signature import Signer
from bot.desk.statuses import meaning
from bot.outbound import PATIENCE, Answer, Lost, NotSent, send
from bot.settings import Settings

log = logging.getLogger(__name__)

LONGEST_TICKET, LONGEST_LINK, LONGEST_KEY = 100, 2000, 512
"""Characters of a ticket's number, a link, and an idempotency key."""


class Told(BaseModel):
    """What a receiver may answer; more than that is left alone."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    ticket: str | None = Field(None, max_length=LONGEST_TICKET)
    link: object = ""


@dataclass  # not frozen, since the protocol's attributes could be set
class Webhook:
    """A receiver by its address, in which a secret can stand; `patience` in seconds."""

    url: str = field(repr=False)
    signer: Signer
    session: ClientSession
    clock: Callable[[], datetime]
    patience: float = PATIENCE
    name: str = "webhook"
    requests: int = 1
    asks_first: bool = False
    quarantine: float = 0.0

    async def create(self, ticket: Ticket) -> Placed:
        """Sends a case; its id is the ticket's number where the receiver names no other."""
        told = await self._send(ticket.id, message.of_ticket(ticket))
        return told if told.ticket else Placed(ticket=ticket.id, link=told.link)

    async def find(self, case_id: str) -> Placed | None:
        """Nobody can be asked: a webhook only tells."""
        raise Refused("A webhook cannot be asked for a ticket.")

    async def note(self, placed: Placed, note: Note) -> None:
        """Sends what a person adds."""
        await self._send(note.id, message.of_note(placed, note))

    async def change(self, placed: Placed, change: Change) -> None:
        """Sends what a person did to their case."""
        await self._send(change.id, message.of_change(placed, change))

    async def _send(self, id_of_it: str, body: bytes) -> Placed:
        """What the receiver says of it; an empty ticket where it says nothing."""
        key = message.key(id_of_it)
        if not 0 < len(key) <= LONGEST_KEY:
            raise Refused("Its id is empty or too long to be an idempotency key.")
        headers, url = self.signer.headers(key, body, self.clock()), URL(self.url)
        try:
            answer = await send(
                self.session, hdrs.METH_POST, url, body, headers, patience=self.patience
            )
        except NotSent as error:
            log.error("the webhook was not sent", extra={"why": str(error)})
            raise Later(str(error)) from error
        except Lost as error:
            raise Later(str(error), ambiguous=True) from error
        return _judged(answer)


def _judged(answer: Answer) -> Placed:
    """What an answer says. Raises Refused or Later."""
    status, what = answer.status, f"It answered with status {answer.status}."
    match "taken" if status == 409 else meaning(status):  # 409: it was there already
        case "taken":
            return _told(answer)
        case "barred":
            log.error("the webhook's receiver does not let us in", extra={"status": status})
            mend = "Does it have the secret of ASSISTANT_WEBHOOK_SECRET, and the right time?"
            raise Later(f"{what} {mend}", answer.after)
        case "busy" | "failed":
            raise Later(what, answer.after)
        case "moved":
            raise Refused(f"{what} It redirects: set ASSISTANT_WEBHOOK_URL to where.")
    raise Refused(what)


def _told(answer: Answer) -> Placed:
    """The ticket and its link. Raises Later for an answer of somebody who is no receiver.

    A proxy's page to sign in comes with status 200, too: to believe it would lose the case.
    """
    try:
        told = Told.model_validate_json((answer.body or b"").strip() or b"{}")
    except ValidationError:
        told = None
    if told is None or answer.body is None:
        log.error("the webhook's answer is not as docs/webhook.md says")
        raise Later("Its answer is not as docs/webhook.md says.", ambiguous=True)
    return Placed(ticket=line(told.ticket or "", LONGEST_TICKET).strip(), link=_link(told.link))


def _link(told: object) -> str:
    """A link that people may be shown, or nothing."""
    try:
        url = URL(told if isinstance(told, str) else "")
    except ValueError:
        return ""
    whole = url.scheme in {"https", "http"} and url.host and not (url.user or url.password)
    return str(url) if whole and len(str(url)) <= LONGEST_LINK else ""


def webhook(settings: Settings, session: ClientSession, clock: Callable[[], datetime]) -> Webhook:
    """The receiver at ASSISTANT_WEBHOOK_URL; the session is one of `outbound.open_session`.

    Raises SettingsError where the secrets cannot be read.
    """
    signer, patience = Signer(settings.read_webhook_secrets()), settings.desk_patience
    return Webhook(settings.webhook_url, signer, session, clock, patience)
