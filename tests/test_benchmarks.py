"""The measuring of the knowledge: that it runs, not what it finds."""

from pathlib import Path

import pytest

from dialogs.library import load
from tests.benchmarks import loading


def test_more_of_the_knowledge_is_in_order_and_can_be_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    topics = len(load(loading.ROOT / "knowledge").topics)
    assert len(load(loading.enlarged(tmp_path / "3", 3)).topics) == 3 * topics

    monkeypatch.setattr(loading, "TIMES", (1,))
    monkeypatch.setattr(loading, "ROUNDS", 1)
    assert loading.run()
    assert f"{topics}" in capsys.readouterr().out
