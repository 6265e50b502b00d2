"""Environment → one frozen Settings; every missing or wrong variable is named at once."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import (
    Field,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict
from rapidfuzz import process
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from yarl import URL

from bot.desk_settings import DeskSettings
from bot.directory_settings import DirectorySettings
from bot.environment import PREFIX, Names, Secret, SettingsError
from bot.storage.engine import address
from dialogs.addresses import AddressRules
from dialogs.model import Transcripts

SECRET = frozenset(
    {
        "database_url",
        "directline_secret",
        "directory_token",
        "admin_api_tokens",
        "lync_password",
        "webhook_secret",
        "webhook_url",
        "roundup_password",
        "roundup_events_secret",
        "rt_token",
        "rt_events_secret",
    }
)
"""Settings whose values are never shown: the addresses of a database and a webhook can hold one."""


class Settings(DirectorySettings, DeskSettings, BaseSettings):
    """All that an operator can set; see deploy/env.example. Unset values are the demo's."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: str = "sqlite+aiosqlite:///var/assistant.db"
    data_dir: Path = Path("var")
    language: str = Field("en", pattern=r"^[a-z]{2}$")
    sip_domains: Names = frozenset({"fabrikam.com"})
    native_domains: Names = AddressRules().native_domains
    address_suffix: str = AddressRules().suffix
    hidden_notices: Names = frozenset()
    helpdesk_contact: str = Field("", max_length=200)
    agents: Names = frozenset()
    people: Path | None = None
    follow_ups: bool = True
    public_url: str = ""
    directline_secret: Secret = None
    transcript: Transcripts = "redacted"
    transcript_days: int = Field(30, ge=1, le=3650)
    case_days: int = Field(365, ge=30, le=36500)
    log_format: str = Field("text", pattern="^(text|json)$")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    log_text: bool = False

    @field_validator("sip_domains", "native_domains", "hidden_notices", "agents", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(name.strip().lower() for name in value.split(",") if name.strip())
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            make_url(value)
        except (ArgumentError, ValueError) as error:  # whose text can hold part of a password
            raise ValueError("it is no address, as in sqlite:///var/assistant.db") from error
        address(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _reached_by_https(cls, value: str) -> str:
        url = URL(value)
        more = url.user or url.password or url.query_string or url.fragment
        if value and (url.scheme != "https" or not url.host or more):
            raise ValueError("it is no address of the service, as in https://assistant.example.com")
        return value.rstrip("/")

    @property
    def has_directory(self) -> bool:
        """Whether there is somebody to ask: the sample's people are for the demo alone."""
        named = bool(self.directory_url) or "directory_folder" in self.model_fields_set
        return named or self.directline_secret is None

    @property
    def keeps_cases(self) -> bool:
        """Whether cases are recorded here and sent nowhere: in the demo without a desk."""
        return not self.desk and self.directline_secret is None

    @property
    def address_rules(self) -> AddressRules:
        """The organisation's address rules."""
        return AddressRules(
            native_domains=self.native_domains,
            suffix=self.address_suffix,
            own_domains=self.sip_domains,
        )


def read_settings() -> Settings:
    """The settings of the environment.

    Raises:
        SettingsError: a variable is wrong, or one of ours is misspelt.
    """
    problems = _misspelt(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        problems += [_sentence(e) for e in error.errors()]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _misspelt(names: Iterable[str]) -> list[str]:
    known = [name.upper() for name in Settings.model_fields]
    ours = sorted(name for name in names if name.startswith(PREFIX))
    wrong = [name for name in ours if name.removeprefix(PREFIX) not in known]
    return [f"{name} is not a setting. {_suggestion(name, known)}" for name in wrong]


def _suggestion(name: str, known: list[str]) -> str:
    best = process.extractOne(name.removeprefix(PREFIX), known, score_cutoff=70)
    return (
        f"Did you mean {PREFIX}{best[0]}?"
        if best
        else "See deploy/env.example for those there are."
    )


def _sentence(error: Any) -> str:
    field = str(error["loc"][0])
    why = error["msg"].removeprefix("Value error, ")
    given = "" if field in SECRET else f" ({error['input']!r})"
    return f"{PREFIX}{field.upper()} is wrong{given}: {why}."
