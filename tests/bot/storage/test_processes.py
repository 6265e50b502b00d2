"""Several processes on one database, and one that is killed."""

import asyncio
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from bot.storage.database import open_store
from bot.storage.migrate import upgrade
from bot.storage.outbox import Outbox
from tests.bot.storage.turns import new_case, turn

ROOT = Path(__file__).parents[3]


async def committer(url: str, key: str, turns: int) -> Process:
    command = ("-W", "error", "-m", "tests.bot.storage.committer", url, key, str(turns))
    return await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE)


async def test_two_processes_share_a_fresh_database(database_url: str) -> None:
    talks = [await committer(database_url, key, 100) for key in ("ann", "bob")]

    said = await asyncio.wait_for(asyncio.gather(*(talk.communicate() for talk in talks)), 60)

    assert [talk.returncode for talk in talks] == [0, 0]
    assert [out.count(b"activity-") for out, _ in said] == [100, 100]
    store = open_store(database_url)
    for key in ("ann", "bob"):
        conversation = await store.conversation(key)
        assert conversation
        assert conversation.version == 100
        assert len(await store.history(key, 0, 1000)) == 300
        assert not await store.unsent(key)
    await store.close()


async def test_what_a_killed_process_had_committed_is_there(database_url: str) -> None:
    talk = await committer(database_url, "bob", 100_000)
    assert talk.stdout
    acknowledged = [await asyncio.wait_for(talk.stdout.readline(), 60) for _ in range(50)]

    talk.kill()
    acknowledged += (await talk.stdout.read()).splitlines()
    await talk.wait()

    store = open_store(database_url)
    for name in acknowledged:
        assert (await store.load("bob", name.decode().strip())).seen
    conversation = await store.conversation("bob")
    assert conversation
    assert conversation.version - len(acknowledged) in {0, 1}
    entries = await store.history("bob", 0, 1_000_000)
    assert len(entries) == 3 * conversation.version
    await store.close()


async def test_processes_claim_nothing_twice(database_url: str) -> None:
    await upgrade(database_url)
    store = open_store(database_url)
    for n in range(60):
        await store.commit(turn(0, key=f"talk-{n}", case=new_case(f"case-{n}")))
    command = ("-W", "error", "-m", "tests.bot.storage.claimer", database_url)
    start = asyncio.create_subprocess_exec
    claimers = [
        await start(sys.executable, *command, f"owner-{n}", cwd=ROOT, stdout=PIPE) for n in range(3)
    ]

    said = await asyncio.wait_for(asyncio.gather(*(one.communicate() for one in claimers)), 60)

    assert [one.returncode for one in claimers] == [0, 0, 0]
    claimed = [name for out, _ in said for name in out.decode().split()]
    assert sorted(claimed) == sorted(f"case-{n}" for n in range(60))
    assert (await Outbox(store.transactions).waiting()).open == 0
    await store.close()


@pytest.mark.parametrize(
    ("module", "not_needed"),
    [("bot.storage.database", "alembic"), ("bot.storage.memory", "sqlalchemy")],
)
def test_a_store_brings_in_no_more_than_it_needs(module: str, not_needed: str) -> None:
    code = f"import sys, {module}; sys.exit({not_needed!r} in sys.modules)"

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
