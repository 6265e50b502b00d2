"""What a log may hold: one line an event, and nothing that people wrote or that names them."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO

import pytest

from bot.app import Program
from bot.logs import FIELDS, JsonLines, TextFormatter
from tests.bot.caller import Caller, Http
from tests.bot.conftest import Serve
from tests.fakes import BusyStore, Confused, Connector

PRIVATE = [
    "contoso",
    "fabrikam",
    "bob",
    "A user",
    "room/1",
    "room%2F1",
    "custom domain",
    "talk to",
    "secret",
]


@contextmanager
def logged(formatter: logging.Formatter) -> Iterator[StringIO]:
    """All that is logged meanwhile, from the lowest level on, and by this formatter alone."""
    out, root = StringIO(), logging.getLogger()
    handler, level, others = logging.StreamHandler(out), root.level, root.handlers
    handler.setFormatter(formatter)
    root.handlers = [handler]
    root.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        root.setLevel(level)
        root.handlers = others


async def converse(caller: Caller) -> None:
    """A conversation in which much goes wrong."""
    await caller.joins()
    for answer in (500, 404, "cut", 201, 201):
        caller.connector.answers.append(answer)
        await caller.says("custom domain")
    for text in ("bob@contoso.com", "my secret is 1234", "convert bob@contoso.com", "bob@", "\0"):
        await caller.says(text)
    await caller.says("talk to a person")
    await caller.posts({"text": "bob@contoso.com", "from": {"id": "bob@contoso.com"}})
    await caller.posts(caller.activity(text="bob", serviceUrl="http://bob@contoso.com/"))


async def break_down(http: Http, caller: Caller) -> None:
    """What fails inside, with the person's words in the text of the failure."""
    await caller.says("bob@contoso.com")
    async with http.get("/readyz") as answer:
        assert answer.status == 503


@pytest.fixture
async def broken(serve: Serve, program: Program, connector: Connector) -> Caller:
    """A user of a program with defects."""
    store = BusyStore()
    store.trouble = OSError("no room for bob@contoso.com")
    sound = program.assistant
    confused = Confused(sound.library, sound.understander, sound.rules)
    return Caller(await serve(replace(program, assistant=confused, store=store)), connector)


@pytest.mark.parametrize("formatter", [TextFormatter(FIELDS), JsonLines(FIELDS)])
async def test_no_log_line_holds_what_people_wrote_or_who_they_are(
    caller: Caller, broken: Caller, formatter: logging.Formatter
) -> None:
    with logged(formatter) as out:
        await converse(caller)
        await break_down(broken.http, broken)

    log = out.getvalue()
    for event in ("turn", "a reply could not be sent", "a reply was refused", "not ready"):
        assert event in log
    assert "LookupError, raised at" in log
    for private in PRIVATE:
        assert private not in log


async def test_every_line_of_json_is_an_object_with_its_fields(
    caller: Caller, broken: Caller
) -> None:
    with logged(JsonLines(FIELDS)) as out:
        await converse(caller)
        await break_down(broken.http, broken)

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert all({"asctime", "levelname", "name", "message"} <= set(line) for line in lines)
    turn = next(line for line in lines if line["message"] == "turn")
    assert (turn["channel"], turn["understood"], turn["replies"]) == ("sms", "greeting", 1)
    assert turn["ms"] >= 0


def test_a_line_for_people_ends_in_the_fields_of_its_event() -> None:
    with logged(TextFormatter("%(levelname)s %(message)s")) as out:
        logging.getLogger("test").info("%s turn", "a", extra={"channel": "sms", "replies": 2})

    assert out.getvalue() == "INFO a turn  channel=sms  replies=2\n"


@pytest.mark.parametrize("texts", [False, True])
def test_the_text_of_a_failure_is_logged_only_if_that_is_wished(texts: bool) -> None:
    formatter = TextFormatter(FIELDS)
    formatter.texts = texts

    with logged(formatter) as out:
        failure = LookupError("outer bob")
        failure.__cause__ = ValueError("inner bob")
        logging.getLogger("test").error("it failed", exc_info=failure)

    log = out.getvalue()
    assert "LookupError" in log
    assert "ValueError" in log
    assert ("outer bob" in log, "inner bob" in log) == (texts, texts)
