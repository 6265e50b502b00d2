"""Environment → one frozen Settings; every missing or wrong variable is named at once."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from rapidfuzz import process
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from yarl import URL

from bot.networks import Network, listed, may_be_dialled
from bot.signing import signing_secrets
from bot.storage.engine import address
from bot.web import in_the_clear, is_address
from dialogs.addresses import AddressRules
from dialogs.model import Transcripts

PREFIX = "ASSISTANT_"
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
SHORTEST_TOKEN = 20
"""Characters of a token, so that it cannot be guessed."""
Names = Annotated[frozenset[str], NoDecode]
"""Names separated by commas."""
Networks = Annotated[tuple[Network, ...], NoDecode]
"""Networks separated by commas."""


class SettingsError(Exception):
    """The environment cannot be used; the text names every variable and what to do."""


class Settings(BaseSettings):
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
    desk: str = Field("", pattern="^(webhook|roundup|rt)?$")
    desk_routes: Path | None = None
    desk_patience: float = Field(20, ge=1, le=120)
    desk_poll: float = Field(60, ge=5, le=3600)
    follow_ups: bool = True
    public_url: str = ""
    directline_secret: SecretStr | None = None
    directory_url: str = ""
    directory_token: SecretStr | None = None
    directory_folder: Path = Path("deploy/sample-directory")
    directory_keep: float = Field(10, ge=0, le=300)
    directory_patience: float = Field(4, ge=0.5, le=30)
    directory_dns: str = "off"
    lync_url: str = ""
    lync_user: str = ""
    lync_password: SecretStr | None = None
    lync_auth: str = Field("negotiate", pattern="^(negotiate|kerberos|ntlm|basic)$")
    lync_ca: FilePath | None = None
    lync_timeout: int = Field(20, ge=1, le=300)
    admin_api_tokens: SecretStr | None = None
    admin_api_issuer: str = ""
    admin_api_audience: str = Field("", validate_default=True)
    admin_api_rate: int = Field(600, ge=1, le=1_000_000)
    outbound_allow: Networks = ()
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    webhook_url: str = Field("", repr=False)
    roundup_url: str = ""
    roundup_user: str = "assistant"
    roundup_password: SecretStr | None = Field(None, validate_default=True)
    roundup_events_secret: SecretStr | None = None
    rt_url: str = ""
    rt_token: SecretStr | None = Field(None, validate_default=True)
    rt_queue: str = "Helpdesk"
    rt_field: str = Field("ExternalId", pattern=r"^[\w -]+$")
    rt_events_secret: SecretStr | None = None
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

    @field_validator("directory_url", "lync_url", "roundup_url", "rt_url")
    @classmethod
    def _not_in_the_clear(cls, value: str) -> str:
        if value and (in_the_clear(URL(value)) or URL(value).query_string):
            raise ValueError("it is no https address, as in https://lync-admin.example.com")
        return value.rstrip("/")

    @field_validator("admin_api_issuer")
    @classmethod
    def _its_tokens_can_be_checked(cls, value: str) -> str:
        if value and (in_the_clear(URL(value)) or URL(value).query_string):
            raise ValueError("it is no https address, as in https://login.example.com")
        return value

    @field_validator("admin_api_audience")
    @classmethod
    def _for_the_issuers_tokens(cls, value: str, others: ValidationInfo) -> str:
        if bool(value.strip()) != bool(others.data.get("admin_api_issuer", value)):
            raise ValueError("an issuer's tokens need an audience, and the audience an issuer")
        return value

    @field_validator("directory_dns")
    @classmethod
    def _off_on_or_an_address(cls, value: str) -> str:
        if value not in {"off", "on"} and not is_address(value):
            raise ValueError("it is neither on nor off nor a nameserver's address, as in 127.0.0.1")
        return value

    @field_validator("admin_api_tokens")
    @classmethod
    def _named_tokens(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            tokens_by_name(value.get_secret_value())
        return value

    @field_validator("outbound_allow", mode="before")
    @classmethod
    def _listed_networks(cls, value: object) -> object:
        return listed(value) if isinstance(value, str) else value

    @field_validator("webhook_secret", "roundup_events_secret", "rt_events_secret")
    @classmethod
    def _can_sign(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            signing_secrets(value.get_secret_value())
        return value

    @field_validator("webhook_secret_file")
    @classmethod
    def _instead_of_the_secret(cls, value: Path | None, others: ValidationInfo) -> Path | None:
        if value and others.data.get("webhook_secret"):
            raise ValueError("ASSISTANT_WEBHOOK_SECRET is set as well; unset one of the two")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _signed_and_encrypted(cls, value: str, others: ValidationInfo) -> str:
        url, known = URL(value), others.data
        if value and (url.scheme not in {"https", "http"} or not url.host or url.fragment):
            raise ValueError("it is no https address, as in https://tickets.example.com/hook")
        if url.user or url.password:
            raise ValueError("leave the user and password out; what is sent is signed")
        # What is wrong itself is not known here, and is named already.
        allow = known.get("outbound_allow")
        if value and allow is not None and not _may_be_reached(url, allow):
            raise ValueError(
                "it is http or not public; use https, or list its network in "
                f"{PREFIX}OUTBOUND_ALLOW"
            )
        signed = known.get("webhook_secret", True) or known.get("webhook_secret_file", True)
        if value and not signed:
            raise ValueError("it needs ASSISTANT_WEBHOOK_SECRET or ASSISTANT_WEBHOOK_SECRET_FILE")
        return value

    @field_validator("directline_secret", "directory_token", "roundup_password", "rt_token")
    @classmethod
    def _not_empty(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().strip():
            raise ValueError("it is empty, and everybody would know it; unset it for the demo")
        return value

    @field_validator("roundup_password", "rt_token")
    @classmethod
    def _for_the_ticketing_system(
        cls, value: SecretStr | None, others: ValidationInfo
    ) -> SecretStr | None:
        address = f"{str(others.field_name).partition('_')[0]}_url"
        if value is None and others.data.get(address):
            raise ValueError(f"{PREFIX}{address.upper()} needs it")
        return value

    @property
    def has_directory(self) -> bool:
        """Whether there is somebody to ask: the sample's people are for the demo alone."""
        named = bool(self.directory_url) or "directory_folder" in self.model_fields_set
        return named or self.directline_secret is None

    @property
    def callers(self) -> dict[str, str]:
        """The callers of the admin API, with their tokens."""
        tokens = self.admin_api_tokens
        return tokens_by_name(tokens.get_secret_value()) if tokens else {}

    def read_webhook_secrets(self) -> tuple[str, ...]:
        """What signs webhooks, the current one first; none where there are none.

        Raises SettingsError where the file of ASSISTANT_WEBHOOK_SECRET_FILE is of no use.
        """
        file = self.webhook_secret_file
        if file is None:
            secret = self.webhook_secret
            return signing_secrets(secret.get_secret_value()) if secret else ()
        try:
            return signing_secrets(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise SettingsError(f"{PREFIX}WEBHOOK_SECRET_FILE ({file}): {why}.") from error

    def read_events_secrets(self) -> tuple[str, ...]:
        """What signs the events of the desk that is set; none where it tells us nothing.

        Raises SettingsError as `read_webhook_secrets` does.
        """
        if self.desk == "webhook":
            return self.read_webhook_secrets()
        own = {"roundup": self.roundup_events_secret, "rt": self.rt_events_secret}
        secret = own.get(self.desk)
        return signing_secrets(secret.get_secret_value()) if secret else ()

    @property
    def knows_callers(self) -> bool:
        """Whether callers of the admin API have to say who they are."""
        return bool(self.callers or self.admin_api_issuer)

    @property
    def address_rules(self) -> AddressRules:
        """The organisation's address rules."""
        return AddressRules(
            native_domains=self.native_domains,
            suffix=self.address_suffix,
            own_domains=self.sip_domains,
        )


def tokens_by_name(text: str) -> dict[str, str]:
    """Callers and their tokens, as in `bot=…,console=…`.

    Raises ValueError, whose text shows no token.
    """
    pairs = [pair.strip().partition("=") for pair in text.split(",")]
    tokens = {name.strip(): token for name, _, token in pairs}
    if len(tokens) < len(pairs) or not all(name.isidentifier() for name in tokens):
        raise ValueError("each caller needs a name of its own, as in bot=…,console=…")
    if any(len(token) < SHORTEST_TOKEN or not token.isascii() for token in tokens.values()):
        raise ValueError(f"each token needs at least {SHORTEST_TOKEN} characters, all ASCII")
    if len(set(tokens.values())) < len(tokens):
        raise ValueError("each caller needs a token of its own")
    return tokens


def _may_be_reached(url: URL, allow: tuple[Network, ...]) -> bool:
    """Whether an address can be right, as far as it says by itself where it leads."""
    clear = url.scheme == "http"
    if is_address(url.host or ""):
        return may_be_dialled(url.host or "", allow, only_listed=clear)
    return bool(allow) or not clear


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
