"""What was read of a user and of their organisation: frozen values, each of which may be unknown.

None always means that something could not be read. The names follow the properties of the Get-Cs*
cmdlets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

Home = Literal["on premises", "online"]
Scope = Literal["user", "site", "global"]

GLOBAL = "global"
SITE = "site:"
WINDOWS_LIVE = "windowslive"
RECORD = "_sipfederationtls._tcp."
"""What the name of a domain's federation record begins with."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user, as Get-CsUser tells of them.

    `pool` is empty where they have none; `policy` names their own external access policy, and is
    empty where a site's or the global one governs.
    """

    address: str
    enabled: bool | None = None
    pool: str | None = None
    home: Home | None = None
    policy: str | None = None


@dataclass(frozen=True)
class Policy:
    """An external access policy (Get-CsExternalAccessPolicy)."""

    identity: str
    public: bool | None = None
    audio_video: bool | None = None
    federation: bool | None = None


@dataclass(frozen=True)
class Provider:
    """A public provider (Get-CsPublicProvider)."""

    identity: str
    proxy: str | None = None
    enabled: bool | None = None


@dataclass(frozen=True)
class Organisation:
    """What holds for everybody in one deployment.

    `policies` has them by name in lower case (`global`, `site:redmond`, a user policy's without
    its tag), `sites` the site of each pool, `routes` the targets of each domain's
    `_sipfederationtls._tcp` record (none: there is no record), `activated` whether Microsoft has
    activated each domain, which nothing that we read can tell.
    """

    federation: bool | None = None
    default_routing: bool | None = None
    policies: Mapping[str, Policy] | None = None
    sites: Mapping[str, str | None] | None = None
    providers: tuple[Provider, ...] | None = None
    routes: Mapping[str, tuple[str, ...] | None] | None = None
    activated: Mapping[str, bool | None] | None = None
    tenant_public: bool | None = None
    tenant_provider: bool | None = None

    @property
    def tenant_unread(self) -> bool:
        """Whether nothing of the tenant is known, by which accounts homed online are governed."""
        return self.tenant_public is None and self.tenant_provider is None


@dataclass(frozen=True)
class Facts:
    """All that a verdict stands on. `today` is the day of the question, by the clock of who asks.

    `found` says whether there is such an account; without one, `account` holds nothing.
    """

    account: Account
    found: bool | None = None
    organisation: Organisation = field(default_factory=Organisation)
    today: date | None = None

    @property
    def domain(self) -> str:
        """The SIP domain of the account, as it is compared."""
        return self.account.address.rpartition("@")[2].lower()

    @cached_property
    def governing(self) -> "Effective | Literal['none'] | None":
        """What `effective` finds; several rows ask for it."""
        return effective(self)


@dataclass(frozen=True)
class Effective:
    """The policy that governs an account, and where it comes from."""

    policy: Policy
    scope: Scope


def effective(facts: Facts) -> Effective | Literal["none"] | None:
    """The policy that governs: the user's before the site's before the global one.

    None where that is not known, `none` where there is no such policy. (Gg520946; Lync Server 2010
    has no Get-CsEffectivePolicy, so the rule is followed here for every version.)
    """
    policies = facts.organisation.policies
    if policies is None or facts.account.policy is None:
        return None
    if facts.account.home == "online" and facts.organisation.tenant_unread:
        return None  # the policies are a server's, which governs nobody who is homed online
    if facts.account.policy:
        named = policies.get(facts.account.policy.lower())
        return Effective(named, "user") if named else "none"
    if any(name.startswith(SITE) for name in policies):
        site = _site(facts)
        if site is None:
            return None
        if policy := policies.get(SITE + site.lower()):
            return Effective(policy, "site")
    governing = policies.get(GLOBAL)
    return Effective(governing, "global") if governing else "none"


def _site(facts: Facts) -> str | None:
    """The site of the account's pool; None: not known. An account that is online has none."""
    if facts.account.home == "online":
        return ""
    if facts.account.home is None or facts.account.pool is None:
        return None
    return (facts.organisation.sites or {}).get(facts.account.pool.lower())
