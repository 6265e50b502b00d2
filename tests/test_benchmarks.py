"""The benchmark: that its measuring runs, not what it finds."""

import asyncio
from math import inf
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.directory import deployment
from dialogs.library import load
from tests.benchmarks import cases, deliveries, enqueue, exports, loading, receiver


def test_exports_of_many_users_are_in_order(tmp_path: Path) -> None:
    (made,) = deployment.load(exports.write(tmp_path / "many", 40))

    assert list(made.users) == list(exports.addresses(40))
    assert {one.policy for one in made.users.values()} == set(exports.POLICIES)
    assert made.domains == {"fabrikam.com"}


def test_more_of_the_knowledge_is_in_order_and_can_be_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    topics = len(load(loading.ROOT / "knowledge").topics)
    assert len(load(loading.enlarged(tmp_path / "3", 3)).topics) == 3 * topics

    monkeypatch.setattr(loading, "TIMES", (1,))
    monkeypatch.setattr(loading, "ROUNDS", 1)
    assert loading.run()
    assert f"{topics}" in capsys.readouterr().out


def test_an_outage_tells_what_was_lost_and_doubled() -> None:
    seen = {"taken": {"twice": 2, "unknown": 1, "once": 1}}

    over = deliveries.Outage(seen, {}, frozenset({"twice", "once", "never"}))

    assert (over.lost, over.doubled) == (1, 2)


async def test_a_receiver_that_is_down_is_to_be_left_alone_and_takes_nothing() -> None:
    async with TestClient(TestServer(receiver.application(inf, 0))) as client:
        answers = [await client.post("/hook", data=b"{}") for _ in range(2)]
        tally = await (await client.get("/tally")).json()

    assert [(one.status, one.headers["Retry-After"]) for one in answers] == [(503, "3600")] * 2
    assert (tally["refused"], tally["taken"], tally["first_second"]) == (2, {}, 0)


async def test_a_receiver_counts_what_is_in_flight_and_what_it_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receiver, "STRETCH", range(4))
    async with TestClient(TestServer(receiver.application(0, 0.25))) as client:

        async def post(case: str) -> None:
            await client.post("/hook", data=b"{}", headers={"webhook-id": case})

        await asyncio.gather(post("one"), post("one"), post("two"))
        await post("three")
        tally = await (await client.get("/tally")).json()

    assert tally["taken"] == {"one": 2, "two": 1, "three": 1}
    assert (tally["most_in_flight"], tally["refused"]) == (3, 0)


def test_cases_can_be_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cases, "ROUNDS", 1)
    monkeypatch.setattr(cases, "WAYS", dict.fromkeys((cases.OURS, cases.PLAIN), ""))
    monkeypatch.setattr(cases, "CASES", 8)
    monkeypatch.setattr(cases, "BACKLOG", 80)
    monkeypatch.setattr(cases, "DOWN", 0.0)
    monkeypatch.setattr(enqueue, "PEOPLE", 10)
    monkeypatch.setattr(enqueue, "CYCLES", 1)

    assert cases.run()

    told = capsys.readouterr().out
    assert "holds          no case lost: 0 of 80" in told
    assert "holds          no case doubled: 0" in told
    assert "holds          at most 4 requests in flight: 4" in told
