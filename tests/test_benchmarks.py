"""The benchmark: that its measuring runs, not what it finds."""

from pathlib import Path

import pytest

from bot.directory import deployment
from dialogs.library import load
from tests.benchmarks import exports, loading


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
