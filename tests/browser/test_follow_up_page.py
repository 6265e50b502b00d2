"""Who waits for somebody else is asked again tomorrow, though the service was killed meanwhile."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.browser.service import Service, set_up
from tests.browser.visitor import Visitor, needs_chromium

pytestmark = needs_chromium


async def test_a_person_is_asked_again(visitor: Visitor, tmp_path: Path) -> None:
    service = Service(set_up(tmp_path))
    service.start()
    try:
        await visitor.page.goto(service.url)
        await visitor.sees("I guide you")
        await visitor.types("how do I add a Lync contact to Skype?")
        await visitor.sees("How do you sign in to Skype?")
        await visitor.presses("With an e-mail address")
        await visitor.types("bob@contoso.com")
        for step in ("Sign in", "Add Contacts", "Enter the Lync", "word Lync", "top right"):
            await visitor.sees(step)
            await visitor.presses("Done")
        await visitor.sees("Ask the person to accept your request.")
        await visitor.presses("Ask me again tomorrow")
        await visitor.sees("I will ask you here tomorrow")
        service.kill()
        tomorrow_comes(tmp_path / "assistant.db")
        service.start()
        await visitor.sees("You asked me to come back to this today.")
        card = visitor.bubble("Ask the person to accept your request.")
        assert await card.get_by_role("button", name="Ask me again tomorrow").count() == 0
        await visitor.presses("Done")
        await visitor.sees("Did that work?")
    finally:
        service.stop()


def tomorrow_comes(database: Path) -> None:
    """For whoever waits for it: a day is long for a test."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.000000")
    with closing(sqlite3.connect(database)) as connection, connection:
        changed = connection.execute("UPDATE inbox SET due_at = ? WHERE kind = 'follow up'", (now,))
        assert changed.rowcount == 1
