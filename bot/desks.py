"""Builds what brings cases to a ticketing system, from Settings."""

import logging
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from aiohttp import ClientSession
from yarl import URL

from bot.clock import utc_now
from bot.desk.delivery import Courier
from bot.desk.desk import Desk, Polled
from bot.desk.events import WebhookEvents
from bot.desk.inbound import Inbound, Read
from bot.desk.reconcile import Reconciler
from bot.desk.recording import Recorder
from bot.desk.request_tracker import RequestTracker
from bot.desk.request_tracker_events import RequestTrackerPings
from bot.desk.roundup import Roundup
from bot.desk.roundup_events import RoundupEvents
from bot.desk.signature import Signer
from bot.desk.webhook import webhook
from bot.environment import SettingsError
from bot.health import Figures
from bot.lists import read_routes
from bot.networks import Network, listed
from bot.outbound import open_session
from bot.settings import Settings
from bot.storage.cursors import Cursors
from bot.storage.database import DatabaseStore
from bot.storage.outbox import Outbox
from bot.storage.store import Store
from bot.timers import Alarm, Timer
from bot.web import is_loopback
from dialogs.verdicts import Verdict

log = logging.getLogger(__name__)

DELIVER, COUNT = 1.0, 15.0
"""Seconds between two looks for what is due, and between two counts of what waits."""
LEASE = 3
"""How many times longer than a desk may take a case is kept from others: that long it waits when
the process that has it dies."""
NEEDED = {
    "webhook": ("webhook_url",),
    "roundup": ("roundup_url", "roundup_user", "roundup_password"),
    "rt": ("rt_url", "rt_token", "rt_queue"),
}
"""The settings that each desk cannot be without."""


def recorder(settings: Settings, topics: Collection[str]) -> Recorder:
    """What records cases; they are about one of these topics, or none.

    Raises SettingsError where the desk cannot be asked as it is set.
    """
    missing = [name for name in NEEDED.get(settings.desk, ()) if not getattr(settings, name)]
    if missing:
        lines = (f"ASSISTANT_{name.upper()} is missing." for name in missing)
        raise SettingsError("\n".join([*lines, f"ASSISTANT_DESK={settings.desk} needs it."]))
    if settings.desk == "webhook" and not settings.read_webhook_secrets():
        raise SettingsError("ASSISTANT_WEBHOOK_SECRET is missing: nobody could believe a case.")
    about = {*Verdict, "enabled", "unknown", *topics}
    routes = read_routes(settings.desk_routes, about) if settings.desk_routes else {}
    return Recorder(settings.desk, secrets.token_bytes, routes)


def address(settings: Settings) -> str:
    """Where the desk is; empty: there is none."""
    return {
        "webhook": settings.webhook_url,
        "roundup": settings.roundup_url,
        "rt": settings.rt_url,
    }.get(settings.desk, "")


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """The desk that is set; the settings have been judged by `recorder`."""
    async with open_session(address(settings), _allowed(settings)) as session:
        yield _desk(settings, session)


def _desk(settings: Settings, session: ClientSession) -> Desk:
    patience = settings.desk_patience
    match settings.desk:
        case "roundup":
            assert settings.roundup_password
            user, password = settings.roundup_user, settings.roundup_password
            return Roundup.at(settings.roundup_url, user, password, session, patience)
        case "rt":
            assert settings.rt_token
            queue, field = settings.rt_queue, settings.rt_field
            return RequestTracker.at(
                settings.rt_url, settings.rt_token, queue, session, field=field, patience=patience
            )
    return webhook(settings, session, utc_now)


def _allowed(settings: Settings) -> tuple[Network, ...]:
    """Networks inside that may be dialled; who names this machine by its address means it."""
    ours = listed("127.0.0.0/8,::1") if is_loopback(URL(address(settings)).host or "") else ()
    return (*settings.outbound_allow, *ours)


def inbound(
    settings: Settings, store: Store, news: Callable[[], None], look: Callable[[], None]
) -> Inbound | None:
    """What takes the events of the desk; None: it has none that could be believed.

    Raises SettingsError where the secrets cannot be read.
    """
    secrets_of_events = settings.read_events_secrets()
    if not secrets_of_events:
        return None
    read = _reader(settings, Signer(secrets_of_events))
    return Inbound(settings.desk, read, store, news, look, utc_now)


def _reader(settings: Settings, signer: Signer) -> Read:
    """Each desk has a scheme of its own."""
    match settings.desk:
        case "roundup":
            return RoundupEvents(signer, settings.roundup_user)
        case "rt":
            return RequestTrackerPings(signer)
    return WebhookEvents(signer)


@asynccontextmanager
async def delivering(
    settings: Settings, store: Store, figures: Figures, news: Callable[[], None], looked: Alarm
) -> AsyncIterator[tuple[Timer, ...]]:
    """The timers that bring cases to their desk and hear from it, for as long as they may run.

    There are none without a desk, or for a store in memory, which keeps nothing to be delivered.
    What was recorded while no desk was set goes to this one now.
    `news` is called when somebody is to be told; the desk is asked whenever `looked` rings.
    """
    if not settings.desk or not isinstance(store, DatabaseStore):
        yield ()
        return
    outbox = Outbox(store.transactions)
    if taken := await outbox.take_over(settings.desk):
        about = {"desk": settings.desk, "cases": taken}
        log.info("the desk gets the cases that were recorded without one", extra=about)

    async def count() -> None:
        waiting = await outbox.waiting()
        figures.waiting(waiting.open, waiting.parked, waiting.oldest)

    async with open_desk(settings) as desk:
        courier = _courier(settings, desk, outbox, figures, news)
        deliver = Timer("deliver", DELIVER, courier.run_once, courier.alarm.nap)
        hear = _hearing(settings, desk, store, figures, news=news, looked=looked)
        yield deliver, Timer("count cases", COUNT, count), *hear


def _courier(
    settings: Settings, desk: Desk, outbox: Outbox, figures: Figures, news: Callable[[], None]
) -> Courier:
    patience = settings.desk_patience
    return Courier(
        desk,
        outbox,
        news,
        figures.delivery,
        parallel=settings.desk_parallel,
        patience=patience,
        lease=LEASE * patience,
    )


def _hearing(
    settings: Settings,
    desk: Desk,
    store: DatabaseStore,
    figures: Figures,
    *,
    news: Callable[[], None],
    looked: Alarm,
) -> tuple[Timer, ...]:
    """The timer that asks a desk what happened there, where it can be asked."""
    if not isinstance(desk, Polled):
        return ()
    cursors = Cursors(store.transactions)
    reconciler = Reconciler(desk, cursors, store, news=news, observe=figures.poll, clock=utc_now)
    return (Timer("hear", settings.desk_poll, reconciler.run_once, looked.nap),)
