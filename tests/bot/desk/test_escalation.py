"""From a conversation to a ticket: the whole program, with a real Roundup behind it."""

import asyncio
import json
import re
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot import casework, doctor
from bot.app import Program, assistant_of
from bot.desks import recorder
from bot.environment import SettingsError
from bot.settings import Settings
from bot.storage.database import open_store
from bot.storage.migrate import upgrade
from tests.bot.caller import Caller
from tests.bot.conftest import Serve
from tests.bot.desk.seen import Agent, RequestTrackerAgent, RoundupAgent
from tests.bot.desk.trackers import RequestTrackerServer, RoundupServer
from tests.bot.storage.turns import new_case, turn
from tests.fakes import PATIENCE, Connector


@dataclass
class Escalating:
    """A person, the program's settings, and the agent behind it."""

    caller: Caller
    settings: Settings
    agent: Agent

    async def hands_over(self) -> str:
        """Hands a case over; returns its id, from the receipt."""
        await self.caller.says("presence unknown")
        await self.caller.says("talk to a person")
        receipt = "\n".join(await self.caller.says("hand it over"))
        assert "recorded, will be sent" in receipt
        [case_id] = re.findall(r"LS-\w{4}-\w{4}", receipt)
        return str(case_id)

    async def news(self, number: int) -> str:
        """What the assistant says next of its own accord, so many messages of it."""
        before = len(self.caller.connector.posts)
        posts = await self.caller.connector.received(before + number)
        return "\n".join(post.text for post in posts[before:])

    async def settled(self, case_id: str, status: str) -> None:
        """Waits until the desk has a ticket in that status."""
        async with asyncio.timeout(PATIENCE):
            while [seen.status for seen in await self.agent.tickets(case_id)] != [status]:
                pass  # asking again takes its time


Kind = Literal["roundup", "rt"]


@dataclass(frozen=True)
class Way:
    """To which desk, and how what happens there is heard: by its hook, or by asking."""

    kind: Kind
    hooked: bool = True

    @property
    def open(self) -> str:
        """The status there of a ticket that its person has opened again."""
        return {"roundup": "chatting", "rt": "open"}[self.kind]


@pytest.fixture
def way() -> Way:
    """Unless a test says otherwise."""
    return Way("roundup")


@pytest.fixture
async def escalating(  # noqa: PLR0917 - what it joins
    serve: Serve,
    program: Program,
    connector: Connector,
    way: Way,
    request: pytest.FixtureRequest,
    session: ClientSession,
    sqlite_url: str,
) -> Escalating:
    await upgrade(sqlite_url)
    server: RoundupServer | RequestTrackerServer = request.getfixturevalue(f"{way.kind}_server")
    poll = {"desk_poll": 3600.0 if way.hooked else 0.2}
    update = {"desk": way.kind, "database_url": sqlite_url, **poll, **_reached(server)}
    settings = program.settings.model_copy(update=update)
    whole = replace(
        program,
        settings=settings,
        store=open_store(sqlite_url),
        assistant=assistant_of(settings),
        recorder=recorder(settings, program.library.topics),
    )
    # Where the desk tells what agents do, or elsewhere.
    http = await serve(whole, server.receiver if way.hooked else None)
    if isinstance(server, RoundupServer):
        return Escalating(Caller(http, connector), settings, RoundupAgent(server, session))
    return Escalating(Caller(http, connector), settings, RequestTrackerAgent(server, session))


def _reached(server: RoundupServer | RequestTrackerServer) -> dict[str, object]:
    """The settings for a desk."""
    if isinstance(server, RoundupServer):
        return {
            "roundup_url": server.url,
            "roundup_password": SecretStr(server.password),
            "roundup_events_secret": SecretStr(server.said("events-secret")),
        }
    return {
        "rt_url": server.url,
        "rt_token": SecretStr(server.token),
        "rt_events_secret": SecretStr(server.secret),
    }


EVERY_WAY = pytest.mark.parametrize(
    "way",
    [Way("roundup"), Way("roundup", hooked=False), Way("rt"), Way("rt", hooked=False)],
    ids=["roundup's hook", "roundup asked", "rt's ping", "rt asked"],
)


async def test_a_case_becomes_one_ticket_and_its_person_is_told(escalating: Escalating) -> None:
    case_id = await escalating.hands_over()
    news = await escalating.news(1)
    assert f"Case {case_id} is with your helpdesk now, as ticket" in news

    [seen] = await escalating.agent.tickets(case_id)
    assert seen.title == "The presence of a Skype contact is unknown"
    assert "I need help with “The presence of a Skype contact is unknown”" in seen.texts[0]
    assert "Account check of" in seen.texts[0]
    assert f"issue{seen.number}" in news


async def test_the_conversation_goes_along_without_what_is_nobody_elses_business(
    escalating: Escalating,
) -> None:
    caller = escalating.caller
    await caller.says("why is the presence of bob@contoso.com unknown")
    await caller.says("ted@contoso.com says my password is hunter2, is that so?")
    form = "\n".join(await caller.says("talk to a person"))
    assert "Conversation: attached, without secrets and other people's addresses" in form
    preview, _ = await caller.says("show what is attached")
    case_id = await escalating.hands_over()
    await escalating.news(1)

    [seen] = await escalating.agent.tickets(case_id)
    assert seen.kinds == ["text/plain"]
    [transcript] = seen.files
    assert "User: [address] says my password is [secret] is that so?" in transcript
    assert "hunter2" not in transcript
    assert "ted@contoso.com" not in transcript
    assert "User: [address] says my password is [secret]" in preview
    assert re.match(r"\d{4}-\d\d-\d\d \(UTC\)\n\d\d:\d\d User: why is the presence", transcript)
    assert "Conversation: attached" in seen.texts[0]


@EVERY_WAY
async def test_what_an_agent_does_is_told_and_answered(escalating: Escalating, way: Way) -> None:
    caller, agent = escalating.caller, escalating.agent
    case_id = await escalating.hands_over()
    await escalating.news(1)
    [number] = await agent.numbers(case_id)

    before = len(caller.connector.posts)
    await agent.say(number, f"Which **version** is it? {case_id}")
    said = "\n".join(post.text for post in (await caller.connector.received(before + 2))[before:])
    assert f"The helpdesk writes about case {case_id}:" in said
    assert "Which **version** is it?" in said
    assert f"Somebody works on case {case_id} now." in said

    await caller.says(f"add a note {case_id}")
    assert "is recorded" in "\n".join(await caller.says("Lync 2013"))
    before = len(caller.connector.posts)
    await agent.close(number)
    said = (await caller.connector.received(before + 1))[-1].text
    assert f"The helpdesk says that case {case_id} is resolved. Does it work now?" in said

    assert "is open again" in "\n".join(await caller.says("no"))
    await escalating.settled(case_id, way.open)
    [seen] = await agent.tickets(case_id)
    assert "Lync 2013" in "\n".join(seen.texts)
    # What we do there ourselves is no news.
    heard = "\n".join(post.text for post in caller.connector.posts[before + 1 :])
    assert "The helpdesk" not in heard
    assert "Somebody works" not in heard


async def test_operators_see_what_was_handed_over(
    escalating: Escalating, capsys: pytest.CaptureFixture[str]
) -> None:
    case_id = await escalating.hands_over()
    before = len(escalating.caller.connector.posts)
    await escalating.caller.connector.received(before + 1)

    assert await asyncio.to_thread(casework.listed, escalating.settings, None, as_json=True) == 0
    listed = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (listed["id"], listed["state"]) == (case_id, "submitted")
    assert await asyncio.to_thread(casework.show, escalating.settings, case_id, as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["content"]["requester"] == "lync.user@fabrikam.com"
    assert shown["deliveries"][0]["kind"] == "create"
    examined = {one.name: one for one in await doctor.examine(escalating.settings)}
    assert examined["desk"].ok, examined["desk"].what


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"desk": "roundup"}, "ASSISTANT_ROUNDUP_URL is missing."),
        ({"desk": "rt"}, "ASSISTANT_RT_TOKEN is missing."),
        ({"desk": "webhook"}, "ASSISTANT_WEBHOOK_URL is missing."),
    ],
)
def test_a_desk_that_cannot_be_asked_is_refused_at_the_start(
    settings: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        recorder(Settings(**settings), ())  # type: ignore[arg-type]

    assert says in str(raised.value)


async def test_doctor_tells_of_cases_that_wait_for_a_former_desk(
    program: Program, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await upgrade(sqlite_url)
    store = open_store(sqlite_url)
    await store.commit(turn(0, case=new_case(desk="former")))
    await store.close()
    changes = {"desk": "webhook", "database_url": sqlite_url}
    settings = program.settings.model_copy(update=changes)

    [told] = [one for one in await doctor.examine(settings) if one.name == "cases"]
    assert (told.ok, "1 of them wait for former." in told.what) == (False, True)

    assert await asyncio.to_thread(casework.resend, settings, "case-1") == 0
    assert "1 to be sent again." in capsys.readouterr().err
    assert "cases" not in {one.name for one in await doctor.examine(settings)}


async def test_doctor_says_that_a_tracker_keeps_no_events(program: Program) -> None:
    """It was made before there were any, so that nobody is told what its hook does not bring."""

    async def nothing(_: web.Request) -> web.Response:
        return web.json_response({"data": {"collection": []}})

    app = web.Application()

    async def unknown(_: web.Request) -> web.Response:
        error = {"status": 404, "msg": "Class caseevent not found"}
        return web.json_response({"error": error}, status=404)

    app.router.add_get("/tracker/rest/data/issue", nothing)
    app.router.add_get("/tracker/rest/data/caseevent", unknown)
    async with TestServer(app) as server:
        told = await examined_at(program, str(server.make_url("/tracker")))

    assert "It keeps no events" in told


async def test_doctor_asks_for_the_address_where_there_is_no_tracker(program: Program) -> None:
    async with TestServer(web.Application()) as server:
        told = await examined_at(program, str(server.make_url("/trackerx")))

    assert told == "roundup is of no use. It answered with status 404. Is its address right?"


async def examined_at(program: Program, url: str) -> str:
    """What doctor says of a Roundup under an address."""
    at = {"desk": "roundup", "roundup_url": url, "roundup_user": "assistant"}
    more = {"roundup_password": SecretStr("x")}
    settings = program.settings.model_copy(update={**at, **more})
    [desk] = [one for one in await doctor.examine(settings) if one.name == "desk"]
    assert not desk.ok
    return desk.what


async def test_doctor_shows_no_secret_of_a_webhook_and_does_not_try_it(program: Program) -> None:
    at = {"desk": "webhook", "webhook_url": "https://me:geheim@hooks.example.com/x?token=geheim"}
    more = {"webhook_secret": SecretStr("whsec_" + "Z2VoZWlt" * 4)}
    settings = program.settings.model_copy(update={**at, **more})

    [desk] = [one for one in await doctor.examine(settings) if one.name == "desk"]
    assert desk.ok
    assert desk.what == "webhook at https://hooks.example.com; not tried: a webhook only tells"


async def test_doctor_tries_no_desk_without_the_knowledge(program: Program) -> None:
    update = {"desk": "roundup", "hidden_notices": frozenset({"skipe"})}
    settings = program.settings.model_copy(update=update)

    [desk] = [one for one in await doctor.examine(settings) if one.name == "desk"]
    assert (desk.ok, desk.what) == (False, "not tried: mend the knowledge first")


async def test_doctor_says_what_to_mend(program: Program) -> None:
    gone = {"desk": "roundup", "roundup_url": "http://127.0.0.1:1/tracker"}
    settings = program.settings.model_copy(update={**gone, "roundup_password": SecretStr("x")})

    examined = {one.name: one for one in await doctor.examine(settings)}
    assert not examined["desk"].ok
    assert "roundup is of no use" in examined["desk"].what


def test_a_case_that_there_is_not(
    program: Program, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = program.settings.model_copy(update={"database_url": sqlite_url})

    assert casework.show(settings, "LS-0000-0000", as_json=False) == 1
    assert casework.resend(settings, "LS-0000-0000") == 1
    assert casework.export(settings) == 0
    captured = capsys.readouterr()
    assert captured.err.count("There is no case LS-0000-0000.") == 2
    assert captured.out == ""
