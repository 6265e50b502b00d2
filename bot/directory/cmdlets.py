"""What the objects of the Get-Cs* cmdlets say, as facts: the same for every source."""

from collections.abc import Iterable, Mapping
from sys import intern
from types import MappingProxyType

from bot.directory import forms
from bot.directory.facts import WINDOWS_LIVE, Account, Home, Organisation, Policy, Provider
from bot.directory.forms import Rows

USERS = "Get-CsUser"
POLICIES = "Get-CsExternalAccessPolicy"
POOLS = "Get-CsPool"
EDGE = "Get-CsAccessEdgeConfiguration"
PROVIDERS = "Get-CsPublicProvider"
DOMAINS = "Get-CsSipDomain"
TENANT = "Get-CsTenantFederationConfiguration"
TENANT_PROVIDERS = "Get-CsTenantPublicProvider"
FOR_EVERYBODY = (EDGE, POLICIES, POOLS, PROVIDERS, TENANT, TENANT_PROVIDERS)
"""The cmdlets behind what holds for everybody."""

HOMES: Mapping[str, Home] = MappingProxyType(
    {"srv:": "on premises", "sipfed.online.lync.com": "online"}
)
"""What Get-CsUser's HostingProvider says of where an account is homed."""


def account(row: forms.UserRow) -> Account:
    """An account; pools and policies are shared, since many thousands have the same ones."""
    home = None if row.hosting_provider is None else HOMES.get(row.hosting_provider.lower())
    pool = None if row.registrar_pool is None else intern(row.registrar_pool)
    policy = row.external_access_policy
    named = None if policy is None else intern(_bare(policy))
    return Account(row.sip_address, row.enabled, pool, home, named)


def organisation(of: Rows) -> Organisation:
    """What holds for everybody, but for the records in DNS."""
    edge, tenant = of(EDGE, forms.EdgeRow), of(TENANT, forms.TenantRow)
    return Organisation(
        federation=edge[0].allow_federated_users if edge else None,
        default_routing=_default_routing(edge[0]) if edge else None,
        policies=_policies(of(POLICIES, forms.PolicyRow)),
        sites=_sites(of(POOLS, forms.PoolRow)),
        providers=_providers(of(PROVIDERS, forms.ProviderRow)),
        tenant_public=tenant[0].allow_public_users if tenant else None,
        tenant_provider=_tenant_provider(of(TENANT_PROVIDERS, forms.TenantProviderRow)),
    )


def domains(rows: Iterable[forms.DomainRow]) -> frozenset[str]:
    """The SIP domains, as they are compared."""
    return frozenset(row.name.lower() for row in rows)


def _policies(rows: list[forms.PolicyRow] | None) -> Mapping[str, Policy] | None:
    """The policies by name, without the tag that marks a user policy.

    There is always a global one, so an answer without any policy is none.
    """
    return {_bare(row.identity).lower(): _policy(row) for row in rows or ()} or None


def _policy(row: forms.PolicyRow) -> Policy:
    return Policy(
        _bare(row.identity),
        row.enable_public_cloud_access,
        row.enable_public_cloud_audio_video_access,
        row.enable_federation_access,
    )


def _sites(rows: list[forms.PoolRow] | None) -> Mapping[str, str | None] | None:
    """The site of each pool."""
    return None if rows is None else {row.identity.lower(): _site(row.site) for row in rows}


def _providers(rows: list[forms.ProviderRow] | None) -> tuple[Provider, ...] | None:
    """The public providers; a proxy that is empty is not known."""
    if rows is None:
        return None
    return tuple(Provider(row.identity, row.proxy_fqdn or None, row.enabled) for row in rows)


def _tenant_provider(rows: list[forms.TenantProviderRow] | None) -> bool | None:
    """Whether the tenant has Windows Live among its public providers, and switched on."""
    if rows is None:
        return None
    live = [(row.status or "").lower() for row in rows if _is_live(row.provider)]
    return None if "" in live else "enabled" in live


def _bare(identity: str) -> str:
    """A user policy's name: its identity is `Tag:Name`, and Get-CsUser says `Name`."""
    return identity[len("tag:") :] if identity.lower().startswith("tag:") else identity


def _site(text: str | None) -> str | None:
    named = text or ""
    return (named[len("site:") :] if named.lower().startswith("site:") else named) or None


def _default_routing(row: forms.EdgeRow) -> bool | None:
    method = (row.routing_method or "").lower()
    return {"usednssrvrouting": False, "usedefaultrouting": True}.get(method)


def _is_live(provider: str) -> bool:
    return provider.lower().replace(" ", "") == WINDOWS_LIVE
