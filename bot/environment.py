"""What all settings have in common: how variables are called, and what their values may be."""

from functools import partial
from typing import Annotated

from pydantic import AfterValidator, SecretStr
from pydantic_settings import NoDecode
from yarl import URL

from bot.networks import Network
from bot.web import in_the_clear

PREFIX = "ASSISTANT_"
Names = Annotated[frozenset[str], NoDecode]
"""Names separated by commas."""
Networks = Annotated[tuple[Network, ...], NoDecode]
"""Networks separated by commas."""


class SettingsError(Exception):
    """The environment cannot be used; the text names every variable and what to do."""


def _encrypted(value: str, example: str) -> str:
    if value and (in_the_clear(URL(value)) or URL(value).query_string):
        raise ValueError(f"it is no https address, as in {example}")
    return value.rstrip("/")


def _told(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not value.get_secret_value().strip():
        raise ValueError("it is empty, and everybody would know it; unset it for the demo")
    return value


Address = Annotated[
    str, AfterValidator(partial(_encrypted, example="https://lync-admin.example.com"))
]
"""An https address, or of this machine, without a slash at its end; empty: none."""
TrackerAddress = Annotated[
    str, AfterValidator(partial(_encrypted, example="https://tickets.example.com/tracker"))
]
RequestTrackerAddress = Annotated[
    str, AfterValidator(partial(_encrypted, example="https://tickets.example.com"))
]
"""The same, each with an example of its own where it is wrong."""
Secret = Annotated[SecretStr | None, AfterValidator(_told)]
"""What nobody may know, None: there is none."""
