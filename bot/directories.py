"""Builds what knows about accounts from Settings: for conversations, `check` and the admin API."""

from functools import partial
from time import monotonic

from aiohttp import ClientSession

from bot.clock import utc_now
from bot.directory.accounts import Accounts
from bot.directory.answer import Fixes
from bot.directory.callers import Allowance, Tokens
from bot.directory.client import PATIENCE, Client
from bot.directory.issuer import Issuer
from bot.directory.lookup import InProcess, Lookup, Observe, unobserved
from bot.directory.routes import Routed
from bot.directory.server import AdminApi
from bot.directory.snapshot import Snapshot
from bot.directory.source import Source
from bot.inquiries import Inquiries, Patience
from bot.settings import Settings, SettingsError


def inquiries(
    settings: Settings, fixes: Fixes, session: ClientSession, observe: Observe = unobserved
) -> Inquiries:
    """What finds out about accounts for conversations; to be closed when they are over."""
    found = lookup(settings, fixes, session, observe)
    accounts = Accounts(found.status if found else None)
    return Inquiries(accounts.find, Patience(limit=settings.directory_patience))


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
