"""The page of a topic in a real browser: the drawing, the list below it, keys, light and dark."""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.browser.service import Service, set_up
from tests.browser.visitor import CHROMIUM, PATIENCE, QUIET, needs_chromium

pytestmark = needs_chromium

WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Reader:
    """A person who reads the page, what the browser complained of, and whom it asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked_of: set[str] = field(default_factory=set)

    async def opens(self, url: str) -> None:
        """Opens a topic and waits until its flow is drawn."""
        await self.page.goto(url)
        await expect(self.page.locator("#flow svg .node").first).to_be_visible()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(set_up(tmp_path_factory.mktemp("data")))
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 1000, "height": 900})
        page.set_default_timeout(PATIENCE)
        reader = Reader(page)
        page.on("pageerror", lambda error: reader.complaints.append(str(error)))
        page.on("console", lambda said: reader.complaints.append(f"{said.type}: {said.text}"))
        page.on("request", lambda request: reader.asked_of.add(request.url))
        yield reader
        await browser.close()


async def test_the_flow_is_drawn_and_nobody_else_is_asked(service: Service, reader: Reader) -> None:
    await reader.opens(f"{service.url}knowledge/add-skype-contact")
    page = reader.page
    steps = await page.locator(".steps > li").count()
    await expect(page.locator("#flow svg .node")).to_have_count(steps)
    await expect(page.locator("#flow svg")).to_contain_text("if stuck")
    await expect(page.get_by_role("img", name="Add a Skype contact to Lync")).to_be_visible()
    assert {url for url in reader.asked_of if not url.startswith((service.url, "data:"))} == set()
    assert reader.complaints == []


async def test_every_flow_can_be_drawn(service: Service, reader: Reader) -> None:
    await reader.page.goto(f"{service.url}knowledge")
    links = reader.page.locator("section:has(#procedures) a")
    topics = [await link.get_attribute("href") for link in await links.all()]
    assert topics
    for topic in topics:
        await reader.opens(f"{service.url.rstrip('/')}{topic}")
        steps = await reader.page.locator(".steps > li").count()
        await expect(reader.page.locator("#flow svg .node")).to_have_count(steps)
    assert reader.complaints == []


async def test_a_click_in_the_drawing_leads_to_the_step(service: Service, reader: Reader) -> None:
    await reader.opens(f"{service.url}knowledge/configure-lync-alerts")
    await reader.page.locator("#flow .node", has_text="general alerts").click()
    await expect(reader.page.locator(".steps > li:target h3")).to_contain_text("general alerts")


async def test_keyboard_alone(service: Service, reader: Reader) -> None:
    page = reader.page
    await page.set_viewport_size({"width": 400, "height": 900})
    await reader.opens(f"{service.url}knowledge/add-skype-contact")
    flow = page.locator("#flow")
    await flow.focus()
    before = await flow.evaluate("flow => flow.scrollLeft")
    await page.keyboard.press("ArrowRight")
    await expect(flow).not_to_have_js_property("scrollLeft", before)

    wide = await flow.evaluate("flow => flow.scrollWidth")
    await page.get_by_role("button", name="Fit the width").focus()
    await page.keyboard.press("Enter")
    assert await flow.evaluate("flow => flow.scrollWidth <= flow.clientWidth")
    for _ in range(8):
        await page.get_by_role("button", name="Larger").press("Enter")
    assert await flow.evaluate("flow => flow.scrollWidth") > wide
    await page.get_by_role("button", name="Smaller").press("Enter")
    await page.get_by_role("button", name="Full screen").press("Enter")
    await expect(page.locator("#flow:fullscreen")).to_be_visible()

    await page.evaluate("document.exitFullscreen()")  # Escape is the real window's, not the page's
    link = page.get_by_role("link", name="another icon").first
    await link.press("Enter")
    await expect(page.locator(".steps > li:target h3")).to_contain_text("another icon")
    assert reader.complaints == []


@pytest.mark.parametrize("width", [400, 1600])
async def test_light_and_dark(service: Service, reader: Reader, width: int) -> None:
    page = reader.page
    await page.set_viewport_size({"width": width, "height": 900})
    fill = ""
    await page.emulate_media(color_scheme="light")
    await reader.opens(f"{service.url}knowledge/add-skype-contact")
    node = page.locator("#flow .node rect").first
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if scheme == "dark":  # the drawing follows while the page is open
            await expect(node).not_to_have_css("fill", fill)
        fill = await node.evaluate("node => getComputedStyle(node).fill")
        assert not await page.evaluate(WIDER)
        if folder := os.environ.get("SCREENSHOTS"):
            await page.screenshot(path=Path(folder) / f"knowledge-{scheme}-{width}.png")
    assert reader.complaints == []
