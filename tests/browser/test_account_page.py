"""How an account stands, on the page: what takes long is shown, and who may see what."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from bot.app import KNOWLEDGE
from bot.directories import admin_api, exported
from bot.settings import Settings
from bot.web import Handler
from dialogs.library import load
from tests.browser.service import Service, set_up
from tests.browser.visitor import Visitor, needs_chromium

pytestmark = needs_chromium


class Slow:
    """An admin API in front of the sample that answers when a test lets it."""

    def __init__(self) -> None:
        self.free = asyncio.Event()

    @web.middleware
    async def wait(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Holds up every question."""
        await self.free.wait()
        return await handler(request)


@pytest.fixture
async def slow() -> AsyncIterator[tuple[Slow, str]]:
    settings, waiting = Settings(), Slow()
    api = admin_api(settings, load(KNOWLEDGE).fixes, exported(settings)).application()
    api.middlewares.insert(0, waiting.wait)
    async with TestServer(api) as server:
        yield waiting, str(server.make_url(""))


async def test_a_slow_check_is_shown_and_its_answer_comes_later(
    slow: tuple[Slow, str], visitor: Visitor, tmp_path: Path
) -> None:
    waiting, url = slow
    settings = {"ASSISTANT_DIRECTORY_URL": url, "ASSISTANT_DIRECTORY_PATIENCE": "2"}
    service = Service(set_up(tmp_path), settings=settings)
    await asyncio.to_thread(service.start)
    page = visitor.page
    await page.goto(service.url)
    await page.select_option("#person", "blocked.user@fabrikam.com")
    await visitor.sees("I guide you")
    await visitor.types("add a skype contact")

    await expect(page.get_by_role("status").first).to_have_text(
        "One moment, I am checking your account."
    )
    await visitor.sees("takes longer than usual")
    await expect(page.locator("#state")).to_be_empty()
    await visitor.sees("Which e-mail address does your contact")
    waiting.free.set()
    await visitor.sees("forbids contacts on Skype")
    assert not visitor.complaints
    await asyncio.to_thread(service.stop)


async def test_an_agent_sees_every_check_by_word(service: Service, visitor: Visitor) -> None:
    await visitor.page.goto(service.url)
    await visitor.page.select_option("#person", "agent@fabrikam.com")
    await visitor.sees("I guide you")
    await visitor.types("check blocked.user@fabrikam.com")

    await visitor.sees("Failed: The policy allows public contacts")
    await visitor.presses("Begin: Allow public users in an external access policy")
    await visitor.sees("Step 1 of about")
