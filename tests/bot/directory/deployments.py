"""Facts in which all is well, for tests to change one of, on premises and online."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.directory.facts import Account, Facts, Organisation, Policy, Provider
from bot.directory.rows import PROXY, RETIRED

ADDRESS = "lync.user@fabrikam.com"
DOMAIN = "fabrikam.com"
BEFORE, AFTER = date(2025, 5, 4), RETIRED

ALLOWS = Policy("Everything", public=True, audio_video=True, federation=True)
FORBIDS = Policy("Nothing", public=False, audio_video=False, federation=False)

ON_PREMISES = Facts(
    Account(ADDRESS, enabled=True, pool="pool.fabrikam.com", home="on premises", policy=""),
    found=True,
    organisation=Organisation(
        federation=True,
        default_routing=False,
        policies={"global": ALLOWS},
        sites={"pool.fabrikam.com": "Redmond"},
        providers=(Provider("Skype", PROXY, enabled=True),),
        routes={DOMAIN: ("sip.fabrikam.com",)},
        activated={DOMAIN: True},
    ),
    today=BEFORE,
)
ONLINE = Facts(
    Account(ADDRESS, enabled=True, pool="", home="online", policy=""),
    found=True,
    organisation=Organisation(
        policies={"global": ALLOWS}, tenant_public=True, tenant_provider=True
    ),
    today=BEFORE,
)


def account(facts: Facts, **changes: Any) -> Facts:
    """The same, the account changed."""
    return replace(facts, account=replace(facts.account, **changes))


def organisation(facts: Facts, **changes: Any) -> Facts:
    """The same, the organisation changed."""
    return replace(facts, organisation=replace(facts.organisation, **changes))
