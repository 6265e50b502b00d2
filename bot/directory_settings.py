"""The settings for finding out whether somebody is enabled, and for the admin API."""

from pathlib import Path

from pydantic import BaseModel, Field, FilePath, SecretStr, ValidationInfo, field_validator
from yarl import URL

from bot.environment import Address, Secret
from bot.web import in_the_clear, is_address

SHORTEST_TOKEN = 20
"""Characters of a token, so that it cannot be guessed."""


class DirectorySettings(BaseModel):
    """Who is asked, and who may ask the admin API."""

    directory_url: Address = ""
    directory_token: Secret = None
    directory_folder: Path = Path("deploy/sample-directory")
    directory_keep: float = Field(10, ge=0, le=300)
    directory_patience: float = Field(4, ge=0.5, le=30)
    directory_dns: str = "off"
    lync_url: Address = ""
    lync_user: str = ""
    lync_password: SecretStr | None = None
    lync_auth: str = Field("negotiate", pattern="^(negotiate|kerberos|ntlm|basic)$")
    lync_ca: FilePath | None = None
    lync_timeout: int = Field(20, ge=1, le=300)
    admin_api_tokens: SecretStr | None = None
    admin_api_issuer: str = ""
    admin_api_audience: str = Field("", validate_default=True)
    admin_api_rate: int = Field(600, ge=1, le=1_000_000)

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

    @property
    def callers(self) -> dict[str, str]:
        """The callers of the admin API, with their tokens."""
        tokens = self.admin_api_tokens
        return tokens_by_name(tokens.get_secret_value()) if tokens else {}

    @property
    def knows_callers(self) -> bool:
        """Whether callers of the admin API have to say who they are."""
        return bool(self.callers or self.admin_api_issuer)


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
