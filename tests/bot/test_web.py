"""What all of HTTP shares: problems, the guard of the demo, health, no 5xx for bad input."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Program, web_app
from bot.storage.records import Incoming, Outgoing, Reference, Turn
from bot.web import is_loopback
from tests.bot.caller import Caller, Http
from tests.bot.conftest import Serve
from tests.fakes import PATIENCE, BusyStore, Connector, Json

PROBLEM = "application/problem+json"


async def asked(http: Http, path: str = "/healthz", **headers: str) -> tuple[int, Json]:
    """The status of a GET and the problem where it is one."""
    async with http.get(path, headers=headers) as answer:
        refused = answer.content_type == PROBLEM
        return answer.status, await answer.json() if refused else {}


# --- the guard of the demo -------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:3978",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.8.8.8",
        "[::1]",
        "[::1]:3978",
    ],
)
async def test_this_machine_is_let_in(http: Http, host: str) -> None:
    assert await asked(http, Host=host) == (200, {})
    assert await asked(http, Host=host, Origin=f"http://{host}") == (200, {})


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:3978", "localhost.evil.example", "127.0.0.1.evil.example",
     "10.0.0.1", "0.0.0.0", "[::]", "[::2]:80", "2130706433", "evil.example@localhost:x",
     "localhost@evil.example", "", "[", "localhost:port", "127.0.0.1:99999", "\xff"],
)  # fmt: skip
async def test_any_other_host_is_refused(http: Http, host: str) -> None:
    status, problem = await asked(http, Host=host)

    assert (status, problem["title"]) == (403, "Only for this machine")


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "", "evil.example", "http://127.0.0.1", "http://localhost:80",
     "http://127.0.0.1:3978@evil.example", "http://[", "http://127.0.0.1:99999", "file://",
     "https://127.0.0.1:3978", "http://evil.example/127.0.0.1:3978", "chrome-extension://abc",
     "//127.0.0.1:3978", "127.0.0.1:3978", "http://127.0.0.1:3978.evil.example"],
)  # fmt: skip
async def test_a_page_of_another_site_is_refused(http: Http, origin: str) -> None:
    status, problem = await asked(http, Host="127.0.0.1:3978", Origin=origin)

    assert (status, problem["title"]) == (403, "Not from another site")


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "x-forwarded-for", "X-Forwarded-Host", "X-Forwarded-Proto"],
)
async def test_what_came_through_a_proxy_is_refused(http: Http, header: str) -> None:
    status, problem = await asked(http, **{header: "for=127.0.0.1"})

    assert (status, problem["title"]) == (403, "Not through a proxy")


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/nothing"])
async def test_the_guard_stands_before_every_path(http: Http, path: str) -> None:
    assert (await asked(http, path, Host="evil.example"))[0] == 403


@pytest.mark.parametrize("path", ["/api/messages", "/v3/directline/tokens/generate"])
async def test_a_form_of_another_site_cannot_pass_for_json(http: Http, path: str) -> None:
    """A browser sends text/plain across sites without asking; it would ask before JSON."""
    async with http.post(path, data='{"user": {"id": "lync.user@fabrikam.com"}}') as answer:
        assert (answer.status, answer.content_type) == (415, PROBLEM)


@pytest.mark.parametrize(
    ("host", "ours"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False),
     ("localhost.", False), ("", False), ("::", False), ("127.1", False), ("evil", False)],
)  # fmt: skip
def test_which_hosts_are_this_machine(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours


# --- problems --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/nothing", "/api", "/api/messages/1", "/%00", "/..%2f", "/ü"])
async def test_an_unknown_path_is_a_problem(http: Http, path: str) -> None:
    assert await asked(http, path) == (
        404,
        {"type": "about:blank", "title": "Not Found", "status": 404},
    )


async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(http: Http) -> None:
    async with http.get("/api/messages") as answer:
        assert (answer.status, answer.content_type) == (405, PROBLEM)
        assert answer.headers["Allow"] == "POST"


async def test_a_defect_is_a_problem_that_tells_nothing_of_itself(
    serve: Serve, program: Program, connector: Connector
) -> None:
    class Full(BusyStore):
        async def load(self, key: str, activity_id: str) -> Any:
            raise OSError("no space left on bob@contoso.com's disk")

    caller = Caller(await serve(replace(program, store=Full())), connector)

    async with caller.http.post("/api/messages", json=caller.activity(text="hello")) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        problem = await answer.json(content_type=PROBLEM)
    assert problem["title"] == "Not now"
    assert "contoso" not in str(problem)


# --- any JSON --------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ACCOUNT = st.fixed_dictionaries({"id": JSON}, optional={"name": JSON, "role": JSON})
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["message", "conversationUpdate", "invoke", "event"]) | JSON,
        "text": JSON,
        "value": st.fixed_dictionaries({}, optional={"says": JSON, "card": JSON}) | JSON,
        "from": ACCOUNT | JSON,
        "recipient": ACCOUNT | JSON,
        "conversation": ACCOUNT | JSON,
        "membersAdded": st.lists(ACCOUNT | JSON, max_size=3) | JSON,
        **dict.fromkeys(["id", "channelId", "serviceUrl", "locale", "timestamp"], JSON),
        **dict.fromkeys(["entities", "attachments", "relatesTo", "channelData"], JSON),
    },
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def listening(
    built: Program, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Caller]:
    """One program for all examples."""
    changed = built.settings.model_copy(update={"data_dir": tmp_path_factory.mktemp("data")})
    app = await web_app(replace(built, settings=changed))
    async with Connector.listening() as connector, TestClient(TestServer(app)) as http:
        yield Caller(http, connector)


@pytest.mark.asyncio(loop_scope="module")
@given(body=JSON)
async def test_no_json_is_answered_by_a_failure(listening: Caller, body: object) -> None:
    status, problem = await listening.posts(body)

    assert status == problem["status"]
    assert 400 <= status < 500


@pytest.mark.asyncio(loop_scope="module")
@settings(max_examples=300)
@given(fields=FIELDS)
async def test_no_activity_is_answered_by_a_failure(listening: Caller, fields: Json) -> None:
    status, problem = await listening.posts(listening.activity(**{"text": "hello", **fields}))

    assert 200 <= status < 500
    assert (status == 200) == (problem == {})


# --- health ----------------------------------------------------------------------------------


async def test_a_program_that_serves_is_alive_and_ready(http: Http) -> None:
    async with http.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "alive"})
    async with http.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ready", "reasons": {}})


async def test_a_program_whose_store_fails_is_alive_and_says_why_it_is_not_ready(
    serve: Serve, program: Program
) -> None:
    store = BusyStore()
    store.trouble = ConnectionRefusedError("assistant:secret@database.fabrikam.com")
    http = await serve(replace(program, store=store))

    async with http.get("/healthz") as answer:
        assert answer.status == 200
    async with http.get("/readyz") as answer:
        reasons = {"database": "ConnectionRefusedError"}
        assert answer.status == 503
        assert await answer.json() == {"status": "not ready", "reasons": reasons}


async def metrics(http: Http) -> str:
    async with http.get("/metrics") as answer:
        assert (answer.status, answer.content_type) == (200, "text/plain")
        return await answer.text()


async def test_turns_are_counted_and_nobody_is_named(caller: Caller) -> None:
    for text in ("custom domain", "bob@contoso.com", "bob@contoso.com is his address", "thanks"):
        await caller.says(text)
    shown = await metrics(caller.http)

    assert 'assistant_turns_total{understood="add-skype-contact-custom-domain"} 1.0' in shown
    assert 'assistant_turns_total{understood="answer"} 1.0' in shown
    assert "assistant_turn_seconds_count 4.0" in shown
    assert 'assistant_knowledge{version="' in shown
    for known in ("contoso", "bob", "fabrikam", caller.room, "A user"):
        assert known not in shown


async def test_what_waits_for_ticketing_systems_is_shown(http: Http, program: Program) -> None:
    program.figures.waiting(3, 1, 12.5)
    program.figures.delivery("refused")

    shown = await metrics(http)

    assert "assistant_cases_open 3.0" in shown
    assert "assistant_cases_parked 1.0" in shown
    assert "assistant_oldest_case_seconds 12.5" in shown
    assert 'assistant_deliveries_total{outcome="refused"} 1.0' in shown


async def test_conversations_that_wait_for_their_connector_are_counted(
    serve: Serve, program: Program, connector: Connector
) -> None:
    connector.answers.append(500)
    to = Reference(channel="sms", conversation="1", user_id="1", service_url=connector.url)
    said = Outgoing('{"type": "message", "text": "Still here."}', "Still here.")
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await program.store.commit(Turn("bf/1", 0, "{}", to, Incoming("1"), (said,), hour_ago))

    http = await serve(program)

    async with asyncio.timeout(PATIENCE):
        while "assistant_overdue_conversations 1.0" not in await metrics(http):
            pass
    assert connector.dialled == 1
