"""What all settings have in common: how variables are called, and what their values may be."""

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


def _encrypted(value: str) -> str:
    if value and (in_the_clear(URL(value)) or URL(value).query_string):
        raise ValueError("it is no https address, as in https://lync-admin.example.com")
    return value.rstrip("/")


def _told(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not value.get_secret_value().strip():
        raise ValueError("it is empty, and everybody would know it; unset it for the demo")
    return value


Address = Annotated[str, AfterValidator(_encrypted)]
"""An https address, or of this machine, without a slash at its end; empty: none."""
Secret = Annotated[SecretStr | None, AfterValidator(_told)]
"""What nobody may know, None: there is none."""
