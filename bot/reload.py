"""Takes up edits of the knowledge while the service runs, for its authors."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from watchfiles import awatch

from bot.environment import SettingsError
from dialogs.converse import Assistant
from dialogs.document import KnowledgeError
from dialogs.memory import Progress
from dialogs.model import Found, Message, Outcome, Person, Want


@dataclass
class Latest:
    """An assistant that always has the latest knowledge that was in order."""

    assistant: Assistant

    def answer(self, message: Message, progress: Progress, found: Found) -> Outcome:
        """As `Assistant.answer`."""
        return self.assistant.answer(message, progress, found)

    def trouble(self, progress: Progress) -> Outcome:
        """As `Assistant.trouble`."""
        return self.assistant.trouble(progress)

    def meanwhile(self, person: Person, want: Want) -> str:
        """As `Assistant.meanwhile`."""
        return self.assistant.meanwhile(person, want)


async def take_up(
    edits: AsyncIterable[object],
    latest: Latest,
    read: Callable[[], Assistant],
    tell: Callable[[str], None],
) -> None:
    """Reads the knowledge anew after each edit; a broken one changes nothing and is explained.

    `read` blocks, and raises KnowledgeError for what cannot be used, SettingsError for what does
    not go with the settings: a notice can be gone that they hide.
    """
    in_use = latest.assistant.library.version
    async for _ in edits:
        try:
            assistant = await asyncio.to_thread(read)
        except (KnowledgeError, SettingsError) as error:
            tell(f"This edit is not in use yet; the last good version stays:\n{error}")
            in_use = ""
            continue
        if assistant.library.version != in_use:
            tell(f"The knowledge is in order and in use: version {assistant.library.version}.")
        latest.assistant, in_use = assistant, assistant.library.version


@asynccontextmanager
async def watching(
    folder: Path, latest: Latest, read: Callable[[], Assistant], tell: Callable[[str], None]
) -> AsyncIterator[None]:
    """Takes up the edits in a folder for as long as the context is open."""
    watch = asyncio.create_task(take_up(awatch(folder), latest, read, tell))
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
