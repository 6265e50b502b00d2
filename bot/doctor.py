"""Tries everything that the service needs, and says of each what to mend."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aiohttp import ClientSession
from yarl import URL

from bot.app import BUNDLE, DRAWING_BUNDLE, knowledge
from bot.clock import utc_now
from bot.desk.desk import Later, Polled, Refused
from bot.desks import address, open_desk, recorder
from bot.directories import client, exported
from bot.directory.answer import Unanswered
from bot.directory.source import Unreadable
from bot.environment import SettingsError
from bot.pictures import FOLDER, Pictures
from bot.settings import Settings
from bot.storage.database import open_store
from bot.storage.migrate import Behind, Current, Fresh, state
from bot.storage.outbox import Outbox
from dialogs.document import KnowledgeError

NO_CASE = "LS-0000-0000"
"""An id that chance is most unlikely ever to draw."""


@dataclass(frozen=True)
class Examined:
    """One thing that was tried: whether it is well, and what is so or what to do."""

    name: str
    ok: bool
    what: str


async def examine(settings: Settings) -> list[Examined]:
    """All that there is to try, in the order in which the service needs it."""
    return [
        *_knowledge(settings),
        *_data_dir(settings),
        await _database(settings),
        await _directory(settings),
        await _desk(settings),
        *await _stranded(settings),
    ]


def _knowledge(settings: Settings) -> Iterator[Examined]:
    try:
        library = knowledge(settings)
    except (KnowledgeError, SettingsError) as error:
        yield Examined("knowledge", ok=False, what=str(error))
        return
    yield Examined("knowledge", ok=True, what=f"version {library.version}")
    missing = Pictures(library, settings.data_dir / FOLDER).missing()
    all_of_them = len(library.pictures)
    what = f"{len(missing)} of {all_of_them} are missing. Draw them with: knowledge pictures"
    yield Examined("pictures", ok=not missing, what=what if missing else f"all {all_of_them}")


def _data_dir(settings: Settings) -> Iterator[Examined]:
    folder = settings.data_dir
    ok = os.access(folder if folder.exists() else folder.absolute().parent, os.W_OK)
    what = f"{folder} can be written" if ok else f"Let this user write to {folder}."
    yield Examined("data", ok, what)
    for name, file in (("web chat", BUNDLE), ("drawings", DRAWING_BUNDLE)):
        bundle = folder / file
        ok = bundle.exists()
        yield Examined(name, ok, f"{bundle}" if ok else "Fetch it with: make setup")


async def _database(settings: Settings) -> Examined:
    try:
        found = await state(settings.database_url)
    except Exception as error:  # noqa: BLE001 - each driver fails in its own way
        remedy = "Check ASSISTANT_DATABASE_URL and that the database is running."
        return Examined("database", ok=False, what=f"{type(error).__name__}. {remedy}")
    match found:
        case Current():
            return Examined("database", ok=True, what="up to date")
        case Fresh():
            return Examined("database", ok=True, what="not there yet; `serve` sets it up")
        case Behind():
            return Examined("database", ok=False, what="Bring it up to date with: migrate")
    return Examined("database", ok=False, what="It was made by a later version of this program.")


async def _directory(settings: Settings) -> Examined:
    """Asks for the SIP domains, which names nobody."""
    if not settings.has_directory:
        what = "not configured: whether somebody is enabled stays unknown"
        return Examined("directory", ok=True, what=what)
    try:
        what = await (_admin_api(settings) if settings.directory_url else _exports(settings))
    except (Unanswered, Unreadable) as error:
        where = settings.directory_url or settings.directory_folder
        return Examined("directory", ok=False, what=f"{where} is of no use. {error}")
    return Examined("directory", ok=True, what=what)


async def _admin_api(settings: Settings) -> str:
    """An answer for which people would not wait is none."""
    async with ClientSession() as session:
        asked = client(settings, session, settings.directory_patience)
        domains = await asked.sip_domains()
    return f"{settings.directory_url} answers; SIP domains: {len(domains)}"


async def _exports(settings: Settings) -> str:
    read = exported(settings)
    oldest = min(one.as_of for one in await read.organisation())
    domains = await read.sip_domains()
    age = f"the oldest export is {_days(oldest)} days old"
    return f"{settings.directory_folder} can be read; SIP domains: {len(domains)}; {age}"


async def _desk(settings: Settings) -> Examined:
    """Whether cases can be handed over as it is set."""
    if not settings.desk:
        kept = "cases are recorded here" if settings.keeps_cases else "people get a summary to copy"
        what = f"not configured: {kept}, and nothing is sent"
        return Examined("desk", ok=True, what=what)
    try:
        topics = knowledge(settings).topics
    except (KnowledgeError, SettingsError):
        return Examined("desk", ok=False, what="not tried: mend the knowledge first")
    try:
        recorder(settings, topics)
        what = await _asked(settings)
    except (SettingsError, Refused, Later) as error:
        return Examined("desk", ok=False, what=f"{settings.desk} is of no use. {error}")
    return Examined("desk", ok=True, what=what)


async def _asked(settings: Settings) -> str:
    """Asks a desk for a case that there is not, and from where to hear what happens there.

    A webhook is left alone; its origin is named, as a secret can stand in the rest of its address.
    """
    if settings.desk == "webhook":
        origin = URL(settings.webhook_url).origin()
        return f"webhook at {origin}; not tried: a webhook only tells"
    async with open_desk(settings) as desk:
        await desk.find(NO_CASE)
        if isinstance(desk, Polled):
            await desk.heard("")
    return f"{settings.desk} at {address(settings)}"


async def _stranded(settings: Settings) -> list[Examined]:
    """What waits for desks that are not set any more."""
    try:
        if not isinstance(await state(settings.database_url), Current):
            return []
        store = open_store(settings.database_url)
        try:
            found = await Outbox(store.transactions).elsewhere(settings.desk)
        finally:
            await store.close()
    except Exception:  # noqa: BLE001 - what is wrong with the database was told above
        return []
    remedy = f"Set it again, or have them go to {settings.desk or 'another'} with: cases resend"
    return [
        Examined("cases", ok=False, what=f"{number} of them wait for {desk or 'a desk'}. {remedy}")
        for desk, number in found.items()
    ]


def _days(since: datetime) -> int:
    return max(0, (utc_now() - since).days)
