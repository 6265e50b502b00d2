"""Edits of the knowledge while the service runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.environment import SettingsError
from bot.reload import Latest, take_up, watching
from dialogs.addresses import AddressRules
from dialogs.converse import Assistant
from dialogs.library import load
from dialogs.memory import Progress
from dialogs.model import Message, Person
from tests.dialogs.sample import NOTE, TEA, written
from tests.dialogs.talks import understander_of
from tests.fakes import PATIENCE

ASKED = Message(Person("1"), "what is tea")


class Knowledge:
    """A folder of knowledge, and what is told of its edits."""

    def __init__(self, folder: Path) -> None:
        self.folder = written(folder)
        self.told: list[str] = []
        self.latest = Latest(self.read())

    def read(self) -> Assistant:
        library = load(self.folder)
        return Assistant(library, understander_of(library), AddressRules())

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    def heard(self) -> str:
        outcome = self.latest.answer(ASKED, Progress(), {})
        return "\n".join(reply.text for reply in outcome.replies)

    async def edited(self, *edits: tuple[str, str, str]) -> None:
        """Takes up these edits one after the other."""

        async def one_by_one() -> AsyncIterator[object]:
            for edit in edits:
                self.edit(*edit)
                yield edit

        await take_up(one_by_one(), self.latest, self.read, self.told.append)


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return Knowledge(tmp_path / "knowledge")


async def test_an_edit_is_in_use_at_once(knowledge: Knowledge) -> None:
    assert "**Tea** is made of leaves" in knowledge.heard()
    await knowledge.edited((NOTE, "**Tea** is", "**Good tea** is"))
    assert "**Good tea** is made of leaves" in knowledge.heard()
    version = knowledge.latest.assistant.library.version
    (told,) = knowledge.told
    assert told == f"The knowledge is in order and in use: version {version}."


async def test_a_broken_edit_keeps_the_last_good_version_and_says_why(
    knowledge: Knowledge,
) -> None:
    await knowledge.edited(
        (NOTE, "**Tea** is", "**Good tea** is"), (TEA, "at: beans", "at: bean"),
        (NOTE, "**Good tea** is", "**Fine tea** is"),
    )  # fmt: skip
    assert "**Good tea** is made of leaves" in knowledge.heard()
    _, *broken = knowledge.told
    assert len(broken) == 2
    for told in broken:
        assert told.startswith("This edit is not in use yet; the last good version stays:\n")
        assert "“bean” is not a step of coffee. Did you mean “beans”?" in told

    await knowledge.edited((TEA, "at: bean\n", "at: beans\n"))
    assert "**Fine tea** is made of leaves" in knowledge.heard()


async def test_an_edit_that_does_not_go_with_the_settings_keeps_the_last_good_version(
    knowledge: Knowledge,
) -> None:
    read, refusals = knowledge.read, [SettingsError("ASSISTANT_HIDDEN_NOTICES names tea.")]

    def refusing_once() -> Assistant:
        if refusals:
            raise refusals.pop()
        return read()

    knowledge.read = refusing_once  # type: ignore[method-assign]
    await knowledge.edited((NOTE, "**Tea** is", "**Good tea** is"), (NOTE, "leaves", "fine leaves"))
    refused, told = knowledge.told
    assert "ASSISTANT_HIDDEN_NOTICES names tea." in refused
    assert "in order and in use" in told
    assert "**Good tea** is made of fine leaves" in knowledge.heard()


async def test_a_mistake_that_is_taken_back_is_told_to_be_in_order(knowledge: Knowledge) -> None:
    await knowledge.edited((TEA, "at: beans", "at: bean"), (TEA, "at: bean\n", "at: beans\n"))
    _, told = knowledge.told
    assert "in order and in use" in told


async def test_a_file_that_is_only_touched_is_nothing_to_speak_of(knowledge: Knowledge) -> None:
    await knowledge.edited((NOTE, "", ""))
    assert knowledge.told == []


async def test_trouble_is_told_in_the_latest_words(knowledge: Knowledge) -> None:
    await knowledge.edited(("en/words.yaml", "Something went wrong", "Something broke"))
    (reply,) = knowledge.latest.trouble(Progress()).replies
    assert reply.text.startswith("Something broke")


async def test_a_folder_is_watched_until_the_service_ends(knowledge: Knowledge) -> None:
    told = asyncio.Event()

    def tell(text: str) -> None:
        knowledge.told.append(text)
        told.set()

    async with (
        asyncio.timeout(PATIENCE),
        watching(knowledge.folder, knowledge.latest, knowledge.read, tell),
    ):
        while not told.is_set():  # the watch may begin only after the first edit
            knowledge.edit(NOTE, "leaves", "leaves and leaves")
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), 0.5)
    assert "in order and in use" in knowledge.told[0]
