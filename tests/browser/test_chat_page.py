"""The page in a real browser, served by the real service, used as a person would."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.service import Service
from tests.browser.visitor import Visitor, needs_chromium

pytestmark = needs_chromium


async def test_walk_by_clicking_with_a_restart_in_the_middle(
    service: Service, visitor: Visitor
) -> None:
    page = visitor.page
    await page.goto(service.url)
    await visitor.sees("I guide you through adding Skype contacts to Lync")
    await visitor.presses("Add a Skype contact whose address is on another domain")
    await visitor.sees("For example, bob@contoso.com")
    await visitor.types("bob@contoso.com")
    await visitor.sees("Where would you like to add the contact?")
    await visitor.presses("Add a Contact icon")
    await visitor.sees("Add a Contact Not in My Organization")
    await visitor.presses("Done")
    await visitor.sees("In the list of contact providers, select Skype")
    await visitor.presses("Done")
    await visitor.sees("exactly like this")

    shown = visitor.bubble("exactly like this").get_by_text("bob(contoso.com)@msn.com", exact=True)
    await expect(shown).to_be_visible()
    await shown.click()
    assert await page.evaluate("String(getSelection()).trim()") == "bob(contoso.com)@msn.com"

    service.kill()
    service.start()
    await page.reload()
    await visitor.sees("exactly like this")
    await visitor.types("continue")
    await expect(page.locator(".webchat__bubble", has_text="exactly like this")).to_have_count(2)

    for following in ("Add to contact group", "Set privacy", "See Contact Card", "request", "Call"):
        await visitor.presses("Done")
        await visitor.sees(following)
    await visitor.presses("Done")
    await visitor.sees("Did that work?")
    await visitor.presses("Yes")
    await visitor.sees("is done.")
    assert await page.locator("a[href^='mailto:']").count() == 0
    assert visitor.complaints == []


async def test_the_page_asks_nobody_else(service: Service, visitor: Visitor) -> None:
    await visitor.page.goto(service.url)
    await visitor.sees("I guide you through")
    await visitor.types("add my friend bob@contoso.com on skype")
    await visitor.sees("Where would you like")
    elsewhere = {url for url in visitor.asked_of if not url.startswith((service.url, "data:"))}
    assert elsewhere == set()
    assert visitor.complaints == []


async def test_the_page_recovers_when_the_service_comes_back(
    service: Service, visitor: Visitor
) -> None:
    await visitor.page.goto(service.url)
    await visitor.sees("I guide you through")
    service.kill()
    service.start()
    await visitor.types("what is a microsoft account?")
    await visitor.sees("is an e-mail address together with a password")


async def test_another_person_has_another_conversation(service: Service, visitor: Visitor) -> None:
    page = visitor.page
    await page.goto(service.url)
    await visitor.sees("I guide you through")
    await visitor.types("add a skype contact")
    await visitor.sees("Which e-mail address")
    await page.get_by_label("You are").select_option("skype.user@outlook.com")
    await visitor.sees("I guide you through")
    await expect(page.get_by_text("Which e-mail address")).to_have_count(0)
    await page.get_by_label("You are").select_option("lync.user@fabrikam.com")
    await visitor.sees("Which e-mail address")


async def test_keyboard_alone(service: Service, visitor: Visitor) -> None:
    page = visitor.page
    await page.goto(service.url)
    await visitor.sees("I guide you through")
    await page.get_by_placeholder("Type your question").focus()
    await page.keyboard.type("add a lync contact")
    await page.keyboard.press("Enter")
    await visitor.sees("How do you sign in to Skype?")
    button = page.locator(".webchat__bubble").get_by_role("button", name="With an e-mail address")
    await button.last.focus()
    await page.keyboard.press("Enter")
    await visitor.sees("called the SIP URI")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
async def test_a_picture_is_shown_at_its_step(
    service: Service, visitor: Visitor, scheme: str, width: int
) -> None:
    page = visitor.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size({"width": width, "height": 900})
    await page.goto(service.url)
    await visitor.sees("I guide you through")
    await visitor.types("accept a contact request from skype")
    await visitor.sees("open the New tab")
    picture = visitor.bubble("open the New tab").get_by_role(
        "img", name=re.compile(r"^The contact list of Lync\. .* New\), the one named New is chosen")
    )
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 900)
    around = await picture.bounding_box()
    assert around
    assert 300 < around["width"] <= 450
    assert around["x"] + around["width"] < width
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"picture-{scheme}-{width}.png")
    assert visitor.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
async def test_nothing_is_cut_off(
    service: Service, visitor: Visitor, scheme: str, width: int
) -> None:
    page = visitor.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size({"width": width, "height": 900})
    await page.goto(service.url)
    await visitor.sees("I guide you through")
    await visitor.types("add my friend bob@contoso.com on skype")
    await visitor.sees("Where would you like")
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wider)
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"chat-{scheme}-{width}.png")
