"""A case is handed over on the page: a form, what is wrong beside its field, and a receipt."""

from pathlib import Path

from playwright.async_api import expect

from tests.browser.service import Service, set_up
from tests.browser.visitor import Visitor, needs_chromium

pytestmark = needs_chromium

AWAY = {
    "ASSISTANT_DESK": "roundup",
    "ASSISTANT_ROUNDUP_URL": "http://127.0.0.1:1/tracker",
    "ASSISTANT_ROUNDUP_PASSWORD": "a password",
}
"""A desk that is down for as long as this takes."""


async def test_what_is_documented_is_offered_once_before_a_case_is_sent(
    visitor: Visitor, tmp_path: Path
) -> None:
    service = Service(set_up(tmp_path), settings=AWAY)
    service.start()
    page = visitor.page
    await page.goto(service.url)
    await visitor.sees("I guide you")
    await visitor.types("talk to a person")
    await visitor.sees("This is what I would record for your helpdesk.")
    await visitor.presses("Show what is attached")  # nothing is typed yet, and nothing holds it up
    await visitor.sees("This is what is attached")
    await page.get_by_label("What is wrong").last.fill("bob's presence is always unknown")
    await visitor.presses("Hand it over")
    await visitor.sees("Before this is sent, there is something documented for it")
    await visitor.presses("Send it as it is")
    await visitor.sees("recorded, will be sent")
    assert not visitor.complaints
    service.stop()


async def test_a_form_becomes_a_receipt(visitor: Visitor, tmp_path: Path) -> None:
    service = Service(set_up(tmp_path), settings=AWAY)
    service.start()
    page = visitor.page
    await page.goto(service.url)
    await visitor.sees("I guide you")
    await visitor.types("presence unknown")
    await visitor.sees("For how many contacts on Skype is presence unknown?")
    await visitor.presses("Talk to a person")
    await visitor.sees("This is what I would record for your helpdesk.")

    await page.get_by_label("What is wrong").last.fill("My password is hunter2")
    await visitor.presses("Show what is attached")
    await visitor.sees("This is what is attached")
    await expect(visitor.bubble("User: presence unknown")).to_be_visible()
    wrong = page.get_by_label("What is wrong").last
    await expect(wrong).to_have_value("My password is hunter2")
    await visitor.presses("Leave the conversation out")
    await visitor.sees("Conversation: not attached")

    title = page.get_by_label("Title").last
    await expect(title).to_have_value("The presence of a Skype contact is unknown")
    await title.fill("")
    await visitor.presses("Hand it over")
    await visitor.sees("Something has to stand here.")
    await title.fill("Bob is offline <b>since</b> Monday")
    await visitor.presses("Hand it over")
    await visitor.sees("This looks as if a password, a key or a code stood in it.")
    await page.get_by_label("What is wrong").last.fill("He was online on Sunday")
    await visitor.presses("Hand it over")
    await visitor.sees("recorded, will be sent")
    await expect(visitor.bubble("Bob is offline <b>since</b> Monday")).to_be_visible()

    await visitor.presses("Edit")
    await visitor.sees("This is how case")
    await expect(title).to_have_value("Bob is offline <b>since</b> Monday")
    await title.fill("Bob is offline since Tuesday")
    await visitor.presses("Save")
    await visitor.sees("The helpdesk will be sent the new words.")

    await visitor.presses("My cases")
    await visitor.sees("Your cases, those that are open first:")
    assert not visitor.complaints
    service.stop()
