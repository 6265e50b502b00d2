"""What the commands of the command line do; each returns the exit status.

0: all well, 1: some input was refused or some check failed, 2: wrong usage.
"""

import asyncio
import json
import secrets
import signal
import socket
import sys
from collections.abc import Coroutine, Iterator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any, TypeVar

from aiohttp import ClientSession, web

from bot import app, demo, models
from bot.channels.console import Console, talk
from bot.channels.render import without_marks
from bot.doctor import examine
from bot.settings import Settings
from bot.storage.database import open_store
from bot.storage.migrate import Behind, Fresh, Unknown, state, upgrade
from bot.web import is_loopback
from dialogs import addresses
from dialogs.addresses import Conversion, Status
from dialogs.library import load
from dialogs.model import Message, Person
from dialogs.questions import Facts, reason
from dialogs.understand import Understander, Understanding

T = TypeVar("T")


def say(text: str) -> None:
    """A line for people, on standard error, so that standard output holds results alone."""
    print(text, file=sys.stderr, flush=True)


def serve(settings: Settings, host: str, port: int, *, reload: bool) -> int:
    """The service. Without channel credentials it serves this machine only.

    With `reload` it takes up edits of the knowledge, as far as they are in order.
    """
    if not is_loopback(host):
        say(
            f"Not started: without channel credentials everybody is believed to be who they say, "
            f"so the service only listens on this machine. Use --host 127.0.0.1 and not {host}."
        )
        return 2
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        say(f"Not started: {error.strerror}. Is another service on port {port}? Try --port.")
        return 1
    with listening:
        return _serve_on(listening, settings, host, port, reload=reload)


def _serve_on(
    listening: socket.socket, settings: Settings, host: str, port: int, *, reload: bool
) -> int:
    if not tried(ready_database(settings)):
        return 1
    bundle = settings.data_dir / app.BUNDLE
    if not bundle.exists():
        say(f"Web Chat is missing ({bundle}): the page will not work. Run: make setup")

    async def application() -> web.Application:
        program = app.build(settings, open_store(settings.database_url))
        service = await app.web_app(program, tell_of_edits=say if reload else None)
        app.settle()
        return service

    def announce(_: str) -> None:
        shown = f"[{host}]" if ":" in host else host
        say(f"Open http://{shown}:{port} in a browser. Ctrl+C stops the service.")

    web.run_app(application(), sock=listening, print=announce, access_log=None, shutdown_timeout=5)
    return 0


def chat(settings: Settings, person_id: str) -> int:
    """A conversation in the terminal, as a person of the demo."""
    if person_id not in demo.PEOPLE:
        say(f"{person_id} is not one of the demo's people: {', '.join(demo.PEOPLE)}.")
        return 2
    if not tried(ready_database(settings)):
        return 1
    if settings.desk:
        say("Cases are recorded here, and sent once `python -m bot serve` runs on this database.")

    async def converse() -> None:
        store = open_store(settings.database_url)
        console = Console(sys.stdout)
        try:
            program = app.build(settings, store)
            await converse_with(program, console, program.who(person_id, ""))
        finally:
            await store.close()

    interruptible(converse())
    return 0


async def converse_with(
    program: app.Program, console: Console, person: Person, opening: Message | None = None
) -> None:
    """Holds a conversation in the terminal until its input ends; see `talk`."""
    # Nobody is written to in a terminal that they have left.
    assistant = replace(program.assistant, follow_ups=False)
    async with ClientSession() as session, aclosing(app.inquiries(program, session)) as asking:
        turns = replace(program.turns(lambda _: console, asking.find), assistant=assistant)
        await talk(person, turns, sys.stdin, secrets.token_urlsafe, opening)


def interruptible(conversation: Coroutine[Any, Any, None]) -> None:
    """Holds a conversation in the terminal until it ends, or Ctrl+C ends it."""
    # With a handler of its own, asyncio would wait for the line that is being read.
    signal.signal(signal.SIGINT, _interrupt)
    with suppress(KeyboardInterrupt):
        asyncio.run(conversation)


def convert(settings: Settings, texts: list[str], *, back: bool, as_json: bool) -> int:
    """Addresses as Lync needs them, or turned back; `-` reads one a line."""
    facts = Facts(
        Person(""), settings.address_rules, load(app.KNOWLEDGE, settings.language).reasons
    )
    change = addresses.revert if back else addresses.convert
    refused = False
    for text in _lines(texts):
        result = change(text, settings.address_rules)
        refused |= result.status is Status.REJECTED
        _show_conversion(result, without_marks(reason(result, facts)), as_json=as_json)
    return int(refused)


def ask(settings: Settings, text: str, *, as_json: bool) -> int:
    """What the assistant understands; `-` reads one question a line."""
    understander = _understander(settings)
    if text != "-":
        print(_answer(understander.understand(text), text, as_json=as_json))
        return 0
    refused = False
    for number, line in enumerate(sys.stdin, start=1):
        try:
            question = json.loads(line) if as_json else {"text": line.rstrip("\n")}
            understood = understander.understand(question["text"])
            print(_answer(understood, question["text"], as_json=as_json, asked=question.get("id")))
        except (ValueError, KeyError, TypeError, AttributeError):
            refused = True
            say(f'Line {number} is not {{"id": …, "text": …}}.')
    return int(refused)


def explain(settings: Settings, text: str) -> int:
    """Why `ask` decides as it does."""
    understood = _understander(settings).understand(text)
    print(f"words:    {' '.join(understood.words) or '(none)'}")
    for wrong, right in understood.repaired.items():
        print(f"repaired: {wrong} → {right}")
    for guess in understood.guesses:
        print(f"score:    {guess.score:.3f} {guess.topic}")
    print(f"outside:  {understood.outside:.3f}")
    print(f"decision: {understood.decision}")
    return 0


def migrate(settings: Settings) -> int:
    """Brings the database up to date and says what was done."""
    applied = tried(upgrade(settings.database_url))
    if applied is None:
        return 1
    for revision in applied:
        say(f"Applied {revision.id}: {revision.what}")
    say("The database is up to date." if applied else "The database was up to date.")
    return 0


def doctor(settings: Settings) -> int:
    """Tries everything that the service needs and says what to mend."""
    findings = asyncio.run(examine(settings))
    for finding in findings:
        say(f"{'ok ' if finding.ok else 'BAD'} {finding.name}: {finding.what}")
    return int(not all(finding.ok for finding in findings))


def _understander(settings: Settings) -> Understander:
    return models.understander(load(app.KNOWLEDGE, settings.language), settings.data_dir, say)


def _interrupt(_: int, __: object) -> None:
    raise KeyboardInterrupt


def tried(work: Coroutine[Any, Any, T]) -> T | None:
    """What comes of some work with the database; None, and why is said, where that fails."""
    try:
        return asyncio.run(work)
    except Exception as failure:  # noqa: BLE001 - each driver fails in its own way
        why = str(failure).partition("\n")[0] or type(failure).__name__
        say(f"The database cannot be used: {why}. `doctor` says more.")
        return None


async def ready_database(settings: Settings) -> bool:
    """Whether the database can be used; a fresh one is set up, an old one is left alone."""
    match await state(settings.database_url):
        case Fresh():
            await upgrade(settings.database_url)
        case Behind(missing=missing):
            steps = "".join(f"\n  {step.id}: {step.what}" for step in missing)
            say(f"The database is of an earlier version. `python -m bot migrate` applies:{steps}")
            return False
        case Unknown(found=found):
            say(f"The database is of a later version ({found}). Use the program that made it.")
            return False
    return True


def _lines(texts: list[str]) -> Iterator[str]:
    for text in texts:
        if text == "-":
            yield from (line.rstrip("\n") for line in sys.stdin if line.strip())
        else:
            yield text


def _show_conversion(result: Conversion, why: str, *, as_json: bool) -> None:
    if as_json:
        shown = {
            "input": result.input,
            "status": str(result.status),
            "address": result.address,
            "why": why,
        }
        print(json.dumps(shown, ensure_ascii=False))
    elif result.address is None:
        say(why)
    else:
        print(f"{result.input} → {result.address}")
        say(why)


def _answer(understood: Understanding, text: str, *, as_json: bool, asked: Any = None) -> str:
    topics = [{"topic": guess.topic, "score": guess.score} for guess in understood.guesses]
    if as_json:
        answer = {"id": asked, "decision": understood.decision, "topics": topics}
        return json.dumps(answer, ensure_ascii=False)
    shown = ", ".join(f"{guess.topic} ({guess.score:.2f})" for guess in understood.guesses)
    return f"{understood.decision}: {shown or text}"
