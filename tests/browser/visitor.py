"""A person at the chat page, in a real browser."""

import re
import shutil
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Locator, Page, expect

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
"""Milliseconds after which a test that waits for something fails."""

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (Debian: apt-get install chromium)"
)


@dataclass
class Visitor:
    """A person at the page: sees bubbles, presses buttons, types."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked_of: set[str] = field(default_factory=set)

    def bubble(self, text: str) -> Locator:
        """What the assistant said, the last time it said this."""
        return self.page.locator(".webchat__bubble", has_text=text).last

    async def sees(self, text: str) -> None:
        """Waits until the assistant has said something."""
        await expect(self.bubble(text)).to_be_visible()

    async def presses(self, label: str) -> None:
        """Presses a button on the last card that has it."""
        exactly = re.compile(f"^{re.escape(label)}$")
        cards = self.page.locator(".webchat__bubble").get_by_role("button")
        await cards.filter(has_text=exactly).last.click()

    async def types(self, text: str) -> None:
        """Types a message and sends it by Enter."""
        box = self.page.get_by_placeholder("Type your question or your answer")
        await box.fill(text)
        await box.press("Enter")
