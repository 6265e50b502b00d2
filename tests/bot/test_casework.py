"""Cases on the command line, as operators work on them."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import casework
from bot.settings import Settings
from bot.storage.database import open_store
from bot.storage.migrate import upgrade
from bot.storage.outbox import Outbox
from tests.bot.storage.turns import later, new_case, turn

MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """With a database in which there is nothing yet."""
    asyncio.run(upgrade(sqlite_url))
    return Settings(database_url=sqlite_url)


async def _record(url: str, ids: Sequence[str], parked: Sequence[str]) -> None:
    store = open_store(url)
    outbox = Outbox(store.transactions)
    for number, case_id in enumerate(ids):
        await store.commit(turn(0, key=case_id, case=new_case(case_id), at=later(number)))
    for claimed in await outbox.claim("ann", "helpdesk", len(ids), MINUTE):
        if claimed.case.id in parked:
            await outbox.park(claimed.delivery.id, "ann", "no such queue")
    await store.close()


def record(settings: Settings, *ids: str, parked: Sequence[str] = ()) -> None:
    """Cases, one after the other, some of which their desk refused."""
    asyncio.run(_record(settings.database_url, ids, parked))


def listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The ids in a list."""
    return [line.split()[0] for line in capsys.readouterr().out.splitlines()]


def test_a_list_says_that_there_are_more(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = [f"case-{number:02}" for number in range(51)]
    record(settings, *ids)

    assert casework.listed(settings, None, as_json=False) == 0
    captured = capsys.readouterr()
    assert captured.err == "These are the latest 50; --all lists all.\n"
    assert len(captured.out.splitlines()) == 50

    assert casework.listed(settings, None, as_json=False, every=True) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert [line.split()[0] for line in captured.out.splitlines()] == ids[::-1]


def test_all_that_is_parked_is_sent_again_at_once(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    record(settings, "case-1", "case-2", "case-3", parked=["case-1", "case-3"])
    assert casework.listed(settings, "parked", as_json=False) == 0
    assert listed(capsys) == ["case-3", "case-1"]

    assert casework.resend_parked(settings) == 0
    assert capsys.readouterr().err == "2 to be sent again, of 2 cases.\n"

    assert casework.listed(settings, "parked", as_json=False) == 0
    assert listed(capsys) == []
    assert casework.resend_parked(settings) == 1
    assert capsys.readouterr().err == "Nothing is parked.\n"


def test_of_a_case_of_before_no_empty_transcript_is_shown(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async def older() -> None:
        store = open_store(settings.database_url)
        case = new_case()
        with_it = case.content.replace("}", ',"transcript":""}')
        kept = replace(case, content=with_it, transcript="User: hello")
        await store.commit(turn(0, case=kept))
        await store.close()

    asyncio.run(older())

    assert casework.show(settings, "case-1", as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    assert "transcript" not in shown["content"]
    assert shown["deliveries"][0]["body"] == "User: hello"
    assert casework.export(settings) == 0
    assert "transcript" not in json.loads(capsys.readouterr().out)["content"]
