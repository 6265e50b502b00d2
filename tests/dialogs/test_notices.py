"""The dated notices name topics and documents that exist; who tells them is tested elsewhere."""

from datetime import date

import pytest
import yaml

from dialogs.library import load
from tests.dialogs.talks import ROOT

FILE = ROOT / "knowledge" / "en" / "notices.yaml"
NOTICES = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
LIBRARY = load(ROOT / "knowledge")


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_is_complete(name: str) -> None:
    notice = NOTICES[name]
    assert set(notice) == {"topics", "from", "enabled", "text", "source"}
    assert notice["topics"] == "all" or set(notice["topics"]) <= set(LIBRARY.topics)
    assert date.fromisoformat(notice["from"])
    assert notice["enabled"] in {"yes", "no"}
    key, _, section = notice["source"].partition("#")
    assert not section or section in LIBRARY.sources[key].sections
    assert 1 <= notice["text"].count(". ") + 1 <= 2
