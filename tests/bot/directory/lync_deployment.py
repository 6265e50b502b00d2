"""What a Lync deployment answers in which all is well, for tests to change a part of."""

from collections.abc import Mapping
from typing import Any

from psrpcore.types import ErrorCategory

from tests.bot.directory.deployments import ADDRESS
from tests.bot.directory.lync_server import Answers, Error, Says, called, thing

IDENTITY = f"sip:{ADDRESS}"
POOL = "pool.fabrikam.com"


def user(**changes: Any) -> Says:
    """Get-CsUser about the one user whom there is."""
    whole: dict[str, Any] = {
        "SipAddress": "sip:Lync.User@fabrikam.com",
        "Enabled": True,
        "RegistrarPool": called(POOL, "Microsoft.Rtc.Management.Deploy.Fqdn"),
        "HostingProvider": "SRV:",
        "ExternalAccessPolicy": called("PublicContacts"),
    }
    kept = {name: value for name, value in {**whole, **changes}.items() if value is not ...}
    return Says([thing("Microsoft.Rtc.Management.ADConnect.Schema.OCSADUser", **kept)])


def policy(identity: object, **changes: Any) -> object:
    """An external access policy that allows everything."""
    allowed = {
        "EnableFederationAccess": True,
        "EnablePublicCloudAccess": True,
        "EnablePublicCloudAudioVideoAccess": True,
    }
    return thing(Identity=identity, **{**allowed, **changes})


def not_found(**changes: Any) -> Error:
    """What the cmdlets say of a user whom there is not."""
    whole: dict[str, Any] = {
        "category": ErrorCategory.ObjectNotFound,
        "kind": "ManagementException",
        "id": "ManagementObjectNotFound,Microsoft.Rtc.Management.Some",
        "about": "sip:nobody@fabrikam.com",
        "said": 'Management object not found for identity "sip:nobody@fabrikam.com".',
    }
    return Error(**{**whole, **changes})


def _users(parameters: Mapping[str, object]) -> Says:
    if parameters == {"Identity": IDENTITY}:
        return user()
    said = f'Management object not found for identity "{parameters["Identity"]}".'
    return Says(errors=[not_found(about=str(parameters["Identity"]), said=said)])


def deployment(**changes: Says) -> Answers:
    """Everything that a server on premises answers; changes by the cmdlet's noun, as in CsUser."""
    whole: Answers = {
        "Get-CsUser": _users,
        "Get-CsExternalAccessPolicy": Says(
            [policy(called("Global")), policy(called("Tag:PublicContacts"))]
        ),
        "Get-CsPool": Says([thing(Identity=called(POOL), Site=called("Site:Redmond"))]),
        "Get-CsAccessEdgeConfiguration": Says(
            [thing(AllowFederatedUsers=True, RoutingMethod=called("UseDnsSrvRouting"))]
        ),
        "Get-CsPublicProvider": Says(
            [
                thing(
                    Identity=called("Skype"),
                    ProxyFqdn=called("federation.messenger.msn.com"),
                    Enabled=True,
                )
            ]
        ),
        "Get-CsSipDomain": Says([thing(Name="Fabrikam.com", IsDefault=True)]),
    }
    return {**whole, **{f"Get-{noun}": says for noun, says in changes.items()}}
