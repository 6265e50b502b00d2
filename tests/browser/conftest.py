"""What tests of the pages share: the service, and somebody in front of it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser.service import Service, set_up
from tests.browser.visitor import CHROMIUM, PATIENCE, QUIET, Visitor


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(set_up(tmp_path))
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 1000, "height": 900})
        page.set_default_timeout(PATIENCE)
        visitor = Visitor(page)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        page.on("request", lambda request: visitor.asked_of.add(request.url))
        yield visitor
        await browser.close()
