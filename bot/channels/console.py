"""The same conversation in a terminal."""

import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from bot.channels.render import plain_text
from bot.storage.records import Entry, Incoming, Outgoing, Reference
from bot.turn import Arrival, Turns
from dialogs.model import Message, Person
from dialogs.reply import Reply

WIDTH = 88
NAME = "console"
"""The channel in a reference."""


@dataclass(frozen=True)
class Console:
    """The channel: prints what there is to say."""

    out: TextIO

    def shape(self, reply: Reply, to: Reference) -> Outgoing:
        """A reply as numbered text."""
        text = plain_text(reply)
        return Outgoing("", text)

    async def send(self, entry: Entry, to: Reference) -> None:
        """Prints a reply, wrapped at words; an address is never broken."""
        for line in entry.text.splitlines():
            wrapped = textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
            print("\n".join(wrapped), file=self.out)
        print(file=self.out, flush=True)

    async def busy(self, text: str, to: Reference) -> None:
        """Prints the sentence."""
        print(text, end="\n\n", file=self.out, flush=True)


class Closed(Exception):
    """Nobody sees now what a terminal would show."""


class Elsewhere(Console):
    """A terminal that another process may open again: what is said there waits until then."""

    async def send(self, entry: Entry, to: Reference) -> None:
        """Raises Closed, so that it is tried again, also by who opens the terminal."""
        raise Closed


async def talk(
    person: Person,
    turns: Turns,
    lines: TextIO,
    chance: Callable[[], str],
    opening: Message | None = None,
) -> None:
    """Reads lines until there are no more; each one is a message of this person.

    `opening` is what they begin with in place of joining.
    """
    key = f"console/{person.id}"
    reference = Reference(channel=NAME, conversation=key, user_id=person.id)

    async def take(message: Message) -> None:
        await turns.take(Arrival(key, message, Incoming(chance(), message.text), reference))

    prompt = "> " if lines.isatty() else ""
    await take(opening or Message(person, joined=True))
    while line := _read(lines, prompt):  # nothing else runs meanwhile, and Ctrl+C ends it
        await take(Message(person, line.rstrip("\n")))


def _read(lines: TextIO, prompt: str) -> str:
    if prompt:
        sys.stdout.write(prompt)
        sys.stdout.flush()
    return lines.readline()
