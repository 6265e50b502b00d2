"""Pictures as files: only the missing ones are drawn, and only those are served."""

from pathlib import Path

import pytest

from bot.app import Program
from bot.pictures import Pictures
from dialogs.library import load
from dialogs.pictures import Drawing
from tests.bot.caller import Http
from tests.dialogs.talks import ROOT

LIBRARY = load(ROOT / "knowledge")
FILES = sorted(one.picture.file for one in LIBRARY.pictures.values())


def blank(one: Drawing) -> bytes:
    return one.picture.file.encode()


def test_what_is_missing_is_drawn_and_what_is_stale_removed(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pictures"
    pictures = Pictures(LIBRARY, folder)
    assert (pictures.drawn(), pictures.missing()) == (frozenset(), FILES)

    assert pictures.complete(blank) == (len(FILES), 0)
    assert (pictures.drawn(), pictures.missing()) == (frozenset(FILES), [])
    assert sorted(path.name for path in folder.iterdir()) == FILES

    (folder / FILES[0]).write_bytes(b"as it was")
    (folder / FILES[1]).unlink()
    for other in ("new-tab-000000000000.png", ".drawn"):
        (folder / other).touch()
    assert pictures.complete(blank) == (1, 1)
    assert (folder / FILES[0]).read_bytes() == b"as it was"
    assert (folder / FILES[1]).read_bytes() == FILES[1].encode()
    assert sorted(path.name for path in folder.iterdir()) == [".drawn", *FILES]
    assert (folder / FILES[1]).stat().st_mode & 0o777 == 0o644


async def test_a_picture_is_served_and_kept_for_ever(http: Http, program: Program) -> None:
    program.pictures.complete(blank)
    answer = await http.get(f"/pictures/{FILES[0]}")

    assert (answer.status, await answer.read()) == (200, FILES[0].encode())
    assert answer.content_type == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["nothing.png", "new-tab-000000000000.png", "stray.png", "..%2fdirectline.key",
     "%2e%2e%2fdirectline.key", "../directline.key", "..\\directline.key", "%00.png", ""],
)  # fmt: skip
async def test_nothing_else_is_served(http: Http, program: Program, name: str) -> None:
    program.pictures.complete(blank)
    (program.settings.data_dir / "pictures" / "stray.png").touch()
    answer = await http.get(f"/pictures/{name}")
    assert (answer.status, answer.content_type) == (404, "application/problem+json")


async def test_a_picture_that_is_not_drawn_is_not_served(http: Http) -> None:
    answer = await http.get(f"/pictures/{FILES[0]}")
    assert (answer.status, answer.content_type) == (404, "application/problem+json")
