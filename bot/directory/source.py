"""Where facts come from: what every source of the admin API answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.directory.facts import Facts


class Unreadable(Exception):
    """A source cannot be read now; the text says why, for operators, and names no person."""


@dataclass(frozen=True)
class Known:
    """What a source knows: facts of a user or of a deployment, and from when they are (UTC)."""

    facts: Facts
    source: str
    as_of: datetime
    deployment: str = ""


class Source(Protocol):
    """A place where facts are read; each question raises Unreadable where that cannot be done."""

    async def user(self, address: str) -> Known:
        """The facts of a user by their strict address."""

    async def organisation(self) -> tuple[Known, ...]:
        """The facts that need no user, of each deployment."""

    async def sip_domains(self) -> tuple[str, ...]:
        """The organisation's SIP domains, sorted."""
