"""The lync source: what a Lync server answers, as facts, and what it cannot tell."""

import asyncio
import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from psrpcore.types import ErrorCategory

from bot.directory.answer import Status
from bot.directory.facts import Account, Facts, Organisation, Policy, Provider
from bot.directory.lync import KEEP
from bot.directory.openapi import USER
from bot.directory.source import Known, Unreadable
from tests.bot.directory.conftest import Api, Start
from tests.bot.directory.deployments import ADDRESS
from tests.bot.directory.lync_deployment import (
    IDENTITY,
    POOL,
    deployment,
    not_found,
    policy,
    user,
)
from tests.bot.directory.lync_server import Error, Says, called, thing
from tests.fakes import NOON, Clock

DENIED = Says(errors=[Error()])
ALLOWED = Policy("Global", public=True, audio_video=True, federation=True)
ACCOUNT = Account(ADDRESS, enabled=True, pool=POOL, home="on premises", policy="PublicContacts")
ORGANISATION = Organisation(
    federation=True,
    default_routing=False,
    policies={"global": ALLOWED, "publiccontacts": replace(ALLOWED, identity="PublicContacts")},
    sites={POOL: "Redmond"},
    providers=(Provider("Skype", "federation.messenger.msn.com", enabled=True),),
)


class Seconds:
    """Stand still until they are moved on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


# --- a user ----------------------------------------------------------------------------------


async def test_a_user_is_read_with_all_that_holds_for_everybody(lync: Start) -> None:
    peer, source = lync()

    known = await source.user(ADDRESS)

    facts = Facts(ACCOUNT, found=True, organisation=ORGANISATION, today=NOON.date())
    assert known == Known(facts, "lync", NOON)
    assert peer.asked[0] == ("Get-CsUser", {"Identity": IDENTITY})
    assert all(not parameters for _, parameters in peer.asked[1:])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ExternalAccessPolicy": None}, {"policy": ""}),
        ({"ExternalAccessPolicy": "Tag:PublicContacts"}, {"policy": "PublicContacts"}),
        ({"ExternalAccessPolicy": thing(Name="PublicContacts")}, {"policy": "PublicContacts"}),
        ({"ExternalAccessPolicy": called("Microsoft.Rtc.Some")}, {"policy": None}),
        ({"ExternalAccessPolicy": 7}, {"policy": None}),
        ({"ExternalAccessPolicy": ["PublicContacts"]}, {"policy": None}),
        ({"ExternalAccessPolicy": ...}, {"policy": None}),
        ({"Enabled": False}, {"enabled": False}),
        ({"Enabled": None}, {"enabled": None}),
        ({"Enabled": 1}, {"enabled": None}),
        ({"Enabled": "maybe"}, {"enabled": None}),
        ({"Enabled": ...}, {"enabled": None}),
        ({"RegistrarPool": None}, {"pool": ""}),
        ({"RegistrarPool": POOL}, {"pool": POOL}),
        ({"RegistrarPool": True}, {"pool": None}),
        ({"HostingProvider": "sipfed.online.lync.com"}, {"home": "online"}),
        ({"HostingProvider": None}, {"home": None}),
        ({"HostingProvider": 3.5, "Enabled": b"\x01"}, {"home": None, "enabled": None}),
    ],
)
async def test_a_property_of_an_unexpected_type_is_unknown_and_takes_nothing_with_it(
    lync: Start, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    _, source = lync(deployment(CsUser=user(**changes)))

    assert await source.account(ADDRESS) == replace(ACCOUNT, **expected)


@pytest.mark.parametrize(
    "says",
    [
        Says(),
        user(SipAddress="sip:somebody.else@fabrikam.com"),
        user(SipAddress=None),
        user(SipAddress=...),
        Says([*user().objects, *user().objects]),
        Says(["lync.user@fabrikam.com"]),
        Says([None]),
    ],
)
async def test_an_answer_about_anybody_else_is_none(lync: Start, says: Says) -> None:
    _, source = lync(deployment(CsUser=says))

    with pytest.raises(Unreadable) as refused:
        await source.user(ADDRESS)

    assert str(refused.value) == "Get-CsUser did not answer about the one user who was asked for."


# --- nobody ----------------------------------------------------------------------------------

NOBODY = "nobody@fabrikam.com"


@pytest.mark.parametrize(
    "error",
    [
        not_found(),
        not_found(said="Texts may be translated."),
        not_found(category=ErrorCategory.InvalidData, about=""),
        not_found(category=ErrorCategory.NotSpecified, about="", ends=True),
    ],
)
async def test_the_error_that_names_who_was_asked_for_means_that_there_is_no_such_user(
    lync: Start, error: Error
) -> None:
    peer, source = lync(deployment(CsUser=Says(errors=[error])))

    known = await source.user(NOBODY)

    assert known == Known(Facts(Account(NOBODY), found=False, today=NOON.date()), "lync", NOON)
    assert peer.names() == ["Get-CsUser"]


@pytest.mark.parametrize(
    "says",
    [
        DENIED,
        Says(errors=[Error(ends=True)]),
        Says(errors=[not_found(about="dc1.fabrikam.com", said="A server was not found.")]),
        Says(errors=[not_found(about="sip:lync.user@fabrikam.com", said="")]),
        Says(errors=[not_found(about="", said="Management object not found.")]),
        Says(errors=[not_found(about="", kind="OtherException")]),
        Says(errors=[not_found(), Error()]),
        Says(user().objects, [not_found()]),
    ],
)
async def test_any_other_error_says_nothing_about_the_user(lync: Start, says: Says) -> None:
    _, source = lync(deployment(CsUser=says))

    with pytest.raises(Unreadable) as refused:
        await source.user(NOBODY)

    why = str(refused.value)
    assert why.startswith("Get-CsUser failed on the Lync server (category ")
    assert "fabrikam" not in why


async def test_a_role_without_get_csuser_makes_nobody_unknown_to_lync(lync: Start) -> None:
    _, source = lync({"Get-CsPool": Says()})

    with pytest.raises(Unreadable, match=r"^The service account's role has no Get-CsUser"):
        await source.user(ADDRESS)


@pytest.mark.parametrize("text", ["*", "*@fabrikam.com", "Lync.User@fabrikam.com", f" {ADDRESS}"])
async def test_only_a_strict_address_reaches_a_cmdlet(lync: Start, text: str) -> None:
    peer, source = lync()

    with pytest.raises(ValueError, match="strict"):
        await source.account(text)

    assert peer.asked == []


# --- everybody -------------------------------------------------------------------------------

TENANTS = {"CsTenantFederationConfiguration": Says([thing(AllowPublicUsers=True)])}


@pytest.mark.parametrize(
    ("noun", "unknown"),
    [
        ("CsAccessEdgeConfiguration", ["federation", "default_routing"]),
        ("CsExternalAccessPolicy", ["policies"]),
        ("CsPool", ["sites"]),
        ("CsPublicProvider", ["providers"]),
        ("CsTenantFederationConfiguration", ["tenant_public"]),
        ("CsTenantPublicProvider", ["tenant_provider"]),
    ],
)
@pytest.mark.parametrize("says", [DENIED, Says([thing(Other=1)]), Says(["a text"], [Error()])])
async def test_a_cmdlet_that_fails_leaves_its_facts_unknown_and_no_others(
    lync: Start, noun: str, unknown: list[str], says: Says
) -> None:
    live = Says([thing(DomainPICStatus=[thing(Provider="WindowsLive", Status="Enabled")])])
    whole = {**TENANTS, "CsTenantPublicProvider": live}
    _, source = lync(deployment(**{**whole, noun: says}))

    (known,) = await source.organisation()

    expected = replace(ORGANISATION, tenant_public=True, tenant_provider=True)
    assert known.facts.organisation == replace(expected, **dict.fromkeys(unknown))


async def test_missing_cmdlets_are_noted_once_and_for_nobody_to_worry(
    lync: Start, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = Seconds()
    peer, source = lync(deployment(CsPool=DENIED), seconds)

    with caplog.at_level(logging.DEBUG, "bot.directory.lync"):
        for _ in range(3):
            await source.everybody()
            seconds.now += KEEP

    noted = [(record.levelname, vars(record)["why"]) for record in caplog.records]
    why = (
        "The service account's role has no Get-CsTenantPublicProvider, or the deployment has none."
    )
    assert [level for level, _ in noted] == ["WARNING", "INFO", "INFO"]
    assert noted[2][1] == why
    assert "fabrikam" not in str(noted)
    assert peer.names().count("Get-CsPool") == 3


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ([thing(Provider="WindowsLive", Status="Enabled")], True),
        ([thing(Provider="Windows Live", Status=called("Disabled"))], False),
        ([thing(Provider="WindowsLive", Status=1)], None),
        ([], False),
        (["WindowsLive"], None),
        ("WindowsLive", None),
        (None, None),
    ],
)
async def test_the_public_providers_of_a_tenant(
    lync: Start, status: object, expected: bool | None
) -> None:
    tenant = Says([thing(DomainPICStatus=status)])
    _, source = lync(deployment(CsTenantPublicProvider=tenant))

    assert (await source.everybody()).organisation.tenant_provider is expected


async def test_an_answer_without_any_policy_is_none(lync: Start) -> None:
    _, source = lync(deployment(CsExternalAccessPolicy=Says()))

    assert (await source.everybody()).organisation.policies is None


async def test_a_policy_that_cannot_be_named_makes_all_of_them_unknown(lync: Start) -> None:
    unnamed = Says([policy(called("Global")), policy(called("Microsoft.Rtc.Some"))])
    _, source = lync(deployment(CsExternalAccessPolicy=unnamed))

    assert (await source.everybody()).organisation.policies is None


async def test_the_domains(lync: Start) -> None:
    names = Says([thing(Name="Fabrikam.com"), thing(Name="contoso.com")])
    _, source = lync(deployment(CsSipDomain=names))

    assert await source.sip_domains() == ("contoso.com", "fabrikam.com")


@pytest.mark.parametrize("says", [DENIED, Says(), Says([thing(Name=4)])])
async def test_domains_that_cannot_be_read(lync: Start, says: Says) -> None:
    _, source = lync(deployment(CsSipDomain=says))

    with pytest.raises(Unreadable, match=r"^Get-CsSipDomain failed"):
        await source.sip_domains()


async def test_answers_that_take_many_messages(lync: Start) -> None:
    many = [policy(called(f"Tag:Policy{number}")) for number in range(400)]
    long = policy(called("Global"), Description="ä" * 200_000)
    peer, source = lync(deployment(CsExternalAccessPolicy=Says([*many, long])))

    policies = (await source.everybody()).organisation.policies

    assert policies is not None
    assert len(policies) == 401
    assert policies["policy399"] == replace(ALLOWED, identity="Policy399")
    assert peer.received > 20


# --- kept, and read once for all -------------------------------------------------------------


async def test_many_questions_at_once_use_one_pool_and_read_once_what_holds_for_everybody(
    lync: Start,
) -> None:
    peer, source = lync()

    answers = await asyncio.gather(*(source.user(ADDRESS) for _ in range(40)))

    assert len(set(map(str, answers))) == 1
    assert len(peer.opened) == 1
    assert peer.names().count("Get-CsUser") == 40
    assert peer.names().count("Get-CsPool") == 1


async def test_what_holds_for_everybody_is_read_again_after_minutes(lync: Start) -> None:
    seconds = Seconds()
    peer, source = lync(seconds=seconds)
    await source.organisation()

    seconds.now += KEEP - 1
    await source.sip_domains()
    assert peer.names().count("Get-CsPool") == 1

    seconds.now += 1
    await source.sip_domains()
    assert peer.names().count("Get-CsPool") == 2


async def test_an_answer_is_as_old_as_the_oldest_fact_in_it(lync: Start) -> None:
    clock = Clock()
    _, source = lync(clock=clock)
    await source.organisation()

    clock.advance(minutes=4)

    assert (await source.user(ADDRESS)).as_of == NOON


async def test_a_reading_that_failed_is_not_kept(lync: Start) -> None:
    peer, source = lync()
    peer.breaks = 1
    with pytest.raises(Unreadable):
        await source.organisation()

    assert await source.organisation()


async def test_who_gives_up_does_not_take_the_reading_from_others(lync: Start) -> None:
    _, source = lync()
    hasty = asyncio.create_task(source.organisation())
    patient = asyncio.create_task(source.organisation())
    await asyncio.sleep(0)  # both have begun

    hasty.cancel()

    (known,) = await patient
    assert known.facts.organisation == ORGANISATION
    assert hasty.cancelled()


# --- over HTTP -------------------------------------------------------------------------------


async def asked(api: Api, source: object, sip: str) -> tuple[int, dict[str, Any]]:
    """What the admin API answers about a user."""
    http = await api(source)
    async with http.get(USER.replace("{sip}", sip)) as answer:
        return answer.status, await answer.json()


async def test_the_verdict_from_end_to_end(lync: Start, api: Api) -> None:
    _, source = lync()

    status, body = await asked(api, source, "sip:Lync.User@Fabrikam.com")

    assert (status, body["verdict"], body["pic_enabled"]) == (200, "enabled", True)
    assert (body["source"], body["age"]) == ("lync", 0)
    assert body["policy"] == {"identity": "PublicContacts", "scope": "user"}
    assert Status.model_validate_json(json.dumps(body))


@pytest.mark.parametrize(
    ("noun", "says", "verdict"),
    [
        ("CsUser", user(Enabled=False), "user_disabled"),
        ("CsUser", user(Enabled=2), "unknown"),
        ("CsUser", user(ExternalAccessPolicy="Missing"), "policy_unresolved"),
        ("CsUser", user(ExternalAccessPolicy=5), "unknown"),
        ("CsExternalAccessPolicy", DENIED, "unknown"),
        ("CsPublicProvider", Says(), "provider_missing"),
        ("CsPublicProvider", DENIED, "unknown"),
    ],
)
async def test_verdicts_on_a_deployment_in_which_something_is_amiss(
    lync: Start, api: Api, noun: str, says: Says, verdict: str
) -> None:
    _, source = lync(deployment(**{noun: says}))

    status, body = await asked(api, source, ADDRESS)

    assert (status, body["verdict"]) == (200, verdict)
    assert body["pic_enabled"] is (None if verdict == "unknown" else False)


async def test_nobody_is_404_and_a_server_that_refuses_is_503(lync: Start, api: Api) -> None:
    _, source = lync()
    _, refused = lync(deployment(CsUser=DENIED))

    status, body = await asked(api, source, NOBODY)
    assert (status, body["verdict"]) == (404, "user_not_found")

    status, body = await asked(api, refused, ADDRESS)
    assert status == 503
    assert body["detail"].startswith("Get-CsUser failed on the Lync server")
    assert ADDRESS not in str(body)


@pytest.mark.parametrize(
    "text",
    ["*", "*@fabrikam.com", "lync.*@fabrikam.com", "a'b@fabrikam.com", "$(calc)@fabrikam.com",
     "a;Remove-CsUser@fabrikam.com", "a|b@fabrikam.com", "a`n@fabrikam.com", "[a]@fabrikam.com",
     "a%00@fabrikam.com", "a%0d%0aGet-CsUser@fabrikam.com", "%E2%80%99@fabrikam.com", "Ken Myer"],
)  # fmt: skip
async def test_nothing_that_powershell_gives_a_meaning_to_reaches_it(
    lync: Start, api: Api, text: str
) -> None:
    peer, source = lync()

    status, _ = await asked(api, source, text)

    assert status == 400
    assert (peer.tried, peer.asked) == (0, [])
