"""Pictures as files: only the missing ones are drawn, and only those are served."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Program
from bot.pictures import Pictures
from dialogs.library import load
from dialogs.pictures import Drawing
from tests.bot.caller import Caller, Http
from tests.bot.conftest import Serve
from tests.dialogs.talks import ROOT
from tests.fakes import Connector, Json

LIBRARY = load(ROOT / "knowledge")
FILES = sorted(one.picture.file for one in LIBRARY.pictures.values())


def images(activity: Json) -> list[str]:
    """Where the pictures of a card are."""
    [card] = (attached["content"] for attached in activity["attachments"])
    return [part["url"] for part in card["body"] if part["type"] == "Image"]


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


async def test_channels_are_shown_pictures_at_the_public_address(
    serve: Serve, program: Program, connector: Connector
) -> None:
    public = program.settings.model_copy(update={"public_url": "https://example.com"})
    program.pictures.complete(blank)
    caller = Caller(await serve(replace(program, settings=public)), connector, channel="msteams")
    await caller.says("accept a contact request from skype")

    [address] = images(connector.posts[-1].activity)
    assert address.startswith("https://example.com/pictures/new-tab-")


async def test_channels_are_told_pictures_where_there_is_no_public_address(
    caller: Caller, program: Program
) -> None:
    program.pictures.complete(blank)
    caller.channel = "msteams"
    await caller.says("accept a contact request from skype")

    activity = caller.connector.posts[-1].activity
    assert images(activity) == []
    assert "Picture: The contact list of Lync." in str(activity["attachments"])


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
