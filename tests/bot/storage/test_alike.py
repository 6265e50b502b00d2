"""Whatever is done, a store in a database answers as the store in memory does."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage.database import open_store
from bot.storage.memory import MemoryStore
from bot.storage.migrate import upgrade
from bot.storage.records import CaseChange, Conflict, DeskEvent, Order, Stale, Turn
from bot.storage.store import Store
from tests.bot.storage.turns import later, new_case, turn

Step = tuple[Callable[..., Coroutine[Any, Any, object]], tuple[Any, ...]]


async def commit(store: Store, planned: Turn) -> object:
    try:
        return await store.commit(planned)
    except (Conflict, Stale, LookupError) as refusal:
        return type(refusal)


async def go_on(store: Store, planned: Turn) -> object:
    """Commits on the present version, whatever was planned."""
    present = await store.conversation(planned.key)
    return await commit(store, replace(planned, version=present.version if present else 0))


def some(method: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    async def call(store: Store, *given: object) -> object:
        return await getattr(store, method)(*given)

    call.__name__ = method
    return st.tuples(st.just(call), st.tuples(*arguments))


keys = st.sampled_from(["ann", "bob"])
ids = st.sampled_from("abcdefgh")
seqs = st.integers(0, 30)
times = st.integers(0, 40).map(later)
limits = st.integers(0, 5)
case_ids = st.sampled_from(["case-1", "case-2 \x00"])
replies = st.sampled_from([(), ("one",), ("one", "two", "three")])
new_cases = st.none() | st.builds(new_case, case_ids, st.sampled_from(["bob", "ann \x00"]))
orders = st.builds(Order, ids, case_ids, st.sampled_from(["note", "closed"]), st.just("more"))
changes = st.builds(
    CaseChange,
    case_ids,
    st.integers(0, 3),
    st.sampled_from(["recorded", "assigned", "reopened", "withdrawn", "closed"]),
)
events = st.builds(
    DeskEvent,
    ids,
    st.sampled_from(["helpdesk", "other"]),
    case_ids,
    st.sampled_from([None, "assigned", "waiting", "resolved", "closed", "reopened"]),
    st.just("Which one?"),
    times,
)
turns = st.builds(
    lambda version, said, **rest: turn(version, *said, **rest),
    st.integers(0, 3),
    replies,
    missed=st.sampled_from(["", "what is milk", "sugar \x00"]),
    key=keys,
    activity_id=ids,
    at=times,
    case=new_cases,
    orders=st.lists(orders, max_size=2).map(tuple),
    changes=st.lists(changes, max_size=2).map(tuple),
    joined=st.sampled_from(["", "", "bob", "ann \x00"]),
)
steps = st.one_of(
    st.tuples(st.just(go_on), st.tuples(turns)),
    st.tuples(st.just(go_on), st.tuples(turns)),
    st.tuples(st.just(commit), st.tuples(turns)),
    some("load", keys, ids),
    some("unsent", keys),
    some("mark_sent", st.lists(seqs, max_size=4), times),
    some("put_off", seqs, times),
    some("give_up", seqs, st.just("no")),
    some("overdue", times, limits),
    some("history", keys, seqs, limits),
    some("conversation", keys),
    some("missed", limits),
    some("case", case_ids),
    some("cases", st.sampled_from(["bob", "ann \x00"]), limits),
    some("note_event", events, times),
    some("purge", times),
)


@pytest.fixture(scope="module")
def with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("alike") / "template.db"
    asyncio.run(upgrade(f"sqlite:///{file}"))
    return file


async def answers(store: Store, taken: list[Step]) -> list[object]:
    try:
        return [await do(store, *arguments) for do, arguments in taken]
    finally:
        await store.close()


@given(st.lists(steps, max_size=40))
@settings(max_examples=60, deadline=None)
def test_both_stores_answer_alike(with_tables: Path, taken: list[Step]) -> None:
    expected = asyncio.run(answers(MemoryStore(), taken))

    with tempfile.TemporaryDirectory() as folder:
        file = copy(with_tables, folder)
        assert asyncio.run(answers(open_store(f"sqlite:///{file}"), taken)) == expected
