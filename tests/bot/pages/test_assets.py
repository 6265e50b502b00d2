"""The bundles of the pages: what set-up fetches is what the program serves."""

import ast
from pathlib import Path

import pytest

from bot.app import BUNDLE, DRAWING_BUNDLE

ROOT = Path(__file__).parents[3]
FETCHED = ast.unparse(ast.parse((ROOT / "deploy" / "fetch_bundles.py").read_text("utf-8")))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("bundle", [BUNDLE, DRAWING_BUNDLE])
def test_set_up_fetches_what_is_served(bundle: str) -> None:
    name, _, version = Path(bundle).stem.partition("-")
    assert f"var/{bundle}" in MAKEFILE
    assert f"'{name}': Bundle(" in FETCHED
    assert f"version='{version}'" in FETCHED
