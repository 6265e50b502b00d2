"""The desk that is set, as the settings say."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.app import Program
from bot.desk.request_tracker import RequestTracker
from bot.desk.roundup import Roundup
from bot.desk.webhook import Webhook
from bot.desks import delivering, open_desk, recorder
from bot.environment import SettingsError
from bot.health import Figures
from bot.settings import Settings
from bot.storage.database import DatabaseStore
from bot.storage.outbox import Outbox
from bot.timers import Alarm, running
from dialogs.verdicts import Verdict
from tests.bot.storage.turns import new_case, turn
from tests.fakes import PATIENCE

SECRET = SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
SET: dict[str, dict[str, Any]] = {
    "webhook": {"webhook_url": "https://desk.fabrikam.com/cases", "webhook_secret": SECRET},
    "roundup": {"roundup_url": "https://desk.fabrikam.com/it", "roundup_password": SECRET},
    "rt": {"rt_url": "https://desk.fabrikam.com", "rt_token": SECRET},
}


@pytest.mark.parametrize("name", SET)
async def test_a_desk_has_the_patience_that_is_set(name: str) -> None:
    settings = Settings(desk=name, desk_patience=7, **SET[name])
    async with open_desk(settings) as desk:
        assert desk.name == name
        assert isinstance(desk, Webhook | Roundup | RequestTracker)
        assert (desk.patience if isinstance(desk, Webhook) else desk.exchange.patience) == 7


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_desk_that_is_set_gets_what_was_recorded_without_one(
    kept: DatabaseStore, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    for case_id in ("case-1", "case-2"):
        await kept.commit(turn(0, key=case_id, case=new_case(case_id, desk="")))
    settings = Settings(desk="webhook", **SET["webhook"])
    caplog.set_level(logging.INFO)

    for _ in range(2):
        async with delivering(settings, kept, Figures("1"), lambda: None, Alarm()):
            assert await outbox.elsewhere("webhook") == {}

    [told] = [record for record in caplog.records if record.name == "bot.desks"]
    assert (vars(told)["desk"], vars(told)["cases"]) == ("webhook", 2)
    case = await kept.case("case-1")
    assert case
    assert case.desk == "webhook"


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_as_many_are_on_their_way_at_once_as_is_set(kept: DatabaseStore) -> None:
    together = asyncio.Barrier(6)

    async def take(_: web.Request) -> web.Response:
        await together.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    for number in range(6):
        case = f"case-{number}"
        await kept.commit(turn(0, key=case, case=new_case(case, desk="webhook")))
    settings = Settings(desk="webhook", desk_parallel=6, webhook_secret=SECRET)
    done = asyncio.Semaphore(0)
    async with TestServer(app) as server, asyncio.timeout(PATIENCE):
        there = settings.model_copy(update={"webhook_url": str(server.make_url("/"))})
        async with (
            delivering(there, kept, Figures("v"), done.release, Alarm()) as timers,
            running(timers[:1]),
        ):
            for _ in range(6):
                await done.acquire()


def test_routes_are_for_every_verdict_and_topic_there_is(program: Program, tmp_path: Path) -> None:
    file, topics = tmp_path / "routes.csv", program.library.topics
    about = [*Verdict, "enabled", "unknown", *topics]
    file.write_text("\n".join(["about,queue,priority,group", *(f"{one},q,," for one in about)]))
    assert set(recorder(Settings(desk_routes=file), topics).routes) == set(about)

    file.write_text("about,queue,priority,group\nuser_disabld,q,,\n")
    with pytest.raises(SettingsError, match="Did you mean “user_disabled”"):
        recorder(Settings(desk_routes=file), topics)
