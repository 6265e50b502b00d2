"""Direct Line tokens: what each of them opens, and for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from dialogs.model import Person

AUDIENCE = "directline"


class BadToken(Exception):
    """Forged, expired, or not a Direct Line token of ours."""


def conversation_key(conversation: str, person_id: str) -> str:
    """The key of a conversation in the store.

    Conversation ids have no slash in them, so no two ever share a key by accident.
    """
    return f"web/{conversation}/{person_id}"


@dataclass(frozen=True)
class Grant:
    """What a token opens: one conversation, as one person."""

    conversation: str
    person: Person

    @property
    def key(self) -> str:
        """The conversation's key in the store."""
        return conversation_key(self.conversation, self.person.id)


@dataclass(frozen=True)
class Tokens:
    """Issues and reads tokens; they outlive a restart for as long as `key` (32 bytes or more) does.

    `clock` gives the time in UTC.
    """

    key: str
    clock: Callable[[], datetime]
    lifetime: timedelta = timedelta(minutes=30)

    def issue(self, grant: Grant) -> str:
        """A token for this grant, from now on."""
        claims = {
            "aud": AUDIENCE,
            "exp": int((self.clock() + self.lifetime).timestamp()),
            "conv": grant.conversation,
            # Web Chat reads this claim to learn which messages are the person's own.
            "user": grant.person.id,
            "name": grant.person.name,
            "addr": grant.person.address,
        }
        return jwt.encode(claims, self.key, algorithm="HS256")

    def read(self, token: str) -> Grant:
        """What a token opens now.

        Raises:
            BadToken: it opens nothing (any more).
        """
        if not token.isascii():
            raise BadToken("not a token at all")
        try:
            # Expiry is judged below, by our own clock.
            claims = jwt.decode(
                token,
                self.key,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"verify_exp": False, "require": ["exp", "conv", "user"]},
            )
        except jwt.InvalidTokenError as error:
            raise BadToken("not a token of this service") from error
        if claims["exp"] <= self.clock().timestamp():
            raise BadToken("the token has expired")
        person = Person(claims["user"], claims.get("name", ""), claims.get("addr", ""))
        return Grant(claims["conv"], person)
