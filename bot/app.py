"""Builds the whole program once, from Settings. This file alone knows everybody."""

import gc
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from aiohttp import ClientSession, web

from bot import demo, health, models
from bot.channels import console
from bot.channels.botframework import BotFramework, Connector
from bot.channels.directline import DirectLine
from bot.channels.directline_requests import Door
from bot.channels.directline_tokens import Tokens as ChatTokens
from bot.channels.render import Gallery, shape
from bot.clock import utc_now
from bot.desk.recording import Recorder, shown
from bot.desks import delivering, inbound, recorder
from bot.directories import accounts
from bot.directory.accounts import note_refusal
from bot.environment import SettingsError
from bot.health import Figures
from bot.inquiries import Inquiries, Patience
from bot.keys import kept_key
from bot.lists import read_people
from bot.pages.assets import Assets
from bot.pages.chat import ChatPage
from bot.pages.knowledge import KnowledgePages
from bot.pictures import FOLDER, ROOT, Pictures
from bot.reload import Latest, watching
from bot.settings import Settings
from bot.storage.database import DatabaseStore
from bot.storage.inbox import Inbox
from bot.storage.records import Reference
from bot.storage.rules import storable
from bot.storage.store import Store
from bot.telling import Telling
from bot.timers import Alarm, Timer, running
from bot.turn import Channel, Find, Turns
from bot.web import LARGEST_BODY, demo_guard, problems
from dialogs.converse import Assistant
from dialogs.library import Library, load
from dialogs.model import CaseShown, Finding, MyCases, Person, PicStatus, Said, SaidHere, Want

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"
BUNDLE = "webchat/webchat-4.18.1.js"
DRAWING_BUNDLE = "mermaid/mermaid-11.17.2.js"
MOST_CASES = 200
"""Cases of a person that are looked through, the latest ones."""
MOST_LINES = 1000
"""Messages of a conversation that go along with a case, the latest ones."""
TELL = 1.0
RESEND = 10.0
PURGE = 3600.0
"""Seconds between two runs of each timer."""


@dataclass(frozen=True)
class Program:
    """What every interface stands on, whether it is HTTP or a terminal."""

    settings: Settings
    library: Library
    assistant: Assistant
    store: Store
    figures: Figures
    addresses: Mapping[str, str]
    recorder: Recorder

    def turns(self, channel_of: Callable[[Reference], Channel], find: Find) -> Turns:
        """The turns of this program, replying through these channels."""
        return Turns(
            assistant=self.assistant,
            store=self.store,
            find=find,
            channel_of=channel_of,
            who=self._known,
            clock=utc_now,
            observe=self.figures.turn,
            recording=self.recorder,
            refused=note_refusal,
            locks=WeakValueDictionary(),
        )

    @property
    def people(self) -> dict[str, str]:
        """The demo's people, as they are called in this language."""
        return {person: self.library.words.people[person] for person in demo.PEOPLE}

    @property
    def pictures(self) -> Pictures:
        """The pictures of the knowledge, as far as they are drawn."""
        return Pictures(self.library, self.settings.data_dir / FOLDER)

    def who(self, person_id: str, name: str, object_id: str = "") -> Person:
        """A person by what a channel says of them; `object_id` is theirs in the directory."""
        known = self.addresses
        address = known.get(person_id) or known.get(object_id, "")
        in_demo = self.settings.directline_secret is None
        theirs = demo.who(person_id, self.people) if in_demo else None
        return theirs or Person(person_id, name, address)

    def _known(self, to: Reference) -> Person:
        """The person of a stored conversation, as far as can be told from that alone."""
        channel = to.channel if to.service_url else ""  # our own page has none
        return replace(self.who(to.user_id, to.user_name), channel=channel)


def knowledge(settings: Settings) -> Library:
    """The knowledge as this operator wants it told.

    Raises KnowledgeError where it cannot be used, SettingsError where a hidden notice is none.
    """
    library = load(KNOWLEDGE, settings.language)
    known = {notice.name for notice in library.notices}
    if unknown := settings.hidden_notices - known - {"all"}:
        what = f"names {', '.join(sorted(unknown))}; there are: {', '.join(sorted(known))}, all"
        raise SettingsError(f"ASSISTANT_HIDDEN_NOTICES {what}.")
    told = library.hiding(known if "all" in settings.hidden_notices else settings.hidden_notices)
    return told.keeping_cases() if settings.keeps_cases else told


def assistant_of(settings: Settings) -> Assistant:
    """The assistant with all that is in the knowledge now; raises as `knowledge` does."""
    library = knowledge(settings)
    understander = models.understander(library, settings.data_dir)
    agents = settings.agents | (frozenset() if settings.directline_secret else demo.AGENTS)
    rules, contact = settings.address_rules, settings.helpdesk_contact
    return Assistant(
        library,
        understander,
        rules,
        contact,
        agents,
        desk=bool(settings.desk) or settings.keeps_cases,
        follow_ups=settings.follow_ups,
        links=settings.desk_links,
        transcripts=settings.transcript,
    )


def build(settings: Settings, store: Store) -> Program:
    """Everything but the interfaces. Raises KnowledgeError where the knowledge cannot be used."""
    assistant = assistant_of(settings)
    library = assistant.library
    people = read_people(settings.people) if settings.people else {}
    figures = Figures(library.version)
    recording = recorder(settings, library.topics)
    return Program(settings, library, assistant, store, figures, people, recording)


def inquiries(program: Program, session: ClientSession) -> Inquiries:
    """What finds out for conversations what they want to know; to be closed when they are over."""
    settings, figures = program.settings, program.figures
    known = accounts(settings, program.library.fixes, session, figures.lookup)

    async def ask(want: Want) -> Finding:
        if isinstance(want, PicStatus):
            return await known.find(want)
        if isinstance(want, SaidHere):
            lines = await program.store.lines(want.conversation, limit=MOST_LINES)
            said = (Said(line.direction, line.text, line.at.isoformat()) for line in lines)
            return Finding("found", said=tuple(said))
        return Finding("found", cases=await _cases(want, program.store))

    return Inquiries(ask, Patience(limit=settings.directory_patience))


async def _cases(want: MyCases, store: Store) -> tuple[CaseShown, ...]:
    """The latest cases of a person, and an older one that they name; never somebody else's."""
    cases = list(await store.cases(want.person, limit=MOST_CASES))
    if want.named and want.named not in {case.id for case in cases}:
        older = await store.case(want.named)
        if older and older.person == storable(want.person):
            cases.append(older)
    return tuple(shown(case) for case in cases)


Tell = Callable[[str], None]


async def web_app(program: Program, tell_of_edits: Tell | None = None) -> web.Application:
    """The whole service over HTTP; to be called in the event loop that will run it.

    With `tell_of_edits` the knowledge is read anew whenever it is edited.
    """
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[problems, demo_guard])
    session = ClientSession()
    drawn = program.pictures.drawn()
    outside = Gallery(program.settings.public_url and program.settings.public_url + ROOT, drawn)
    framework = BotFramework(Connector(session), program.who, secrets.token_urlsafe, outside)

    def channel_of(reference: Reference) -> Channel:
        if reference.channel == console.NAME:
            return terminals
        return framework if reference.service_url else direct_line

    terminals = console.Elsewhere(sys.stdout)
    latest, asking = Latest(program.assistant), inquiries(program, session)
    turns = replace(program.turns(channel_of, asking.find), assistant=latest)
    direct_line = _direct_line(program, turns, Gallery(ROOT, drawn))
    framework.join(app, turns)
    direct_line.join(app)
    app.router.add_routes([*_pages(program, latest), *program.pictures.routes()])
    told, looked = Alarm(), Alarm()
    if taking := inbound(program.settings, program.store, told.ring, looked.ring):
        app.router.add_routes(taking.routes())
    health.join(app, program.figures, {"database": program.store.ready})

    def edits() -> AbstractAsyncContextManager[None]:
        if tell_of_edits is None:
            return nullcontext()
        return watching(KNOWLEDGE, latest, lambda: assistant_of(program.settings), tell_of_edits)

    async def life(_: web.Application) -> AsyncIterator[None]:
        desk = delivering(program.settings, program.store, program.figures, told.ring, looked)
        own = running((*_timers(program, turns), *_telling(program, turns, told)))
        async with session, aclosing(asking), own, desk as timers, running(timers), edits():
            yield
        await program.store.close()

    app.cleanup_ctx.append(life)
    return app


def settle() -> None:
    """Tells the garbage collector that what is there now stays, so that it need not go over it.

    For a process that serves until it ends, once it is built.
    """
    gc.collect()
    gc.freeze()


def _direct_line(program: Program, turns: Turns, gallery: Gallery) -> DirectLine:
    settings = program.settings
    secret = settings.directline_secret
    people = program.people
    return DirectLine(
        turns=turns,
        store=program.store,
        tokens=ChatTokens(kept_key(settings.data_dir / "directline.key"), utc_now),
        door=Door(secret.get_secret_value() if secret else None, lambda i: demo.who(i, people)),
        bot_id="assistant",
        bot_name=program.library.words.page["title"],
        shape=partial(shape, gallery=gallery),
        chance=lambda: secrets.token_urlsafe(16),
    )


def _pages(program: Program, latest: Latest) -> list[web.RouteDef]:
    data, lang = program.settings.data_dir, program.settings.language
    assets = Assets({"webchat.js": data / BUNDLE, "mermaid.js": data / DRAWING_BUNDLE})
    demo_open = program.settings.directline_secret is None
    chat = ChatPage(
        words=program.library.words.page,
        people=program.people if demo_open else {},
        assets=assets,
        chance=lambda: secrets.token_urlsafe(16),
        lang=lang,
    )
    knowledge = KnowledgePages(
        lambda: latest.assistant.library, assets, lambda: secrets.token_urlsafe(16), lang
    )
    return [*assets.routes(), *chat.routes(), *knowledge.routes()]


def _timers(program: Program, turns: Turns) -> tuple[Timer, ...]:
    settings, store = program.settings, program.store
    keep, keep_cases = timedelta(days=settings.transcript_days), timedelta(days=settings.case_days)

    async def purge() -> None:
        await store.purge(utc_now() - keep)
        await store.purge_cases(utc_now() - keep_cases)

    async def resend() -> None:
        program.figures.unsent.set(await turns.send_overdue())

    return Timer("resend", RESEND, resend), Timer("purge", PURGE, purge)


def _telling(program: Program, turns: Turns, told: Alarm) -> tuple[Timer, ...]:
    """What tells conversations what happened without them; a store in memory knows of nothing."""
    store = program.store
    if not isinstance(store, DatabaseStore):
        return ()
    inbox = Inbox(store.transactions)
    telling = Telling(inbox, store.case, turns.tell)

    async def count() -> None:
        program.figures.untold.set(await inbox.overdue())

    return Timer("tell", TELL, telling.run_once, told.nap), Timer("count untold", RESEND, count)
