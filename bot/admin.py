"""The directory's commands: `python -m bot admin-api | check`; each returns the exit status."""

import asyncio
import socket
from datetime import timedelta

from aiohttp import ClientSession, web

from bot import app
from bot.clock import utc_now
from bot.commands import say
from bot.directories import admin_app, lookup
from bot.directory import answer
from bot.directory.answer import CheckShown, Status, Unanswered
from bot.directory.facts import Account, Facts
from bot.directory.sip import strict
from bot.directory.source import Known
from bot.settings import Settings
from bot.web import is_loopback

WORDS = {True: "yes", False: "no", None: "unknown"}


def serve(settings: Settings, host: str, port: int, source: str | None = None) -> int:
    """The admin API alone. Where it knows no callers it serves this machine only.

    The source is `lync` where its address is set, unless one is named.
    """
    asked = source or ("lync" if settings.lync_url else "snapshot")
    if not settings.knows_callers and not is_loopback(host):
        say(
            "Not started: without ASSISTANT_ADMIN_API_TOKENS anybody may ask about anybody, so it "
            f"only listens on this machine. Use --host 127.0.0.1 and not {host}, or set tokens "
            "or ASSISTANT_ADMIN_API_ISSUER."
        )
        return 2
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        say(f"Not started: {error.strerror}. Is another service on port {port}? Try --port.")
        return 1

    async def application() -> web.Application:
        service = admin_app(settings, app.knowledge(settings).fixes, asked)
        app.settle()
        return service

    def announce(_: str) -> None:
        shown = f"[{host}]" if ":" in host else host
        at = f"http://{shown}:{port}/admin/v1/ from its {asked} source"
        say(f"The admin API answers at {at}. Ctrl+C stops it.")

    with listening:
        web.run_app(
            application(), sock=listening, print=announce, access_log=None, shutdown_timeout=5
        )
    return 0


def check(settings: Settings, text: str, *, as_json: bool) -> int:
    """The verdict on one user: 0 where they are enabled, 1 where they are not or it is unknown."""
    address = strict(text.strip())
    if address is None:
        say("This is not a SIP address. Give one such as lync.user@fabrikam.com.")
        return 1
    status = asyncio.run(_status(settings, address))
    print(status.model_dump_json() if as_json else _told(status))
    return int(status.pic_enabled is not True)


async def _status(settings: Settings, address: str) -> Status:
    """The verdict; unknown, and why is said, where it cannot be found out."""
    fixes = app.knowledge(settings).fixes
    try:
        async with ClientSession() as session:
            if directory := lookup(settings, fixes, session):
                return await directory.status(address)
        say("No directory is set: set ASSISTANT_DIRECTORY_URL or ASSISTANT_DIRECTORY_FOLDER.")
    except Unanswered as error:
        say(f"{settings.directory_url or settings.directory_folder} is of no use now. {error}")
    now = utc_now()
    nothing = Known(Facts(Account(address), today=now.date()), "none", now)
    return answer.status(nothing, fixes, now)


def _told(status: Status) -> str:
    """A verdict for people: the three answers, then what is not in order and who can mend it."""
    answers = (
        f"PIC enabled: {WORDS[status.pic_enabled]}",
        f"route ready: {WORDS[status.route_ready]}",
        f"service available: {WORDS[status.service_available]}",
    )
    lines = [f"{status.address}: {status.verdict}", f"  {' · '.join(answers)}"]
    lines += [f"  {_line(check)}" for check in status.checks if check.result != "pass"]
    age = timedelta(seconds=status.age)
    return "\n".join([*lines, f"  source: {status.source}, {age} old"])


def _line(check: CheckShown) -> str:
    mend = f" ({check.who}): {check.fix} See {check.topic}." if check.fix else ""
    return f"{check.result:7} {check.id}{mend}"
