"""The whole program, as it is put together."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.app import MOST_CASES, Program, assistant_of, build, inquiries, knowledge
from bot.environment import SettingsError
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from bot.storage.records import Incoming, Line, NewCase, Outgoing, Reference, Turn
from dialogs.document import KnowledgeError
from dialogs.model import Finding, MyCases, Person, Said, SaidHere, Want
from tests.bot.conftest import Serve
from tests.fakes import PATIENCE

HERE = Reference(channel="directline", conversation="1", user_id="lync.user@fabrikam.com")


def kept(key: str, days_ago: float) -> Turn:
    """A turn of some days ago."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    return Turn(key, 0, "{}", HERE, Incoming("1", "bob@contoso.com"), (), at)


async def test_what_is_older_than_it_may_be_is_forgotten(serve: Serve, program: Program) -> None:
    store = program.store
    await store.commit(kept("old", days_ago=30.1))
    await store.commit(kept("young", days_ago=29.9))

    http = await serve(program)

    async with asyncio.timeout(PATIENCE):
        while await store.conversation("old"):
            await http.get("/healthz")
    assert await store.conversation("young")


async def test_the_store_is_closed_when_the_service_ends(serve: Serve, program: Program) -> None:
    closed = []

    class Closing(MemoryStore):
        async def close(self) -> None:
            closed.append(self)

    store = Closing()
    http = await serve(replace(program, store=store))
    assert closed == []

    await http.close()
    assert closed == [store]


def test_people_of_the_demo_are_known_by_their_id_and_others_as_the_channel_names_them(
    program: Program,
) -> None:
    user = "lync.user@fabrikam.com"
    assert program.who(user, "Somebody else") == Person(user, "A Lync user", user)
    assert program.who("29:1", "Bob") == Person("29:1", "Bob")


def test_others_have_the_address_that_the_operator_knows(program: Program) -> None:
    known = replace(program, addresses={"29:1": "bob@fabrikam.com", "8c1d": "ted@fabrikam.com"})

    assert known.who("29:1", "Bob").address == "bob@fabrikam.com"
    assert known.who("29:2", "Ted", "8c1d").address == "ted@fabrikam.com"
    assert known.who("29:3", "Ann", "").address == ""


@pytest.mark.parametrize(
    ("settings", "agents"),
    [
        ({}, {"agent@fabrikam.com"}),
        ({"agents": {"ted@fabrikam.com"}}, {"agent@fabrikam.com", "ted@fabrikam.com"}),
        ({"directline_secret": "a secret"}, set()),
        (
            {"directline_secret": "a secret", "agents": "Ted@fabrikam.com, bob@fabrikam.com"},
            {"ted@fabrikam.com", "bob@fabrikam.com"},
        ),
    ],
)
def test_agents_are_the_demos_only_in_the_demo(
    built: Program, settings: dict[str, Any], agents: set[str]
) -> None:
    settings = {"data_dir": built.settings.data_dir, **settings}

    assert assistant_of(Settings(**settings)).agents == agents


def test_a_language_without_knowledge_is_refused_before_anything_is_served() -> None:
    with pytest.raises(KnowledgeError, match=r"xx/words\.yaml:1: "):
        build(Settings(language="xx"), MemoryStore())


def test_an_operator_hides_notices() -> None:
    def told(*hidden: str) -> set[str]:
        notices = knowledge(Settings(hidden_notices=frozenset(hidden))).notices
        return {notice.name for notice in notices if notice.enabled}

    assert told("skype-closed") == told() - {"skype-closed"}
    assert told("all") == set()


def test_a_hidden_notice_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"names skype-close; there are: .*skype-closed"):
        knowledge(Settings(hidden_notices=frozenset({"skype-close"})))


async def nothing(*_: object) -> None:
    """Nobody is told."""


async def said_in(program: Program, key: str) -> Finding:
    return await looked_up(program, SaidHere(key))


async def looked_up(program: Program, want: Want) -> Finding:
    async with ClientSession() as session:
        asking = inquiries(program, session)
        finding = await asking.find(want, nothing, nothing)
        await asking.aclose()
    return finding


async def test_what_was_said_in_a_conversation_is_read_from_the_store(program: Program) -> None:
    turn = replace(kept("room", 0), replies=(Outgoing("{}", "round brackets"),))
    await program.store.commit(turn)
    await program.store.commit(kept("another room", 0))

    at = turn.at.isoformat()
    said = (Said("in", "bob@contoso.com", at), Said("out", "round brackets", at))
    assert await said_in(program, "room") == Finding("found", said=said)


async def test_a_store_that_cannot_be_read_leaves_it_unknown(program: Program) -> None:
    class Broken(MemoryStore):
        async def lines(self, key: str, limit: int) -> Sequence[Line]:
            raise OSError("the disk is gone")

    assert (await said_in(replace(program, store=Broken()), "room")).outcome == "unknown"


async def test_an_older_case_is_found_by_its_id_and_somebody_elses_never(program: Program) -> None:
    async def handed_over(case_id: str, person: str, days_ago: float) -> None:
        case = NewCase(case_id, person, "", "Bob", "{}")
        await program.store.commit(replace(kept(case_id, days_ago), case=case))

    await handed_over("LS-0000-0001", "ted", days_ago=9)
    await handed_over("LS-0000-0002", "ann", days_ago=9)
    for number in range(MOST_CASES):
        await handed_over(f"LS-1111-{number:04}", "ted", days_ago=8)

    async def found(named: str) -> set[str]:
        cases = (await looked_up(program, MyCases("ted", named))).cases
        assert len({case.id for case in cases}) == len(cases)
        return {case.id for case in cases if case.id.startswith(("LS-0", named or "LS-0"))}

    assert await found("") == set()
    assert await found("LS-0000-0001") == {"LS-0000-0001"}
    assert await found("LS-0000-0002") == set()
    assert await found("LS-0000-0003") == set()
    assert await found("LS-1111-0001") == {"LS-1111-0001"}


@pytest.mark.parametrize("how", ["redacted", "whole", "none"])
def test_the_conversation_goes_along_as_the_operator_says(built: Program, how: str) -> None:
    folder = built.settings.data_dir
    assert assistant_of(Settings(data_dir=folder, transcript=how)).transcripts == how
    assert assistant_of(Settings(data_dir=folder)).transcripts == "redacted"


def test_people_are_shown_the_way_to_tickets_that_they_can_look_at(built: Program) -> None:
    folder = built.settings.data_dir
    assert not assistant_of(Settings(data_dir=folder, desk_links=False)).links
    assert assistant_of(Settings(data_dir=folder)).links


@pytest.mark.parametrize(
    ("settings", "desk", "recorded"),
    [
        ({}, True, "is recorded here"),
        ({"desk": "webhook"}, True, "will be sent"),
        ({"directline_secret": SecretStr("a secret")}, False, "will be sent"),
    ],
)
def test_the_demo_keeps_cases_that_nobody_can_be_sent(
    built: Program, settings: dict[str, Any], desk: bool, recorded: str
) -> None:
    assistant = assistant_of(Settings(data_dir=built.settings.data_dir, **settings))

    assert assistant.desk is desk
    assert recorded in assistant.library.words.case.recorded
