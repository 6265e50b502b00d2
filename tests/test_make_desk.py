"""`make desk` promises nothing that it cannot keep."""

import os
import shutil
import socket
import sys
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest

from tests.ports import free_port

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk that is set up, as far as make looks, with a server that ends at once."""
    for file in ("venv/.ready", "tracker/db/db", "agent-password"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("geheim\n")
    programs = tmp_path / "venv" / "bin"
    programs.mkdir()
    (programs / "python").symlink_to(sys.executable)
    server = programs / "roundup-server"
    server.write_text("#!/bin/sh\necho serves $*\n")
    server.chmod(0o755)
    return tmp_path


def make(desk: Path, port: int) -> "CompletedProcess[str]":
    """`make desk` on a port."""
    given = (f"DESK={desk}/venv", f"TRACKER={desk}/tracker", f"DESK_PORT={port}")
    others = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return run(
        ["make", "desk", *given],
        cwd=ROOT,
        env=others,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_says_where_the_desk_is_and_serves_there(desk: Path) -> None:
    port = free_port()

    done = make(desk, port)

    assert done.returncode == 0, done.stderr
    assert f"Roundup is at http://127.0.0.1:{port}/tracker/" in done.stdout
    assert f"serves -n 127.0.0.1 -p {port}" in done.stdout


def test_where_its_port_is_taken_it_says_that_and_no_password(desk: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = make(desk, port)

    assert done.returncode
    assert f"Port {port} is taken" in done.stderr
    assert not done.stdout
