"""The knowledge as a whole: the real one is in order, and what cannot be read is named."""

from pathlib import Path

import pytest

from dialogs.library import load
from dialogs.memory import Place
from tests.dialogs.sample import COFFEE, FILES, NOTE, REAL, TEA, WORDS, loaded, problems, written


def test_the_real_knowledge_is_in_order() -> None:
    library = load(REAL)
    assert set(library.topics) == {*library.procedures, *library.articles}
    assert library.topic("add-skype-contact") == library.procedures["add-skype-contact"]
    assert library.topic("xyzzy") is None
    assert library.step(Place(procedure="add-skype-contact", step="pick skype"))
    assert library.step(Place(procedure="add-skype-contact", step="xyzzy")) is None
    assert library.step(Place(procedure="xyzzy", step="pick skype")) is None


def test_the_version_is_the_same_for_the_same_knowledge(tmp_path: Path) -> None:
    assert loaded(tmp_path / "one").version == loaded(tmp_path / "two").version


@pytest.mark.parametrize("file", sorted(FILES))
def test_the_version_changes_with_one_letter(tmp_path: Path, file: str) -> None:
    changed = FILES[file].rstrip()[:-1] + "x\n" if file == NOTE else FILES[file] + "# x\n"
    assert loaded(tmp_path, {file: changed}).version != loaded(tmp_path).version


def test_the_version_changes_with_a_file_s_name(tmp_path: Path) -> None:
    before = loaded(tmp_path).version
    (tmp_path / NOTE).rename(tmp_path / "en/articles/notice.md")
    assert load(tmp_path).version != before


def test_an_article_s_paragraphs_have_no_line_ends(tmp_path: Path) -> None:
    assert loaded(tmp_path).articles["note"].text == "**Tea** is made of leaves and water."


def test_files_may_be_saved_by_notepad(tmp_path: Path) -> None:
    """With a mark at the beginning, and with Windows' line ends."""
    written(tmp_path)
    for name, text in FILES.items():
        data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
        (tmp_path / name).write_bytes(data)
    library = load(tmp_path)
    assert library.topics == loaded(tmp_path / "as they are").topics
    assert library.words == loaded(tmp_path / "as they are").words


@pytest.mark.parametrize("file", [TEA, NOTE, WORDS])
def test_a_file_that_is_not_utf_8(tmp_path: Path, file: str) -> None:
    data = FILES[file].replace("\n", "\n# Grüße\n", 1).encode("latin-1", "replace")
    written(tmp_path)
    (tmp_path / file).write_bytes(data)
    (problem,) = problems(tmp_path)
    assert str(problem) == f"{file}:2: This line is not UTF-8. Save the file as UTF-8."


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    (written(tmp_path) / WORDS).unlink()
    (problem,) = problems(tmp_path)
    what = "It cannot be read: No such file or directory. Put the file back."
    assert str(problem) == f"{WORDS}:1: {what}"


def test_a_language_that_is_missing(tmp_path: Path) -> None:
    found = problems(written(tmp_path), language="xx")
    assert {problem.file for problem in found} == {
        "xx/words.yaml",
        "xx/phrases.yaml",
        "xx/phrasings.yaml",
        "xx/outside.yaml",
        "xx/lexicon.yaml",
        "xx/addresses.yaml",
        "xx/answers.yaml",
        "xx/notices.yaml",
        "xx/verdict.yaml",
    }


@pytest.mark.parametrize(
    "text",
    [
        "**Tea** is made of leaves.\n",
        FILES[NOTE].removeprefix("---\n"),
        FILES[NOTE].replace("]\n---\n", "]\n"),
        FILES[NOTE].partition("**Tea**")[0],
    ],
)
def test_an_article_without_a_head_or_without_a_text(tmp_path: Path, text: str) -> None:
    written(tmp_path, {NOTE: text})
    (problem,) = problems(tmp_path)
    what = "An article has its names between two lines of ---, and its text below."
    assert str(problem) == f"{NOTE}:1: {what} Begin it as the other articles begin."


def test_a_topic_that_has_another_one_s_name(tmp_path: Path) -> None:
    written(tmp_path, {"en/articles/tea.md": FILES[NOTE]})
    (problem,) = problems(tmp_path)
    assert str(problem) == (
        f"en/articles/tea.md:1: “tea” is the name of {TEA}, too. Rename one of the two files."
    )


def test_every_file_that_cannot_be_used_is_named_at_once(tmp_path: Path) -> None:
    changes = {
        TEA: FILES[TEA].replace("    answer: e-mail address\n", "").replace("if not", "if nott"),
        COFFEE: FILES[COFFEE].replace("    say: Enjoy it.", "    do: Enjoy it."),
        NOTE: FILES[NOTE].replace("title: ", "title: a: "),
        WORDS: FILES[WORDS].replace("thanks: You", "thank: You"),
    }
    found = problems(written(tmp_path, changes))
    assert [(problem.file, problem.what) for problem in found] == [
        (COFFEE, "Step “enjoy” (end: stop) lacks “say”."),
        (COFFEE, "“do” does not go with “end: stop” in step “enjoy”."),
        (TEA, "“if nott” is not a name used here."),
        (NOTE, "This is not YAML: mapping values are not allowed in this context."),
        (WORDS, "“thanks” is missing."),
        (WORDS, "“thank” is not a name used here."),
    ]
