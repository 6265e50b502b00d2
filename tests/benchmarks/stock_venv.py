"""The stock bot's own environment, `.venv-bench`: made when it is not there or its lock changed."""

# ruff: noqa: T201 — a benchmark prints what it waits for

import hashlib
import subprocess
import sys
from pathlib import Path

from .load import Broken
from .servers import ROOT

LOCK = Path(__file__).with_name("requirements-stock.lock")
"""Made in the project's root, from requirements-stock.in with what requirements.lock has too:

uv pip compile tests/benchmarks/requirements-stock.in -c requirements.lock --generate-hashes \
    --no-header --universal --python-version 3.11 -o tests/benchmarks/requirements-stock.lock
"""
VENV = ROOT / ".venv-bench"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "made-from"
"""Written last, so that an environment which was cut short while it was made is made again."""


def stock_python() -> Path:
    """The interpreter of an environment that is exactly what the lock file says."""
    wanted = f"{sys.version} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if not STAMP.exists() or STAMP.read_text() != wanted:
        print(f"making {VENV.name} for the stock bot …", flush=True)
        try:
            _make()
        except subprocess.CalledProcessError as failure:
            raise Broken(f"{VENV.name} could not be made: {failure}") from None
        STAMP.write_text(wanted)
    return PYTHON


def _make() -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--requirement", str(LOCK)], check=True)
