"""The author's tools, on the real knowledge and on a sample with mistakes in it."""

import shutil
from io import StringIO
from pathlib import Path

import pytest

from bot import authoring
from bot.app import Program
from bot.settings import Settings
from dialogs.document import KnowledgeError
from dialogs.library import load
from tests.dialogs.sample import FILES, NOTE, REAL, written

WELL, REFUSED = 0, 1
TOPICS = load(REAL).topics
Said = pytest.CaptureFixture[str]


def test_draw_prints_the_flow_and_nothing_else(capsys: Said) -> None:
    assert authoring.draw(Settings(), "add-skype-contact") == WELL
    out, err = capsys.readouterr()
    assert out.startswith("flowchart TD\n    accTitle: Add a Skype contact to Lync\n    n1[[")
    assert err == ""


@pytest.mark.parametrize(
    ("topic", "says"),
    [
        ("add-skpye-contact", "is not a topic. Did you mean “add-skype-contact”?"),
        ("supported-features", "has no steps to draw. `knowledge try supported-features` shows it"),
    ],
)
def test_draw_says_what_to_do_where_there_is_nothing_to_draw(
    capsys: Said, topic: str, says: str
) -> None:
    assert authoring.draw(Settings(), topic) == REFUSED
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_try_begins_with_the_topic_at_once(
    capsys: Said, monkeypatch: pytest.MonkeyPatch, built: Program, topic: str
) -> None:
    folder = built.settings.data_dir
    before = sorted(folder.rglob("*"))
    monkeypatch.setattr("sys.stdin", StringIO(""))
    assert authoring.play(built.settings, topic) == WELL
    assert TOPICS[topic].title in capsys.readouterr().out
    assert sorted(folder.rglob("*")) == before, "nothing is kept"


def test_try_of_what_is_no_topic(capsys: Said) -> None:
    assert authoring.play(Settings(), "add-skpye-contact") == REFUSED
    assert "Did you mean “add-skype-contact”?" in capsys.readouterr().err


def test_check_wants_talks_where_the_project_has_them(capsys: Said, tmp_path: Path) -> None:
    root = written(tmp_path / "knowledge")
    assert authoring.check(Settings(), root) == WELL
    assert capsys.readouterr().err == "The knowledge is in order: 2 procedures, 1 articles.\n"

    talks = tmp_path / "tests" / "talks"
    talks.mkdir(parents=True)
    for topic in ("tea", "coffee"):
        (talks / f"{topic}.yaml").touch()
    with pytest.raises(KnowledgeError) as raised:
        authoring.check(Settings(), root)
    assert str(raised.value) == (
        f"{NOTE}:2: No talk tries “note”. Write one: tests/talks/note.yaml."
    )


def test_coverage_lists_each_fact_and_fails_where_one_is_not_told(
    capsys: Said, tmp_path: Path
) -> None:
    root = written(tmp_path)
    facts = root / "facts.yaml"
    facts.write_text("A1: {claim: Tea is of leaves., words: [made of leaves]}\n", "utf-8")
    assert authoring.cover(Settings(), root) == REFUSED
    out, err = capsys.readouterr()
    assert out == "A1   Tea is of leaves.\n"
    assert err.startswith("facts.yaml:1: No topic tells A1. ")

    (root / NOTE).write_text(FILES[NOTE].replace("sources:", "facts: [A1]\nsources:"), "utf-8")
    assert authoring.cover(Settings(), root) == WELL
    assert capsys.readouterr() == ("A1   Tea is of leaves.\n     note\n", "All 1 facts are told.\n")


def test_coverage_without_its_list(tmp_path: Path) -> None:
    shutil.copytree(REAL, tmp_path, dirs_exist_ok=True)
    (tmp_path / "facts.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"facts\.yaml:1: It cannot be read"):
        authoring.cover(Settings(), tmp_path)
