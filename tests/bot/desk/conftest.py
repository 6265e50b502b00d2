"""What tests of desks share: the page for receivers, and the verifier in it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "webhook.md").read_text(encoding="utf-8")
[SNIPPET] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

IsOurs = Callable[..., bool]


@pytest.fixture(scope="session")
def is_ours() -> IsOurs:
    """The verifier exactly as it stands in the docs."""
    names: dict[str, Any] = {}
    exec(compile(SNIPPET, "docs/webhook.md", "exec"), names)
    verifier: IsOurs = names["is_ours"]
    return verifier
