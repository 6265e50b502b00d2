"""The rows of the decision table: what is asked of the facts, in order (fact base, section 2.2).

Each test answers True, False, or None where what it needs was not read. Unknown is never no: with
any fact taken away, a test answers as before or None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.directory.facts import Effective, Facts, Provider
from dialogs.verdicts import Verdict

Who = Literal["user", "lync_admin", "network", "microsoft"]
Answer = Literal["pic", "route", "service", ""]
Test = Callable[[Facts], bool | None]

PROXY = "federation.messenger.msn.com"
"""The address of the provider, whatever its name (provisioning guide, task 3)."""
RETIRED = date(2025, 5, 5)
"""The day on which Skype for consumers was closed."""


@dataclass(frozen=True, eq=False)
class Row:
    """One check: which answer it belongs to, what it says where it fails, who mends that.

    A `warning` is listed and makes no headline. There is one value of each row, so that it is told
    from others by what it is and not by what it holds: every check looks rows up.
    """

    id: str
    verdict: Verdict
    who: Who
    test: Test
    answer: Answer = "pic"
    warning: bool = False


def _found(facts: Facts) -> bool | None:
    return facts.found


def _enabled(facts: Facts) -> bool | None:
    return facts.account.enabled


def _pool(facts: Facts) -> bool | None:
    """An account that is homed online needs no pool of the server's."""
    if facts.account.home == "online" or facts.account.pool:
        return True
    return None if facts.account.pool is None or facts.account.home is None else False


def _home(facts: Facts) -> bool | None:
    """Whether the rows that decide for this home can be asked."""
    if facts.account.home == "online" and facts.organisation.tenant_unread:
        return None
    return None if facts.account.home is None else True


def _federation(facts: Facts) -> bool | None:
    return facts.organisation.federation


def _routing(facts: Facts) -> bool | None:
    default = facts.organisation.default_routing
    return None if default is None else not default


def _policy(facts: Facts) -> bool | None:
    found = facts.governing
    return None if found is None else isinstance(found, Effective)


def _public(facts: Facts) -> bool | None:
    found = facts.governing
    return found.policy.public if isinstance(found, Effective) else None


def _federated(facts: Facts) -> bool | None:
    found = facts.governing
    return found.policy.federation if isinstance(found, Effective) else None


def _audio_video(facts: Facts) -> bool | None:
    found = facts.governing
    return found.policy.audio_video if isinstance(found, Effective) else None


def _skype(facts: Facts) -> list[Provider]:
    return [p for p in facts.organisation.providers or () if (p.proxy or "").lower() == PROXY]


def _provider(facts: Facts) -> bool | None:
    providers = facts.organisation.providers
    if _skype(facts):
        return True
    return None if providers is None or any(p.proxy is None for p in providers) else False


def _provider_enabled(facts: Facts) -> bool | None:
    """One of several is enough; one whose address is not known might be it."""
    skype = _skype(facts)
    if any(provider.enabled for provider in skype):
        return True
    others = any(p.proxy is None and p.enabled is not False for p in _providers(facts))
    return None if not skype or others or any(p.enabled is None for p in skype) else False


def _providers(facts: Facts) -> tuple[Provider, ...]:
    return facts.organisation.providers or ()


def _route(facts: Facts) -> bool | None:
    """The record leads to a server directly under the domain (Dn440174: sip.contoso.com does,
    sip.it.contoso.com does not). Whether port 5061 is open is not to be seen from here."""
    if facts.account.home != "on premises":
        return None  # the documents tell of the server's own record only
    targets = (facts.organisation.routes or {}).get(facts.domain)
    if targets is None:
        return None
    return any(_directly_under(facts.domain, target) for target in targets)


def _directly_under(domain: str, target: str) -> bool:
    host, _, rest = target.lower().rstrip(".").partition(".")
    return bool(host) and rest == domain


def _activated(facts: Facts) -> bool | None:
    return (facts.organisation.activated or {}).get(facts.domain)


def _tenant_public(facts: Facts) -> bool | None:
    return facts.organisation.tenant_public


def _tenant_provider(facts: Facts) -> bool | None:
    return facts.organisation.tenant_provider


def _service(facts: Facts) -> bool | None:
    return None if facts.today is None else facts.today < RETIRED


FEDERATION = Row("federation", Verdict.ORG_FEDERATION_OFF, "lync_admin", _federation)
ROUTING = Row("edge_routing", Verdict.EDGE_DEFAULT_ROUTING, "lync_admin", _routing)
PROVIDER = Row("provider", Verdict.PROVIDER_MISSING, "lync_admin", _provider)
SWITCHED = Row("provider_enabled", Verdict.PROVIDER_DISABLED, "lync_admin", _provider_enabled)
TENANT = Row("tenant_public", Verdict.TENANT_PUBLIC_OFF, "lync_admin", _tenant_public)
LIVE = Row("tenant_provider", Verdict.TENANT_PROVIDER_OFF, "lync_admin", _tenant_provider)
POLICY = Row("policy", Verdict.POLICY_UNRESOLVED, "lync_admin", _policy)
PUBLIC = Row("public_access", Verdict.PIC_POLICY_OFF, "lync_admin", _public)
FEDERATED = Row(
    "federation_access", Verdict.FEDERATION_POLICY_OFF, "lync_admin", _federated, "", warning=True
)
ROUTE = Row("route", Verdict.DNS_SRV_INVALID, "network", _route, "route")
ACTIVATION = Row("activation", Verdict.MS_PROVISIONING, "microsoft", _activated, "route")
CALLS = Row("audio_video", Verdict.AV_POLICY_OFF, "lync_admin", _audio_video, "")
FOUND = Row("account", Verdict.USER_NOT_FOUND, "lync_admin", _found)
SERVICE = Row("service", Verdict.SERVICE_RETIRED, "microsoft", _service, "service", warning=True)

ACCOUNT = (
    FOUND,
    Row("enabled", Verdict.USER_DISABLED, "lync_admin", _enabled),
    Row("pool", Verdict.USER_UNASSIGNED, "lync_admin", _pool),
    Row("home", Verdict.USER_HOSTED_ONLINE, "lync_admin", _home),
)
ON_PREMISES = (
    FEDERATION, ROUTING, POLICY, PUBLIC, FEDERATED, PROVIDER, SWITCHED, ROUTE, ACTIVATION, CALLS,
)  # fmt: skip
ONLINE = (TENANT, LIVE, POLICY, PUBLIC, ROUTE, CALLS)
ORGANISATION = (FEDERATION, ROUTING, PROVIDER, SWITCHED, TENANT, LIVE)
"""The rows that can be asked without a user."""
