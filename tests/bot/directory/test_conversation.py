"""Conversations over HTTP while the directory is well, slow or gone: no reply is late or wrong."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import Program
from bot.settings import Settings
from tests.bot.caller import Caller
from tests.bot.conftest import Serve
from tests.fakes import Connector

ADDRESS = "Which e-mail address does your contact"
MOMENT = "One moment, I am checking your account."


def asking(program: Program, **settings: object) -> Program:
    """The program with another directory."""
    return replace(
        program, settings=Settings.model_validate({**program.settings.model_dump(), **settings})
    )


async def test_an_agent_sees_every_check_and_nobody_else_does(
    serve: Serve, program: Program, connector: Connector, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.directory.audit")
    http = await serve(program)
    agent = Caller(http, connector, user="agent@fabrikam.com", room="1")
    (card,) = await agent.says("check blocked.user@fabrikam.com")
    assert "The policy “NoPublicContacts” (user) forbids public contacts." in card
    assert "Failed: The policy allows public contacts" in card

    user = Caller(http, connector, room="2")
    refusals = [await user.says(f"check {who}@fabrikam.com") for who in ("agent", "nobody", "ted")]
    assert len({tuple(refusal) for refusal in refusals}) == 1
    assert "helpdesk agents can ask about others" in refusals[0][0]
    audit = [vars(r) for r in caplog.records if r.name == "bot.directory.audit"]
    noted = [(entry["caller"], entry["about"], entry["verdict"]) for entry in audit]
    assert ("lync.user@fabrikam.com", "nobody@fabrikam.com", "refused") in noted
    assert ("agent@fabrikam.com", "blocked.user@fabrikam.com", "pic_policy_off") in noted


async def test_a_directory_that_is_gone_is_unknown(
    serve: Serve, program: Program, connector: Connector
) -> None:
    gone = asking(program, directory_url="http://127.0.0.1:1", directory_patience=30)
    caller = Caller(await serve(gone), connector)

    unchecked, question = await caller.says("add a skype contact")
    assert "I could not check whether your account" in unchecked
    assert ADDRESS in question


async def test_a_directory_that_does_not_answer_holds_nobody_up_past_the_limit(
    serve: Serve, program: Program, connector: Connector
) -> None:
    over = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    slow = web.Application()
    slow.router.add_get("/{path:.*}", silent)
    async with TestServer(slow) as server:
        late = asking(program, directory_url=str(server.make_url("")), directory_patience=0.8)
        caller = Caller(await serve(late), connector)
        said = await caller.says("add a skype contact")
        over.set()

    assert [post.activity["type"] for post in connector.posts[:2]] == ["typing", "message"]
    assert MOMENT in said
    assert "takes longer than usual, so we go on without it" in said[-2]
    assert ADDRESS in said[-1]


@pytest.mark.parametrize("who", ["29:1x", "skype.user@outlook.com"])
async def test_who_has_no_lync_account_that_is_known_is_not_looked_up(
    serve: Serve, program: Program, connector: Connector, who: str
) -> None:
    caller = Caller(await serve(program), connector, user=who)

    said = "\n".join(await caller.says("add a skype contact"))
    assert ADDRESS in said
    assert "Your account is allowed" not in said
    figures = program.figures.registry
    assert figures.get_sample_value("assistant_directory_seconds_count") == 0
