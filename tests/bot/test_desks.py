"""The desk that is set, as the settings say."""

import logging
from typing import Any

import pytest
from pydantic import SecretStr

from bot.desk.request_tracker import RequestTracker
from bot.desk.roundup import Roundup
from bot.desk.webhook import Webhook
from bot.desks import delivering, open_desk
from bot.health import Figures
from bot.settings import Settings
from bot.storage.database import DatabaseStore
from bot.storage.outbox import Outbox
from bot.timers import Alarm
from tests.bot.storage.turns import new_case, turn

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
