"""The desk that is set, as the settings say."""

from typing import Any

import pytest
from pydantic import SecretStr

from bot.desk.request_tracker import RequestTracker
from bot.desk.roundup import Roundup
from bot.desk.webhook import Webhook
from bot.desks import open_desk
from bot.settings import Settings

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
