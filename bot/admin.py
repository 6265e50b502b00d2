"""The directory's commands: `python -m bot admin-api | check`; each returns the exit status."""

import asyncio
import socket
from datetime import timedelta

from aiohttp import ClientSession, web

from bot import app
from bot.commands import say
from bot.directory import answer
from bot.directory.answer import CheckShown, Status
from bot.directory.client import Client, Unanswered
from bot.directory.facts import Account, Facts
from bot.directory.sip import strict
from bot.directory.snapshot import Snapshot
from bot.directory.source import Known, Unreadable
from bot.settings import Settings
from bot.web import is_loopback

WORDS = {True: "yes", False: "no", None: "unknown"}


def serve(settings: Settings, host: str, port: int, source: str | None = None) -> int:
    """The admin API alone. Without tokens it serves this machine only.

    The source is `lync` where its address is set, unless one is named.
    """
    asked = source or ("lync" if settings.lync_url else "snapshot")
    if not settings.callers and not is_loopback(host):
        say(
            "Not started: without ASSISTANT_ADMIN_API_TOKENS anybody may ask about anybody, so it "
            f"only listens on this machine. Use --host 127.0.0.1 and not {host}, or set tokens."
        )
        return 2
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        say(f"Not started: {error.strerror}. Is another service on port {port}? Try --port.")
        return 1

    async def application() -> web.Application:
        return app.admin_app(settings, asked)

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
    return int(status.verdict != "enabled")


async def _status(settings: Settings, address: str) -> Status:
    """The verdict; unknown, and why is said, where it cannot be found out."""
    now, fixes = app.utc_now(), app.knowledge(settings).fixes
    unknown = Known(Facts(Account(address), today=now.date()), "none", now)
    try:
        if not settings.directory_url:
            known = await Snapshot(settings.directory_folder, app.utc_now).user(address)
            return answer.status(known, fixes, now)
        token = settings.directory_token
        client = Client(settings.directory_url, token.get_secret_value() if token else "")
        async with ClientSession() as session:
            found = await client.status(session, address)
    except Unreadable as error:
        say(f"The exports in {settings.directory_folder} cannot be used:\n{error}")
        return answer.status(unknown, fixes, now)
    except Unanswered as error:
        say(f"{settings.directory_url} is of no use now. {error}")
        return answer.status(unknown, fixes, now)
    nobody = Facts(Account(address), found=False, today=now.date())
    return found or answer.status(Known(nobody, "admin api", now), fixes, now)


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
