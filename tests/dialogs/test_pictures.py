"""Picture files: what is drawn is said in words, and what cannot be drawn is named."""

from pathlib import Path

import pytest

from tests.dialogs.sample import (
    FILES,
    PICTURE,
    TEA,
    loaded,
    mistake,
    only_problem,
    problems,
    written,
)

KINDS = "text, heading, field, list, tick, person, choices, buttons, tabs, menu"
MISTAKES = [
    mistake(
        PICTURE,
        "window: Kettle",
        "window: Pot",
        "window:",
        "“Pot” is drawn, and the alternative text does not say it. "
        "Say it in `alt`, word by word, or do not draw it.",
    ),
    mistake(
        PICTURE,
        "[Water, Milk]",
        "[Water, Beer]",
        "- choices:",
        "“Beer” is drawn, and the alternative text does not say it. "
        "Say it in `alt`, word by word, or do not draw it.",
    ),
    mistake(
        PICTURE,
        "below that\n  Example: Ann",
        "below that\n  Example: Ben",
        "- field:",
        "“Example: Ann.” is drawn, and the alternative text does not say it. "
        "Say it in `alt`, word by word, or do not draw it.",
    ),
    mistake(
        PICTURE,
        "    chosen: Water",
        "    chosen: Wafer",
        "chosen: Wafer",
        "“Wafer” is chosen and does not stand among the entries. Did you mean “Water”?",
    ),
    mistake(
        PICTURE,
        "    ticked: yes",
        "    ticked: yess",
        "ticked:",
        "“yess” is no value for “ticked”. Did you mean “yes”?",
    ),
    mistake(
        PICTURE,
        "    ticked: yes",
        "    tickd: yes",
        "tickd:",
        "“tickd” is not a name used here. Did you mean “ticked”?",
    ),
    mistake(
        PICTURE,
        "    ticked: yes",
        "    value: Boil",
        "value: Boil",
        "“value” does not go with “tick”. Remove it, or take another element.",
    ),
    mistake(
        PICTURE,
        "  - tick: Boil",
        "  - text: Boil\n    tick: Boil",
        "- text:",
        f"This element has no single word that says its kind. Give it exactly one of: {KINDS}.",
    ),
    mistake(
        PICTURE,
        "  - tick: Boil\n    ticked: yes",
        "  - mark: here",
        "- mark:",
        f"This element has no single word that says its kind. Give it exactly one of: {KINDS}.",
    ),
    mistake(
        PICTURE,
        "  - tick: Boil",
        "  - Boil\n  - tick: Boil",
        "- Boil",
        "“shows” must hold names with values. Correct the value.",
    ),
    mistake(
        PICTURE,
        "    value: Bob",
        f"    value: {'b' * 81}",
        "value:",
        "“value” is too long to be drawn. Correct the value.",
    ),
    mistake(
        PICTURE,
        "[Start]",
        "[1, 2, 3, 4, 5, 6, 7]",
        "- buttons:",
        "“buttons” has more than can be drawn. Correct the value.",
    ),
]


@pytest.mark.parametrize(("file", "text", "at", "says"), MISTAKES)
def test_one_mistake(tmp_path: Path, file: str, text: str, at: str, says: str) -> None:
    assert only_problem(tmp_path, file, text, at) == says


def test_a_character_that_the_font_lacks(tmp_path: Path) -> None:
    text = FILES[PICTURE].replace("Bob", "Bøb")
    assert only_problem(tmp_path, PICTURE, text, "- field:") == (
        "“ø” in “Bøb” cannot be drawn: the font has no such character. "
        "Write it with plain letters and marks."
    )


def test_a_picture_that_is_not_there_and_one_that_nobody_shows(tmp_path: Path) -> None:
    found = problems(written(tmp_path, {TEA: FILES[TEA].replace(": kettle", ": kettel")}))
    line = FILES[TEA].splitlines().index("    picture: kettle") + 1
    assert list(map(str, found)) == [
        f"{TEA}:{line}: There is no picture “kettel”. Did you mean “kettle”?",
        (
            f"{PICTURE}:1: No step shows this picture. "
            "Name it in a step, as in `picture: kettle`, or remove the file."
        ),
    ]


def test_a_name_that_cannot_be_part_of_an_address(tmp_path: Path) -> None:
    written(tmp_path, {TEA: FILES[TEA].replace(": kettle", ": My kettle")})
    (tmp_path / PICTURE).rename(tmp_path / "en/pictures/My kettle.yaml")
    (problem,) = [p for p in problems(tmp_path) if p.file.startswith("en/pictures")]
    assert str(problem) == (
        "en/pictures/My kettle.yaml:1: “My kettle” cannot be part of an address. "
        "Rename it with small letters, digits and hyphens."
    )


def test_a_picture_does_not_go_with_every_step(tmp_path: Path) -> None:
    written(tmp_path, {TEA: FILES[TEA].replace("end: done", "end: done\n    picture: kettle")})
    (problem,) = problems(tmp_path)
    assert problem.what == "“picture” does not go with “end: done” in step “finished”."


def test_a_file_s_name_changes_with_what_is_drawn_alone(tmp_path: Path) -> None:
    def file(name: str, old: str, new: str) -> str:
        changed = FILES[PICTURE].replace(old, new)
        assert changed != FILES[PICTURE]
        picture = loaded(tmp_path / name, {PICTURE: changed}).pictures["kettle"].picture
        assert picture.alt.startswith(("The Kettle", "This is the Kettle"))
        return picture.file

    now = loaded(tmp_path / "now").pictures["kettle"].picture.file
    assert file("alt", "The Kettle", "This is the Kettle") == now
    for old, new in (
        ("window: Kettle", "window: kettle"),
        ("ticked: yes", "ticked: no"),
        ("mark: 1", "mark: 2"),
        ("Water, Milk", "Milk, Water"),
        ("chosen: Water", "chosen: Milk"),
    ):
        assert file(new, old, new) != now


def test_a_drop_down_list_that_is_closed_shows_what_is_chosen(tmp_path: Path) -> None:
    closed = "  - list: Boil\n    chosen: Milk\n"
    library = loaded(tmp_path, {PICTURE: FILES[PICTURE] + closed})
    element = library.pictures["kettle"].elements[-1]
    assert (element.kind, element.text, element.chosen) == ("list", "Boil", "Milk")
    assert element.entries == ()
