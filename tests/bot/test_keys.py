"""A secret that is made once and kept."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE
from threading import Barrier

from bot.keys import kept_key

AT_ONCE = 8


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "directline.key"

    key = kept_key(path)

    assert kept_key(path) == key
    assert len(key) == 43, "256 bits in base64"
    assert kept_key(tmp_path / "other.key") != key


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "directline.key"
    kept_key(path)

    assert S_IMODE(path.stat().st_mode) == 0o600


def test_who_starts_at_once_gets_the_same_key(tmp_path: Path) -> None:
    """In one process, as in containers on one volume, they also have the same process id."""
    path, start = tmp_path / "directline.key", Barrier(AT_ONCE)

    def begin(_: int) -> str:
        start.wait()
        return kept_key(path)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        keys = set(threads.map(begin, range(AT_ONCE)))

    assert keys == {path.read_text(encoding="ascii")}
    assert list(tmp_path.iterdir()) == [path], "nothing is left over"
