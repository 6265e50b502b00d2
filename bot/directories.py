"""Builds what knows about accounts from Settings: for conversations, `check` and the admin API."""

from collections.abc import AsyncIterator
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from aiohttp import ClientSession, web

from bot.clock import utc_now
from bot.directory.accounts import A_MINUTE, Accounts
from bot.directory.answer import Fixes
from bot.directory.cached import Cached
from bot.directory.callers import Allowance, Tokens
from bot.directory.client import PATIENCE, Client
from bot.directory.issuer import Issuer
from bot.directory.lookup import InProcess, Lookup, Observe, unobserved
from bot.directory.routes import Routed
from bot.directory.server import AdminApi
from bot.directory.snapshot import Snapshot
from bot.directory.source import Source
from bot.environment import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.directory.lync import Lync


def accounts(
    settings: Settings, fixes: Fixes, session: ClientSession, observe: Observe = unobserved
) -> Accounts:
    """What finds out about accounts for conversations."""
    found = lookup(settings, fixes, session, observe)
    return Accounts(found.status if found else None, Allowance(A_MINUTE, monotonic))


def lookup(
    settings: Settings, fixes: Fixes, session: ClientSession, observe: Observe = unobserved
) -> Lookup | None:
    """What tells whether a user is enabled; None: nobody is configured who would know.

    To be called once in the event loop that will run it: the pause after failures, and the
    answers that are kept, belong to it.
    """
    if not settings.has_directory:
        return None
    directory = (
        # An answer that is too late for one person is there for the next who asks.
        client(settings, session, max(PATIENCE, settings.directory_patience))
        if settings.directory_url
        else InProcess(exported(settings), fixes, utc_now)
    )
    return Lookup(directory, fixes, utc_now, keep=settings.directory_keep, observe=observe)


def client(settings: Settings, session: ClientSession, patience: float = PATIENCE) -> Client:
    """Who asks the admin API at ASSISTANT_DIRECTORY_URL; `patience` in seconds."""
    token = settings.directory_token
    secret = token.get_secret_value() if token else ""
    return Client(settings.directory_url, session, secret, patience)


def exported(settings: Settings) -> Source:
    """The exports, and what DNS adds to them. Raises SettingsError where there is no DNS to ask."""
    return routed(settings, Snapshot(settings.directory_folder, utc_now))


def routed(settings: Settings, source: Source) -> Source:
    """A source, and what DNS adds to it. Raises SettingsError where there is no DNS to ask."""
    if settings.directory_dns == "off":
        return source
    from bot.directory import srv  # noqa: PLC0415 (dnspython only for those who ask DNS)

    nameserver = settings.directory_dns.removeprefix("on")
    try:
        resolve = partial(srv.federation_record, srv.resolver(nameserver))
    except srv.NoNameserver as error:
        raise SettingsError(
            "ASSISTANT_DIRECTORY_DNS is on, and the system names no nameserver. Name one by its "
            "address, or set it to off."
        ) from error
    return Routed(source, resolve, settings.sip_domains)


def admin_api(settings: Settings, fixes: Fixes, source: Source) -> AdminApi:
    """The admin API on its source; to be called in the event loop that will run it."""
    issuer = settings.admin_api_issuer
    return AdminApi(
        source=source,
        fixes=fixes,
        tokens=Tokens(settings.callers),
        allowance=Allowance(settings.admin_api_rate, monotonic),
        clock=utc_now,
        issuer=Issuer(issuer, settings.admin_api_audience) if issuer else None,
    )


def admin_app(settings: Settings, fixes: Fixes, source: str) -> web.Application:
    """The admin API on its `snapshot` or `lync` source, which ends with it.

    To be called in the event loop that will run it. Raises SettingsError.
    """
    if source == "snapshot":
        return admin_api(settings, fixes, exported(settings)).application()
    lync = _lync(settings)
    kept = Cached(lync, monotonic, user=settings.directory_keep)
    app = admin_api(settings, fixes, routed(settings, kept)).application()

    async def life(_: web.Application) -> AsyncIterator[None]:
        yield
        await lync.close()

    app.cleanup_ctx.append(life)
    return app


def _lync(settings: Settings) -> "Lync":
    """The Lync deployment. Raises SettingsError for each variable that is missing."""
    from bot.directory.lync import Lync  # noqa: PLC0415 (pypsrp only where Lync is asked)
    from bot.directory.remoting import Remoting  # noqa: PLC0415
    from bot.directory.shell import Server  # noqa: PLC0415

    password = settings.lync_password.get_secret_value() if settings.lync_password else ""
    needed = {"URL": settings.lync_url, "USER": settings.lync_user, "PASSWORD": password}
    missing = [f"ASSISTANT_LYNC_{name} is missing." for name, value in needed.items() if not value]
    if missing:
        raise SettingsError("\n".join([*missing, "See deploy/lync-administration.md."]))
    server = Server(
        url=settings.lync_url,
        user=settings.lync_user,
        password=password,
        auth=settings.lync_auth,
        ca=str(settings.lync_ca) if settings.lync_ca else None,
        limit=settings.lync_timeout,
    )
    return Lync(Remoting(server), utc_now)
