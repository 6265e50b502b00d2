"""The command line: `python -m bot COMMAND`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import get_args

from bot import admin, authoring, casework, commands, logs, webhooks
from bot.environment import SettingsError
from bot.settings import Settings, read_settings
from bot.storage.records import CaseState
from bot.webhooks import Received
from dialogs.document import KnowledgeError

Command = Callable[[Settings, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns 0 (well), 1 (something refused) or 2 (wrong usage)."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):  # bytes that are no UTF-8 must not end a command
            stream.reconfigure(errors="replace")
    given = _parser().parse_args(arguments)
    run: Command = given.run
    try:
        settings = read_settings()
        quiet = given.command not in {"serve", "admin-api"} and settings.log_level == "INFO"
        level = "WARNING" if quiet else settings.log_level
        logs.set_up(settings.log_format, level, texts=settings.log_text)
        status = run(settings, given)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has had enough, as `head` has
        _write_nowhere()
        return 0
    except SettingsError as error:
        commands.say(str(error))
        return 2
    except KnowledgeError as error:
        commands.say(str(error))
        return 1
    return status


def _write_nowhere() -> None:
    """Has what is left to be written go nowhere: else Python complains of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    add = parser.add_subparsers(dest="command", required=True, metavar="COMMAND").add_parser
    json = argparse.ArgumentParser(add_help=False)
    json.add_argument("--json", action="store_true", help="one JSON object a line")

    serve = add("serve", help="the service: Bot Framework, web chat, health")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", default=3978, type=_port)
    serve.add_argument("--reload", action="store_true", help="take up edits of the knowledge")
    serve.set_defaults(run=lambda s, g: commands.serve(s, g.host, g.port, reload=g.reload))

    chat = add("chat", help="the same conversation in the terminal")
    chat.add_argument("--as", dest="person", default="lync.user@fabrikam.com", metavar="ADDRESS")
    chat.set_defaults(run=lambda s, g: commands.chat(s, g.person))

    _understanding(add, json)

    check = add("check", parents=[json], help="whether a user may talk to Skype users, or why not")
    check.add_argument("address", metavar="ADDRESS")
    check.set_defaults(run=lambda s, g: admin.check(s, g.address, as_json=g.json))

    api = add("admin-api", help="the admin API alone: what stands between us and the Lync servers")
    api.add_argument("--host", default="127.0.0.1")
    api.add_argument("--port", default=3979, type=_port)
    api.add_argument("--source", choices=["snapshot", "lync"], help="where facts come from")
    api.set_defaults(run=lambda s, g: admin.serve(s, g.host, g.port, g.source))

    _webhook(add("verify-webhook", parents=[json], help="why a signed request is not believed"))

    _cases(add("cases", help="what people have handed over, and its delivery"), json)

    _knowledge(add("knowledge", help="the author's tools"), json)

    add("migrate", help="brings the database up to date").set_defaults(
        run=lambda s, _: commands.migrate(s)
    )
    add("doctor", help="tries everything the service needs, and says what to mend").set_defaults(
        run=lambda s, _: commands.doctor(s)
    )
    return parser


def _understanding(
    add: Callable[..., argparse.ArgumentParser], json: argparse.ArgumentParser
) -> None:
    """What needs no conversation."""
    ask = add("ask", parents=[json], help="what the assistant understands, without a conversation")
    ask.add_argument("text", nargs="?", default="-", help="a question, or - for one a line")
    ask.set_defaults(run=lambda s, g: commands.ask(s, g.text, as_json=g.json))

    convert = add("convert", parents=[json], help="addresses as Lync needs them")
    convert.add_argument("addresses", nargs="*", default=["-"], help="or - for one a line")
    convert.add_argument("--back", action="store_true", help="the plain addresses behind them")
    convert.set_defaults(
        run=lambda s, g: commands.convert(s, g.addresses, back=g.back, as_json=g.json)
    )

    explain = add("explain", help="why `ask` decides as it does")
    explain.add_argument("text")
    explain.set_defaults(run=lambda s, g: commands.explain(s, g.text))


def _webhook(parser: argparse.ArgumentParser) -> None:
    """What a receiver asks of a request that it refused; see docs/webhook.md."""
    for name in ("id", "timestamp", "signature"):
        parser.add_argument(f"--{name}", required=True, help=f"its header webhook-{name}")
    parser.add_argument("--at", type=_moment, metavar="SECONDS", help="judge as of then, not now")
    parser.add_argument("file", nargs="?", default="-", help="its body, or - for standard input")
    parser.set_defaults(
        run=lambda s, g: webhooks.verify(
            s, Received(g.id, g.timestamp, g.signature, g.file, g.at), as_json=g.json
        )
    )


def _cases(parser: argparse.ArgumentParser, json: argparse.ArgumentParser) -> None:
    add = parser.add_subparsers(dest="work", required=True, metavar="WORK").add_parser
    case = argparse.ArgumentParser(add_help=False)
    case.add_argument("case", metavar="ID", type=str.upper, help="such as LS-7Q2M-K9XD")

    listed = add("list", parents=[json], help="the latest")
    listed.add_argument("--state", choices=get_args(CaseState), help="only those that stand so")
    listed.add_argument("--all", action="store_true", help="not only the latest 50")
    listed.set_defaults(run=lambda s, g: casework.listed(s, g.state, every=g.all, as_json=g.json))
    show = add("show", parents=[case, json], help="all that its desk is sent, and how that goes")
    show.set_defaults(run=lambda s, g: casework.show(s, g.case, as_json=g.json))
    resend = add("resend", help="sends again what the desk refused")
    which = resend.add_mutually_exclusive_group(required=True)
    which.add_argument("case", metavar="ID", nargs="?", type=str.upper, help="of one case")
    which.add_argument("--parked", action="store_true", help="of all cases")
    resend.set_defaults(
        run=lambda s, g: casework.resend_parked(s) if g.parked else casework.resend(s, g.case)
    )
    export = add("export", parents=[json], help="all of them, one JSON object a line")
    export.set_defaults(run=lambda s, _: casework.export(s))


def _knowledge(parser: argparse.ArgumentParser, json: argparse.ArgumentParser) -> None:
    add = parser.add_subparsers(dest="tool", required=True, metavar="TOOL").add_parser
    topic = argparse.ArgumentParser(add_help=False)
    topic.add_argument("topic", metavar="TOPIC", help="such as add-skype-contact")

    check = add("check", help="names every mistake, with file, line and remedy")
    check.set_defaults(run=lambda s, _: authoring.check(s))
    draw = add("draw", parents=[topic], help="the flow of a procedure, as Mermaid text")
    draw.set_defaults(run=lambda s, g: authoring.draw(s, g.topic))
    play = add("try", parents=[topic], help="plays a topic here; nothing of it is kept")
    play.set_defaults(run=lambda s, g: authoring.play(s, g.topic))
    cover = add("coverage", help="each fact of the documents, and the steps that tell it")
    cover.set_defaults(run=lambda s, _: authoring.cover(s))
    learn = add("learn", help="learns from the phrasings, where they have changed")
    learn.set_defaults(run=lambda s, _: authoring.learn(s))
    missed = add("missed", parents=[json], help="what was not understood, the most frequent first")
    missed.set_defaults(run=lambda s, g: authoring.missed(s, as_json=g.json))
    pictures = add("pictures", help="draws what is missing, removes what is stale")
    pictures.set_defaults(run=lambda s, _: _pictures(s))


def _pictures(settings: Settings) -> int:
    from bot.illustrate import knowledge_pictures  # noqa: PLC0415 (no other command draws)

    return knowledge_pictures(settings)


def _moment(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 11:  # years that a date can have
        raise argparse.ArgumentTypeError(f"seconds since 1970 are needed, as in 1793707200: {text}")
    return int(text)


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError(text)
    return port


if __name__ == "__main__":
    sys.exit(main())
