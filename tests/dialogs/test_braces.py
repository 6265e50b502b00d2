"""A sentence may name what its own procedure asks for; a block to type keeps its lines."""

import shutil
from pathlib import Path

import pytest

from dialogs.document import KnowledgeError
from dialogs.library import load
from dialogs.steps import Do
from tests.dialogs.talks import ROOT


def changed(tmp_path: Path, topic: str, old: str, new: str) -> Path:
    """A copy of the knowledge in which a procedure says something else."""
    root = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", root)
    file = root / "en" / "procedures" / f"{topic}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return root


def test_a_misspelt_name_of_an_answer_is_found_with_a_suggestion(tmp_path: Path) -> None:
    root = changed(tmp_path, "provision-pic", "{agreement number}", "{agrement number}")
    with pytest.raises(KnowledgeError, match=r"{agrement number}”, which is not known") as caught:
        load(root)
    assert "Did you mean “agreement number”?" in str(caught.value)


def test_what_another_procedure_asks_for_is_not_known(tmp_path: Path) -> None:
    named = "Sign in, {agreement number}"
    root = changed(tmp_path, "enable-office365-small-business", "Sign in", named)
    with pytest.raises(KnowledgeError, match=r"{agreement number}”, which is not known"):
        load(root)


def test_a_block_of_lines_to_type_is_shown_as_written() -> None:
    sheet = load(ROOT / "knowledge").procedures["provision-pic"].steps["request sheet"]
    assert isinstance(sheet, Do)
    lines = sheet.type_this.split("\n")
    assert lines[0] == "Request for Lync-Skype connectivity"
    assert lines[-1] == "Contact: {contact name}, {contact mail}, {contact phone}"
