#!/usr/bin/env python3
"""Makes a Roundup tracker for the assistant from nothing; run it with the desk's environment.

It leaves beside the tracker: admin-password, agent-password, events-secret, and assistant.env, the
assistant's settings.
"""

import argparse
import base64
import configparser
import os
import secrets
import shutil
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

from roundup import instance
from roundup.admin import AdminTool
from roundup.password import Password

OURS = Path(__file__).parent
TEMPLATE = "classic"
AGENT, BOT = "agent", "assistant"
ROUNDS = 1000
SCHEMA = "\nfrom assistant_schema import extend\n\nextend(db, String)\n"


def main() -> int:
    """Makes it, or says that it is there already."""
    options = wishes()
    home = options.home.resolve()
    if home.exists():
        print(f"There is something in {home} already; remove it to begin anew.", file=sys.stderr)
        return 1
    home.parent.mkdir(parents=True, exist_ok=True)
    new = {name: secrets.token_urlsafe(18) for name in ("admin", AGENT, BOT)}
    hook = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    install(home, options)
    extend(home, options.assistant, hook)
    keep(home.parent / "admin-password", new["admin"] + "\n")
    keep(home.parent / "agent-password", new[AGENT] + "\n")
    keep(home.parent / "events-secret", hook + "\n")
    keep(home.parent / "assistant.env", settings(options.url, new[BOT], hook))
    initialise(home, new)
    return 0


def wishes() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path, help="the tracker's folder, which is made")
    parser.add_argument("--url", required=True, help="where the tracker is reached, with a slash")
    parser.add_argument("--assistant", default="", help="where the assistant takes events")
    parser.add_argument("--calls", type=int, default=1000, help="REST calls a minute, 0: any")
    return parser.parse_args()


def install(home: Path, options: argparse.Namespace) -> None:
    """The classic template, on SQLite; mails go to a file, as no server for them is known."""
    said = {
        "umask": "0077",  # what people write is for nobody else on this machine
        "tracker_web": options.url,
        "mail_domain": "localhost",
        "mail_host": "localhost",
        "mail_debug": str(home / "mails"),
        "rdbms_sqlite_timeout": "5",  # seconds; those who wait for each other end well before us
        "web_migrate_passwords": "no",  # it would hash ours anew, with more rounds
        "web_api_calls_per_interval": str(options.calls),
        "web_api_interval_in_sec": "60",
    }
    run(home, "install", TEMPLATE, "sqlite", ",".join(f"{k}={v}" for k, v in said.items()))


def extend(home: Path, assistant: str, hook: str) -> None:
    """Our additions to the schema, and the detectors with what they need to know."""
    shutil.copytree(OURS / "lib", home / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    with (home / "schema.py").open("a", encoding="utf-8") as schema:
        schema.write(SCHEMA)
    for detector in (OURS / "detectors").glob("*.py"):
        shutil.copy(detector, home / "detectors")
    told = configparser.RawConfigParser()
    told.read(home / "detectors" / "config.ini", encoding="utf-8")
    told["assistant"] = {"url": assistant, "secret": hook, "user": BOT}
    text = StringIO()
    told.write(text)
    keep(home / "detectors" / "config.ini", text.getvalue())


def initialise(home: Path, passwords: dict[str, str]) -> None:
    """The database with its users: the administrator, an agent, and the assistant."""
    run(home, "initialise", passwords["admin"])
    db = instance.open(str(home)).open("admin")
    try:
        for name, roles in ((AGENT, "User"), (BOT, "Assistant")):
            db.user.create(username=name, password=stored(passwords[name]), roles=roles)
        db.commit()
        db.getSessionManager()  # makes its tables: the first requests at once would all try to
        db.getOTKManager()
    finally:
        db.close()


def stored(password: str) -> Password:
    """A password as Roundup keeps it, hashed with few rounds: chance needs no stretching.

    With Roundup's own quarter of a million of them every REST request costs 0.2 s of CPU.
    """
    return Password(password, config=SimpleNamespace(PASSWORD_PBKDF2_DEFAULT_ROUNDS=ROUNDS))


def run(home: Path, *command: str) -> None:
    """One command of roundup-admin, in this process: so no password stands on a command line."""
    tool = AdminTool()
    tool.tracker_home = str(home)
    with redirect_stdout(StringIO()):  # advice on what to edit next, which is done here
        failed = tool.run_command(list(command))
    if failed:
        raise SystemExit(f"roundup-admin {command[0]} failed.")


def settings(url: str, password: str, hook: str) -> str:
    """The lines that point the assistant at the tracker."""
    return (
        "ASSISTANT_DESK=roundup\n"
        f"ASSISTANT_ROUNDUP_URL={url.rstrip('/')}\n"
        f"ASSISTANT_ROUNDUP_USER={BOT}\n"
        f"ASSISTANT_ROUNDUP_EVENTS_SECRET={hook}\n"
        f"ASSISTANT_ROUNDUP_PASSWORD={password}\n"
    )


def keep(path: Path, text: str) -> None:
    """Writes what only its owner may read."""
    path.unlink(missing_ok=True)  # an older one would keep the rights that it has
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
