"""What an account check can come to, and the form of verdict.yaml: how each is mended."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import RootModel

from dialogs.document import Document, Problem
from dialogs.schema import Strict, suggest
from dialogs.sentences import naming


class Verdict(StrEnum):
    """Why somebody is not enabled, in one word; the words stand in the admin API's answers."""

    USER_NOT_FOUND = "user_not_found"
    USER_DISABLED = "user_disabled"
    USER_UNASSIGNED = "user_unassigned"
    USER_HOSTED_ONLINE = "user_hosted_online"
    ORG_FEDERATION_OFF = "org_federation_off"
    EDGE_DEFAULT_ROUTING = "edge_default_routing"
    POLICY_UNRESOLVED = "policy_unresolved"
    PIC_POLICY_OFF = "pic_policy_off"
    FEDERATION_POLICY_OFF = "federation_policy_off"
    PROVIDER_MISSING = "provider_missing"
    PROVIDER_DISABLED = "provider_disabled"
    DNS_SRV_INVALID = "dns_srv_invalid"
    MS_PROVISIONING = "ms_provisioning"
    AV_POLICY_OFF = "av_policy_off"
    TENANT_PUBLIC_OFF = "tenant_public_off"
    TENANT_PROVIDER_OFF = "tenant_provider_off"
    SERVICE_RETIRED = "service_retired"


class Fixed(Strict):
    """How one verdict is mended, and the topic that explains it.

    `check` names what was checked, `missing` tells the account's owner what is wrong, and `ask` is
    what they can send to whoever mends it. The sentence for a policy may name it and its scope:
    editing one for everybody is no small fix.
    """

    check: Annotated[str, naming()]
    missing: Annotated[str, naming()]
    ask: Annotated[str, naming()]
    fix: Annotated[str, naming("policy", "scope")]
    topic: str
    fix_site: Annotated[str, naming("policy", "scope")] = ""
    fix_global: Annotated[str, naming("policy", "scope")] = ""

    def sentence(self, scope: str) -> str:
        """The fix where a policy of this scope (`user`, `site`, `global`, or empty) governs."""
        return {"site": self.fix_site, "global": self.fix_global}.get(scope) or self.fix


class Fixes(RootModel[dict[str, Fixed]]):
    """verdict.yaml: how each verdict is mended."""


def problems(
    fixes: Mapping[str, Fixed], topics: Collection[str], document: Document
) -> Iterator[Problem]:
    """Verdicts without a fix, fixes without a verdict, and topics that are none."""
    for missing in sorted(set(Verdict) - fixes.keys()):
        yield document.problem((), f"“{missing}” is missing.", f"Add “{missing}:” with its fix.")
    for verdict, fixed in fixes.items():
        if verdict not in set(Verdict):
            what = f"“{verdict}” is not a verdict that is ever given."
            yield document.problem((verdict,), what, suggest(verdict, sorted(Verdict)))
        if fixed.topic not in topics:
            what = f"“{fixed.topic}” is not a topic."
            yield document.problem((verdict, "topic"), what, suggest(fixed.topic, sorted(topics)))
