"""The examples in docstrings are true."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import dialogs

MODULES = sorted(module.name for module in pkgutil.iter_modules(dialogs.__path__, "dialogs."))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
