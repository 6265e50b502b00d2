"""What can go wrong with a directory: the answer is unknown then and never wrong.

For each fault: the status is unknown, the cause is in the log and in doctor's line, no address and
no token is, and it is asked a few times at most.
"""

import asyncio
import json
import logging
import os
import ssl
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import trustme
from aiohttp import ClientSession, TCPConnector, web
from pydantic import SecretStr

from bot import admin
from bot.directory.answer import Unanswered
from bot.directory.client import ATTEMPTS, Client
from bot.directory.lookup import Lookup
from bot.directory.pause import FAILURES, FIRST, Pause, Paused
from bot.doctor import Examined, examine
from bot.settings import Settings
from tests.bot.directory.conftest import FIXES, TOKEN, USERS, Seconds, write
from tests.bot.directory.misbehaving import (
    Answer,
    Misbehaving,
    cuts_off,
    never_ends,
    nobody,
    says,
    speaking,
)
from tests.bot.directory.test_belief import ENABLED, strange, told
from tests.fakes import PATIENCE, Clock

ROOT = Path(__file__).parents[3]
ADDRESS = "lync.user@fabrikam.com"
NAMES_SOMEBODY = json.dumps(
    {"type": "about:blank", "title": ADDRESS, "status": 500, "detail": f"{TOKEN}, {ADDRESS}"}
)
GARBAGE = "<html>Please sign in</html>"

Fault = tuple[Answer, str, int]
FAULTS: dict[str, Fault] = {
    "401": (says(401, NAMES_SOMEBODY), "status 401. Set ASSISTANT_DIRECTORY_TOKEN", 1),
    "403": (says(403, NAMES_SOMEBODY), "status 403. Set ASSISTANT_DIRECTORY_TOKEN", 1),
    "404 without a verdict": (says(404, NAMES_SOMEBODY), "does not know the path", 1),
    "429, later": (says(429, headers={"Retry-After": "1"}), "status 429", ATTEMPTS),
    "429, much later": (
        says(429, headers={"Retry-After": "3000"}),
        "429. Raise its ASSISTANT_ADMIN_API_RATE",
        1,
    ),
    "429, some time": (says(429, headers={"Retry-After": "soon"}), "status 429", ATTEMPTS),
    "500": (says(500, NAMES_SOMEBODY), "status 500. Look into its own log", 1),
    "502": (says(502, GARBAGE), "status 502", ATTEMPTS),
    "503": (says(503, NAMES_SOMEBODY), "status 503", ATTEMPTS),
    "504": (says(504, GARBAGE), "status 504", ATTEMPTS),
    "no JSON": (says(200, GARBAGE), "wrong form", 1),
    "half of the JSON": (says(200, '{"address": "lync.us'), "wrong form", 1),
    "other JSON": (says(200, "[1, 2, 3]"), "wrong form", 1),
    "an answer that is cut off": (cuts_off, "cannot be reached", ATTEMPTS),
    "an answer without end": (never_ends, "longer than", 1),
    "a redirect": (says(302, headers={"Location": "/elsewhere"}), "It redirects", 1),
    "a lasting redirect": (says(308, headers={"Location": "http://127.0.0.1:1/"}), "redirects", 1),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """What people would wait for is a moment, so that no test does."""
    given = {"data_dir": tmp_path, "directory_token": SecretStr(TOKEN), "directory_patience": 0.05}
    return Settings(database_url=f"sqlite:///{tmp_path}/assistant.db").model_copy(update=given)


@pytest.fixture
async def trusting(ca: trustme.CA) -> AsyncIterator[ClientSession]:
    """Who asks over HTTP and trusts our issuer."""
    context = ssl.create_default_context()
    ca.configure_trust(context)
    async with ClientSession(connector=TCPConnector(ssl=context)) as opened:
        yield opened


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


def serving_as(ca: trustme.CA, name: str) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    return context


def lookup_over(client: Client) -> Lookup:
    return Lookup(client, FIXES, Clock(), keep=0)


async def of_doctor(settings: Settings) -> Examined:
    """What doctor says of the directory."""
    (line,) = [one for one in await examine(settings) if one.name == "directory"]
    return line


def causes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of failures; nothing in it names anybody or shows the token."""
    for record in caplog.records:
        assert ADDRESS not in str(vars(record))
        assert TOKEN not in str(vars(record))
    noted = [one for one in caplog.records if one.name == "bot.directory.lookup"]
    return [vars(one)["why"] for one in noted if one.levelno == logging.WARNING]


async def assert_unknown(
    url: str, why: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """That `check` and doctor make of it what they should."""
    at = settings.model_copy(update={"directory_url": url, "directory_patience": PATIENCE})

    status = await admin._status(at, ADDRESS)

    answers = (status.pic_enabled, status.route_ready, status.verdict, status.who)
    assert answers == (None, None, "unknown", None)
    (cause,) = causes(caplog)
    assert why in cause
    line = await of_doctor(at)
    assert not line.ok
    assert why in line.what
    assert url in line.what
    assert TOKEN not in line.what


# --- the table -------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "why", "most"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_makes_it_unknown(
    answer: Answer, why: str, most: int, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with Misbehaving(answer).listening() as directory:
        await assert_unknown(directory.url, why, settings, caplog)

    assert directory.requests.count("/admin/v1/sip-domains") == most
    assert len(directory.requests) == 2 * most


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (nobody, "cannot be reached (ClientConnectorError). Is it running?"),
        (lambda: speaking(b""), "cannot be reached (ServerDisconnectedError)"),
        (lambda: speaking(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "does not speak HTTP"),
    ],
)
async def test_what_is_no_directory_makes_it_unknown(
    place: Callable[[], AbstractAsyncContextManager[str]],
    why: str,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with place() as url:
        await assert_unknown(url, why, settings, caplog)


async def test_a_directory_that_never_answers_makes_it_unknown(
    settings: Settings, session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    ended = asyncio.Event()

    async def never(_: web.Request) -> web.StreamResponse:
        await ended.wait()
        return web.Response()

    async with Misbehaving(never).listening() as directory:
        asked = lookup_over(Client(directory.url, session, TOKEN, patience=0.05))
        with pytest.raises(Unanswered, match=r"did not answer within 0\.05 seconds"):
            await asked.status(ADDRESS)
        line = await of_doctor(settings.model_copy(update={"directory_url": directory.url}))
        ended.set()

    assert (line.ok, "did not answer within 0.05 seconds" in line.what) == (False, True)
    assert causes(caplog) == ["It did not answer within 0.05 seconds. Is it overloaded?"]
    assert len(directory.requests) == 2


# --- certificates ----------------------------------------------------------------------------


async def test_a_certificate_of_an_issuer_that_is_not_trusted_makes_it_unknown(
    ca: trustme.CA, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with Misbehaving(says(200)).listening(serving_as(ca, "127.0.0.1")) as directory:
        why = "Its certificate is not believed: "
        await assert_unknown(directory.url, why, settings, caplog)

    assert directory.requests == []


async def test_a_certificate_for_another_name_makes_it_unknown(
    ca: trustme.CA, trusting: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with Misbehaving(says(200)).listening(serving_as(ca, "other.example")) as directory:
        with pytest.raises(Unanswered, match=r"not believed: .*not valid for '127.0.0.1'"):
            await lookup_over(Client(directory.url, trusting, TOKEN)).status(ADDRESS)

    assert directory.requests == []
    assert len(causes(caplog)) == 1


async def test_no_tls_where_it_should_be_makes_it_unknown(
    session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with Misbehaving(says(200)).listening() as directory:
        https = directory.url.replace("http:", "https:")
        with pytest.raises(Unanswered, match="does not speak TLS"):
            await lookup_over(Client(https, session, TOKEN)).status(ADDRESS)

    assert len(causes(caplog)) == 1


@pytest.mark.parametrize(
    ("name", "says_what"),
    [("other.example", "certificate is not valid for '127.0.0.1'. Have it renewed for that name"),
     ("127.0.0.1", "ok  directory: {url} answers; SIP domains: 1\n")],
)  # fmt: skip
async def test_doctor_believes_an_issuer_that_the_operator_trusts_but_no_other_name(
    ca: trustme.CA, name: str, says_what: str, tmp_path: Path
) -> None:
    answer = says(200, '{"sip_domains": ["fabrikam.com"]}')
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with Misbehaving(answer).listening(serving_as(ca, name)) as directory:
        environment = {
            **os.environ,
            "ASSISTANT_DATA_DIR": str(tmp_path),
            "ASSISTANT_DATABASE_URL": f"sqlite:///{tmp_path}/assistant.db",
            "ASSISTANT_DIRECTORY_URL": directory.url,
            "SSL_CERT_FILE": str(tmp_path / "ca.pem"),
        }
        command = (sys.executable, "-m", "bot", "doctor")
        process = await asyncio.create_subprocess_exec(
            *command, stderr=PIPE, env=environment, cwd=ROOT
        )
        _, err = await process.communicate()

    assert says_what.format(url=directory.url) in err.decode()


# --- lies ------------------------------------------------------------------------------------

HONEST = json.loads(told(ENABLED))
FAILED = [{**one, "result": "fail"} if one["id"] == "pool" else one for one in HONEST["checks"]]
LIES: dict[str, tuple[dict[str, object], str]] = {
    "a text for a truth value": ({"pic_enabled": "true"}, "wrong form"),
    "a number for a truth value": ({"pic_enabled": 1}, "wrong form"),
    "enabled though a check failed": ({"checks": FAILED}, "contradicts itself: pic_enabled"),
    "enabled without checks": ({"checks": []}, "contradicts itself: pic_enabled"),
    "enabled with a headline": (
        {"verdict": "user_disabled", "who": "lync_admin"}, "contradicts itself: verdict",
    ),
    "not enabled though all is well": (
        {"pic_enabled": False, "verdict": "unknown"}, "contradicts itself: pic_enabled",
    ),
    "somebody else": ({"address": "agent@fabrikam.com"}, "somebody else"),
    "a verdict that there is not": ({"verdict": "lucky"}, "contradicts itself: verdict"),
    "a result that there is not": ({"checks": [{**FAILED[0], "result": "ok"}]}, "wrong form"),
}  # fmt: skip


@pytest.mark.parametrize(("lie", "why"), LIES.values(), ids=LIES)
async def test_a_lie_is_no_answer(
    lie: dict[str, object], why: str, session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with Misbehaving(says(200, json.dumps(HONEST | lie))).listening() as directory:
        with pytest.raises(Unanswered, match=why):
            await lookup_over(Client(directory.url, session, TOKEN)).status(ADDRESS)

    assert (len(directory.requests), len(causes(caplog))) == (1, 1)


async def test_the_same_answer_without_a_lie_is_believed(session: ClientSession) -> None:
    more = {"checks": [*HONEST["checks"], strange("pass").model_dump()], "a later field": 1}
    async with Misbehaving(says(200, json.dumps(HONEST | more))).listening() as directory:
        status = await lookup_over(Client(directory.url, session, TOKEN)).status(ADDRESS)

    assert status.pic_enabled is True


# --- the pause -------------------------------------------------------------------------------


async def test_after_failures_it_is_left_alone_and_then_tried_with_one_question(
    session: ClientSession, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    directory = Misbehaving(says(500))
    async with directory.listening():
        lookup = lookup_over(Client(directory.url, session, TOKEN, pause=Pause(seconds)))

        async def ask_many(failure: type[Unanswered]) -> int:
            directory.requests.clear()
            for number in range(10):
                with pytest.raises(failure):
                    await lookup.status(f"user{number}@fabrikam.com")
            return len(directory.requests)

        assert await ask_many(Unanswered) == FAILURES
        assert await ask_many(Paused) == 0
        seconds.now += FIRST
        assert await ask_many(Unanswered) == 1
        seconds.now += FIRST
        assert await ask_many(Paused) == 0
        seconds.now += FIRST
        directory.answer = says(200, json.dumps(HONEST))
        assert (await lookup.status(ADDRESS)).pic_enabled is True

    told = [one.message for one in caplog.records if one.name.startswith("bot.directory")]
    assert told == [
        "the directory gives no answer",
        "the directory is left alone for a while",
        "the directory answers again",
    ]


async def test_a_directory_that_asks_for_a_long_pause_has_it(
    session: ClientSession, seconds: Seconds
) -> None:
    directory = Misbehaving(says(429, headers={"Retry-After": "3000"}))
    async with directory.listening():
        lookup = lookup_over(Client(directory.url, session, TOKEN, pause=Pause(seconds)))
        for later in (0, 0, 2999):
            seconds.now += later
            with pytest.raises(Unanswered):
                await lookup.status(ADDRESS)
        assert len(directory.requests) == 1
        seconds.now += 1
        with pytest.raises(Unanswered, match="status 429"):
            await lookup.status(ADDRESS)

    assert len(directory.requests) == 2


async def test_what_passes_by_itself_is_not_noticed(session: ClientSession) -> None:
    answers = [says(503), cuts_off, says(200, json.dumps(HONEST))]

    async def next_one(request: web.Request) -> web.StreamResponse:
        return await answers.pop(0)(request)

    async with Misbehaving(next_one).listening() as directory:
        status = await lookup_over(Client(directory.url, session, TOKEN)).status(ADDRESS)

    assert (status.pic_enabled, len(directory.requests)) == (True, ATTEMPTS)


# --- doctor, where nothing is asked over HTTP ------------------------------------------------


async def test_doctor_tells_of_exports(settings: Settings, folder: Path) -> None:
    write(folder, "Get-CsSipDomain.csv", '"Name"\n"fabrikam.com"\n"contoso.com"\n')
    at = settings.model_copy(update={"directory_folder": folder})
    line = await of_doctor(at)
    assert line.ok
    assert line.what.startswith(f"{folder} can be read; SIP domains: 2; the oldest export is ")

    write(folder, "Get-CsUser.csv", USERS.replace("True", "maybe"))
    line = await of_doctor(at)
    assert not line.ok
    assert "Get-CsUser.csv:2: “Enabled” must be True or False." in line.what


async def test_doctor_says_where_nobody_is_configured(settings: Settings) -> None:
    line = await of_doctor(Settings(directline_secret=SecretStr("x"), data_dir=settings.data_dir))

    told = "not configured: whether somebody is enabled stays unknown"
    assert (line.ok, line.what) == (True, told)
