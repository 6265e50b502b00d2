"""The settings for ticketing systems."""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator
from rapidfuzz import process
from yarl import URL

from bot.environment import (
    PREFIX,
    Networks,
    RequestTrackerAddress,
    Secret,
    SettingsError,
    TrackerAddress,
)
from bot.networks import Network, listed, may_be_dialled
from bot.signing import signing_secrets
from bot.web import is_address

DESKS = ("webhook", "roundup", "rt")


class DeskSettings(BaseModel):
    """Where cases go, and what is known of each desk."""

    desk: str = ""
    desk_routes: Path | None = None
    desk_patience: float = Field(20, ge=1, le=120)
    desk_parallel: int = Field(4, ge=1, le=100)
    desk_links: bool = True
    desk_poll: float = Field(60, ge=5, le=3600)
    outbound_allow: Networks = ()
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    webhook_url: str = Field("", repr=False)
    roundup_url: TrackerAddress = ""
    roundup_user: str = "assistant"
    roundup_password: Secret = Field(None, validate_default=True)
    roundup_events_secret: SecretStr | None = None
    rt_url: RequestTrackerAddress = ""
    rt_token: Secret = Field(None, validate_default=True)
    rt_queue: str = "Helpdesk"
    rt_field: str = Field("ExternalId", pattern=r"^[\w -]+$")
    rt_events_secret: SecretStr | None = None

    @field_validator("desk")
    @classmethod
    def _known_desk(cls, value: str) -> str:
        if value and value not in DESKS:
            meant = process.extractOne(value, DESKS, score_cutoff=70)
            asked = f"did you mean {meant[0]}? There" if meant else "there"
            raise ValueError(f"{asked} are {', '.join(DESKS)}")
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

    @field_validator("roundup_password", "rt_token")
    @classmethod
    def _for_the_ticketing_system(
        cls, value: SecretStr | None, others: ValidationInfo
    ) -> SecretStr | None:
        address = f"{str(others.field_name).partition('_')[0]}_url"
        if value is None and others.data.get(address):
            raise ValueError(f"{PREFIX}{address.upper()} needs it")
        return value

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


def _may_be_reached(url: URL, allow: tuple[Network, ...]) -> bool:
    """Whether an address can be right, as far as it says by itself where it leads."""
    clear = url.scheme == "http"
    if is_address(url.host or ""):
        return may_be_dialled(url.host or "", allow, only_listed=clear)
    return bool(allow) or not clear
