"""The whole way: a case handed over on the page, answered and resolved in Roundup's own pages."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.bot.desk.trackers import RoundupServer, missing_roundup
from tests.browser.service import Service, set_up
from tests.browser.visitor import Visitor, needs_chromium
from tests.ports import free_port

pytestmark = needs_chromium


async def logs_in(page: Page, tracker: RoundupServer) -> None:
    """As the helpdesk's agent, in Roundup."""
    await page.goto(f"{tracker.url}/")
    await page.fill("input[name=__login_name]", "agent")
    await page.fill("input[name=__login_password]", tracker.said("agent-password"))
    await page.press("input[name=__login_password]", "Enter")
    await page.get_by_text("Hello, agent").wait_for()


async def test_from_a_stuck_step_to_a_ticket_and_back(visitor: Visitor, tmp_path: Path) -> None:
    if why := missing_roundup():
        pytest.skip(why)
    port, data = free_port(), tmp_path / "data"
    data.mkdir()
    tracker = RoundupServer(tmp_path, receiver=port)
    tracker.make()
    tracker.start()
    told = dict(line.split("=", 1) for line in tracker.said("assistant.env").splitlines())
    service = Service(set_up(data), port, settings=told)
    service.start()
    try:
        await hands_over(visitor, service)
        await answers(visitor, tracker)
        await visitor.sees("The helpdesk says")
        await visitor.presses("No")
        await visitor.sees("open again")
        assert not visitor.complaints
    finally:
        service.stop()
        tracker.kill()


async def hands_over(visitor: Visitor, service: Service) -> None:
    """Gets stuck at a step, and hands the case over."""
    await visitor.page.goto(service.url)
    await visitor.sees("I guide you")
    await visitor.types("add ann@live.com on skype")
    await visitor.sees("click Add a Contact")
    await visitor.presses("This didn't work")
    await visitor.sees("under the magnifying glass")
    await visitor.presses("This didn't work")
    await visitor.sees("This is what I would record for your helpdesk.")
    await visitor.presses("Hand it over")
    await visitor.sees("recorded, will be sent")
    await visitor.sees("is with your helpdesk now, as ticket 1.")


async def answers(visitor: Visitor, tracker: RoundupServer) -> None:
    """The agent writes to the person and resolves the ticket, in Roundup's own page."""
    browser = visitor.page.context.browser
    assert browser
    desk = await browser.new_page()
    await logs_in(desk, tracker)
    await desk.goto(f"{tracker.url}/issue1")
    await desk.fill("textarea[name='@note']", "Please restart Lync and <b>look</b> again.")
    await desk.get_by_role("button", name="Submit Changes").click()
    await desk.get_by_text("edited ok").wait_for()
    await visitor.sees("Please restart Lync and <b>look</b> again.")
    await desk.select_option("select[name=status]", label="resolved")
    await desk.get_by_role("button", name="Submit Changes").click()
    await desk.get_by_text("edited ok").wait_for()
    await desk.close()
