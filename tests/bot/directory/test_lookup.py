"""What the conversation and `check` ask: kept for seconds, counted, its failures logged once."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot import directories
from bot.directory import answer
from bot.directory.answer import Status, Unanswered
from bot.directory.lookup import InProcess, Lookup
from bot.directory.pause import Paused
from bot.directory.snapshot import Snapshot
from bot.directory.source import Known
from bot.health import Figures
from bot.settings import Settings
from tests.bot.directory.conftest import FIXES, SAMPLE, USERS, Seconds, write
from tests.bot.directory.deployments import ADDRESS, ON_PREMISES
from tests.fakes import NOON, Clock

KEEP = 10.0
ENABLED = answer.status(Known(ON_PREMISES, "admin api", NOON), FIXES, NOON)
UNSET = Settings().model_copy(update={"directory_folder": SAMPLE})


@dataclass
class Told:
    """A directory that answers as it is told, after so many seconds; then that all is well."""

    seconds: Seconds
    next: deque[Status | Unanswered | None] = field(default_factory=deque)
    takes: float = 0.0
    asked: list[str] = field(default_factory=list)

    async def status(self, address: str) -> Status | None:
        self.asked.append(address)
        self.seconds.now += self.takes
        told = self.next.popleft() if self.next else ENABLED
        if isinstance(told, Unanswered):
            raise told
        return told


@pytest.fixture
def directory(seconds: Seconds) -> Told:
    return Told(seconds)


@pytest.fixture
def observed() -> list[tuple[str, float]]:
    return []


@pytest.fixture
def lookup(directory: Told, seconds: Seconds, observed: list[tuple[str, float]]) -> Lookup:
    def observe(outcome: str, took: float) -> None:
        observed.append((outcome, took))

    return Lookup(directory, FIXES, Clock(), keep=KEEP, seconds=seconds, observe=observe)


async def test_an_answer_is_kept_for_seconds(
    lookup: Lookup, directory: Told, seconds: Seconds
) -> None:
    assert await lookup.status(ADDRESS) == await lookup.status(f"sip:{ADDRESS.upper()}")
    seconds.now += KEEP
    await lookup.status(ADDRESS)

    assert directory.asked == [ADDRESS, ADDRESS]


async def test_questions_about_one_user_at_once_are_one(lookup: Lookup, directory: Told) -> None:
    await asyncio.gather(*(lookup.status(ADDRESS) for _ in range(20)))

    assert directory.asked == [ADDRESS]


async def test_who_is_not_found_has_a_verdict(lookup: Lookup, directory: Told) -> None:
    directory.next.append(None)

    status = await lookup.status("nobody@fabrikam.com")

    told = (status.address, status.verdict, status.pic_enabled, status.source)
    assert told == ("nobody@fabrikam.com", "user_not_found", False, "admin api")


@pytest.mark.parametrize("address", ["*@fabrikam.com", "", "a b@fabrikam.com", "../x@fabrikam.com"])
async def test_what_is_no_address_reaches_no_directory(
    lookup: Lookup, directory: Told, address: str
) -> None:
    with pytest.raises(Unanswered, match="not an address"):
        await lookup.status(address)

    assert directory.asked == []
    assert lookup.last_failure == ""


async def test_each_question_is_counted_with_its_outcome_and_seconds(
    lookup: Lookup, directory: Told, observed: list[tuple[str, float]]
) -> None:
    directory.takes = 2.0
    directory.next.append(Unanswered("Gone."))
    with pytest.raises(Unanswered):
        await lookup.status(ADDRESS)
    for _ in range(3):
        await lookup.status(ADDRESS)

    assert observed == [("unknown", 2.0), ("answered", 2.0)]


async def test_a_cause_is_logged_once_until_it_is_mended(
    lookup: Lookup, directory: Told, caplog: pytest.LogCaptureFixture
) -> None:
    gone, paused, odd = Unanswered("Gone."), Paused("Left alone."), Unanswered("Odd.")
    directory.next.extend([gone, gone, paused, paused, gone, odd])
    for _ in range(6):
        with pytest.raises(Unanswered):
            await lookup.status(ADDRESS)
    assert lookup.last_failure == "Odd."
    await lookup.status(ADDRESS)
    await lookup.status("agent@fabrikam.com")

    assert lookup.last_failure == ""
    told = [(one.levelname, one.message, vars(one).get("why")) for one in caplog.records]
    assert told == [
        ("WARNING", "the directory gives no answer", "Gone."),
        ("WARNING", "the directory gives no answer", "Odd."),
        ("WARNING", "the directory answers again", None),
    ]


async def test_exports_that_cannot_be_used_are_no_answer(folder: Path) -> None:
    write(folder, "Get-CsUser.csv", USERS.replace("True", "maybe"))
    lookup = Lookup(InProcess(Snapshot(folder, Clock()), FIXES, Clock()), FIXES, Clock(), keep=KEEP)

    with pytest.raises(Unanswered, match=r"Get-CsUser\.csv:2"):
        await lookup.status(ADDRESS)
    assert "Get-CsUser.csv:2" in lookup.last_failure


# --- as the program builds it ----------------------------------------------------------------


async def test_the_demo_asks_its_sample_in_process(session: ClientSession) -> None:
    lookup = directories.lookup(UNSET, FIXES, session)

    assert lookup
    assert (await lookup.status(ADDRESS)).verdict == "enabled"
    assert (await lookup.status("nobody@fabrikam.com")).verdict == "user_not_found"


@pytest.mark.parametrize(
    ("given", "has"),
    [
        ({}, True),
        ({"directline_secret": SecretStr("a secret")}, False),
        ({"directline_secret": SecretStr("a secret"), "directory_url": ""}, False),
        ({"directline_secret": SecretStr("a secret"), "directory_folder": SAMPLE}, True),
        ({"directline_secret": SecretStr("a secret"), "directory_url": "http://127.0.0.1:1"}, True),
    ],
)
async def test_the_samples_people_are_for_the_demo_alone(
    session: ClientSession, given: dict[str, object], has: bool
) -> None:
    settings = Settings.model_validate(given)

    assert settings.has_directory == has
    assert (directories.lookup(settings, FIXES, session) is not None) == has


async def test_figures_count_outcomes_and_seconds(session: ClientSession) -> None:
    figures = Figures("v1")
    lookup = directories.lookup(UNSET, FIXES, session, figures.lookup)

    assert lookup
    await lookup.status(ADDRESS)

    questions, labels = "assistant_directory_questions_total", {"outcome": "answered"}
    assert figures.registry.get_sample_value(questions, labels) == 1
    assert figures.registry.get_sample_value("assistant_directory_seconds_count") == 1
