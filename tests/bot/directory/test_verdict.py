"""The whole decision table, and that unknown is never no."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import rows
from bot.directory.facts import Account, Effective, Facts, Organisation, Policy, Provider, effective
from bot.directory.rows import PROXY
from bot.directory.verdict import Judgement, judge, judge_organisation
from dialogs.verdicts import Verdict
from tests.bot.directory.deployments import (
    ADDRESS,
    AFTER,
    ALLOWS,
    BEFORE,
    DOMAIN,
    FORBIDS,
    ON_PREMISES,
    ONLINE,
    account,
    organisation,
)


def result(judged: Judgement, row: str) -> str:
    """What came of one check."""
    return next(check.result for check in judged.checks if check.row.id == row)


def answers(judged: Judgement) -> tuple[bool | None, bool | None, bool | None]:
    """The three answers."""
    return judged.pic_enabled, judged.route_ready, judged.service_available


# --- the table, row by row -------------------------------------------------------------------

MIXED = replace(ALLOWS, public=False)
FAILING: list[tuple[str, Facts, Verdict, tuple[bool | None, bool | None], str]] = [
    ("account", Facts(Account(ADDRESS), found=False, today=BEFORE), Verdict.USER_NOT_FOUND,
     (False, None), "lync_admin"),
    ("enabled", account(ON_PREMISES, enabled=False), Verdict.USER_DISABLED, (False, True),
     "lync_admin"),
    ("pool", account(ON_PREMISES, pool=""), Verdict.USER_UNASSIGNED, (False, True), "lync_admin"),
    ("federation", organisation(ON_PREMISES, federation=False), Verdict.ORG_FEDERATION_OFF,
     (False, True), "lync_admin"),
    ("edge_routing", organisation(ON_PREMISES, default_routing=True),
     Verdict.EDGE_DEFAULT_ROUTING, (False, True), "lync_admin"),
    ("policy", account(ON_PREMISES, policy="Removed"), Verdict.POLICY_UNRESOLVED, (False, True),
     "lync_admin"),
    ("policy", organisation(ON_PREMISES, policies={}), Verdict.POLICY_UNRESOLVED, (False, True),
     "lync_admin"),
    ("public_access", organisation(ON_PREMISES, policies={"global": MIXED}),
     Verdict.PIC_POLICY_OFF, (False, True), "lync_admin"),
    ("provider", organisation(ON_PREMISES, providers=()), Verdict.PROVIDER_MISSING, (False, True),
     "lync_admin"),
    ("provider", organisation(ON_PREMISES, providers=(Provider("AOL", "sip.oscar.aol.com", True),)),
     Verdict.PROVIDER_MISSING, (False, True), "lync_admin"),
    ("provider_enabled",
     organisation(ON_PREMISES, providers=(Provider("MSN", PROXY.upper(), enabled=False),)),
     Verdict.PROVIDER_DISABLED, (False, True), "lync_admin"),
    ("route", organisation(ON_PREMISES, routes={DOMAIN: ()}), Verdict.DNS_SRV_INVALID,
     (True, False), "network"),
    ("route", organisation(ON_PREMISES, routes={DOMAIN: ("sip.it.fabrikam.com",)}),
     Verdict.DNS_SRV_INVALID, (True, False), "network"),
    ("activation", organisation(ON_PREMISES, activated={DOMAIN: False}), Verdict.MS_PROVISIONING,
     (True, False), "microsoft"),
    ("audio_video",
     organisation(ON_PREMISES, policies={"global": replace(ALLOWS, audio_video=False)}),
     Verdict.AV_POLICY_OFF, (True, True), "lync_admin"),
    ("tenant_public", organisation(ONLINE, tenant_public=False), Verdict.TENANT_PUBLIC_OFF,
     (False, None), "lync_admin"),
    ("tenant_provider", organisation(ONLINE, tenant_provider=False), Verdict.TENANT_PROVIDER_OFF,
     (False, None), "lync_admin"),
    ("public_access", organisation(ONLINE, policies={"global": MIXED}), Verdict.PIC_POLICY_OFF,
     (False, None), "lync_admin"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "facts", "verdict", "expected", "who"), FAILING)
def test_each_row_fails_by_itself(
    row: str, facts: Facts, verdict: Verdict, expected: tuple[bool | None, bool | None], who: str
) -> None:
    judged = judge(facts)

    assert judged.verdict == verdict
    assert judged.headline
    assert (judged.headline.row.id, judged.headline.row.who) == (row, who)
    assert answers(judged) == (*expected, True)
    assert result(judged, row) == "fail"


def test_every_row_that_can_fail_is_tried() -> None:
    tried = {row for row, *_ in FAILING} | {"home", "federation_access", "service"}

    assert tried == {r.id for r in (*rows.ACCOUNT, *rows.ON_PREMISES, *rows.ONLINE, rows.SERVICE)}


def test_where_all_is_well_somebody_is_enabled() -> None:
    assert judge(ON_PREMISES).verdict == judge(ONLINE).verdict == "enabled"
    assert answers(judge(ON_PREMISES)) == (True, True, True)
    assert answers(judge(ONLINE)) == (True, None, True)
    assert {check.result for check in judge(ON_PREMISES).checks} == {"pass"}


def test_who_is_online_is_judged_by_the_tenant_alone() -> None:
    unread = judge(organisation(ONLINE, tenant_public=None, tenant_provider=None))

    assert judge(organisation(ONLINE, federation=False, providers=())).verdict == "enabled"
    assert unread.verdict == Verdict.USER_HOSTED_ONLINE
    assert answers(unread) == (None, None, True)


def test_a_servers_policies_say_nothing_of_who_is_online() -> None:
    unread = organisation(ONLINE, tenant_public=None, tenant_provider=None)
    judged = judge(organisation(unread, policies={"global": FORBIDS}))

    assert (judged.verdict, judged.governs) == (Verdict.USER_HOSTED_ONLINE, None)
    assert answers(judged) == (None, None, True)


def test_of_several_failures_the_first_is_the_headline_and_all_are_listed() -> None:
    judged = judge(organisation(account(ON_PREMISES, policy="Removed"), federation=False))

    assert judged.verdict == Verdict.ORG_FEDERATION_OFF
    assert [c.row.id for c in judged.checks if c.result == "fail"] == ["federation", "policy"]
    assert result(judged, "public_access") == "unknown"


def test_the_end_of_the_service_is_no_headline_and_changes_no_other_answer() -> None:
    judged = judge(replace(ON_PREMISES, today=AFTER))

    assert judged.verdict == "enabled"
    assert answers(judged) == (True, True, False)
    assert judge(replace(ON_PREMISES, today=None)).service_available is None


def test_a_policy_without_federation_is_a_warning_only() -> None:
    warned = replace(ALLOWS, federation=False)
    judged = judge(organisation(ON_PREMISES, policies={"global": warned}))

    assert result(judged, "federation_access") == "fail"
    assert (judged.verdict, judged.pic_enabled) == ("enabled", True)


def test_nothing_can_be_asked_of_an_account_whose_home_is_not_known() -> None:
    judged = judge(organisation(account(ON_PREMISES, home=None), federation=False))

    assert (judged.verdict, judged.pic_enabled) == ("unknown", None)


SWITCHES = [True, False, None]


def test_each_answer_is_what_its_rows_say() -> None:
    """Every combination of four switches: false where one fails, else null, else true."""
    for federation, routing, public, enabled in product(SWITCHES, repeat=4):
        policy = Policy("Global", public, audio_video=True, federation=True)
        facts = organisation(
            ON_PREMISES,
            federation=federation,
            default_routing=None if routing is None else not routing,
            policies={"global": policy},
            providers=(Provider("Skype", PROXY, enabled),),
        )
        judged = judge(facts)
        read = (federation, routing, public, enabled)
        expected = False if False in read else None if None in read else True
        assert judged.pic_enabled is expected
        results = {c.result for c in judged.checks if c.row.answer == "pic"}
        assert ("fail" in results) is (expected is False)


def test_an_organisation_is_judged_without_a_user() -> None:
    checks = judge_organisation(Facts(Account(""), organisation=ON_PREMISES.organisation))

    assert [(c.row.id, c.result) for c in checks] == [
        ("federation", "pass"),
        ("edge_routing", "pass"),
        ("provider", "pass"),
        ("provider_enabled", "pass"),
        ("tenant_public", "unknown"),
        ("tenant_provider", "unknown"),
        ("service", "unknown"),
    ]


# --- the policy that governs -----------------------------------------------------------------

SCOPES: Mapping[str, Policy] = {
    "global": Policy("Global"),
    "site:redmond": Policy("Site:Redmond"),
    "own": Policy("Own"),
}


@pytest.mark.parametrize(
    ("own", "policies", "scope"),
    [
        ("Own", {"global", "site:redmond", "own"}, "user"),
        ("", {"global", "site:redmond", "own"}, "site"),
        ("", {"global", "own"}, "global"),
        ("", {"site:redmond"}, "site"),
    ],
)
def test_the_users_policy_goes_before_the_sites_before_the_global_one(
    own: str, policies: set[str], scope: str
) -> None:
    known = {name: SCOPES[name] for name in policies}
    found = effective(organisation(account(ON_PREMISES, policy=own), policies=known))

    assert isinstance(found, Effective)
    assert found.scope == scope


@pytest.mark.parametrize(
    "facts",
    [
        organisation(ON_PREMISES, policies=None),
        account(ON_PREMISES, policy=None),
        organisation(ON_PREMISES, policies=SCOPES, sites=None),
        organisation(ON_PREMISES, policies=SCOPES, sites={"other": "Redmond"}),
        account(organisation(ON_PREMISES, policies=SCOPES), pool=None),
    ],
)
def test_which_policy_governs_may_be_unknown(facts: Facts) -> None:
    assert effective(facts) is None
    assert judge(facts).pic_enabled is None


def test_an_account_that_is_online_is_at_no_site() -> None:
    found = effective(organisation(ONLINE, policies=SCOPES))

    assert isinstance(found, Effective)
    assert found.scope == "global"


# --- unknown is never no ---------------------------------------------------------------------

FLAG = st.sampled_from([True, True, False, None])
POLICY = st.sampled_from([ALLOWS, ALLOWS, FORBIDS]) | st.builds(
    Policy, st.just("Some"), FLAG, FLAG, FLAG
)
PROVIDER = st.builds(
    Provider, st.just("Skype"), st.sampled_from([PROXY, PROXY, "sip.oscar.aol.com", None]), FLAG
)
TARGETS = st.lists(st.sampled_from(["sip.fabrikam.com", "sip.it.fabrikam.com"]), max_size=2)
ORGANISATION = st.builds(
    Organisation,
    federation=FLAG,
    default_routing=st.sampled_from([False, False, True, None]),
    policies=st.none() | st.dictionaries(st.sampled_from(sorted(SCOPES)), POLICY),
    sites=st.none() | st.just({"pool": "Redmond"}) | st.just({"pool": "Munich"}),
    providers=st.none() | st.lists(PROVIDER, max_size=3).map(tuple),
    routes=st.none() | st.dictionaries(st.just(DOMAIN), st.none() | TARGETS.map(tuple)),
    activated=st.none() | st.dictionaries(st.just(DOMAIN), FLAG),
    tenant_public=FLAG,
    tenant_provider=FLAG,
)
ACCOUNT = st.builds(
    Account,
    st.just(ADDRESS),
    FLAG,
    st.sampled_from(["pool", "pool", "elsewhere", "", None]),
    st.sampled_from(["on premises", "on premises", "online", None]),
    st.sampled_from(["", "", "Own", "Removed", None]),
)
FACTS = st.builds(
    Facts,
    ACCOUNT,
    found=st.sampled_from([True, True, True, False, None]),
    organisation=ORGANISATION,
    today=st.sampled_from([BEFORE, AFTER, None]),
)
NAMES = {"address", "identity"}


def without_one(value: Any) -> Iterator[Any]:
    """The same value as often as it holds facts, each time with another one unknown."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in NAMES:
                inner = getattr(value, field.name)
                yield from (replace(value, **{field.name: less}) for less in taken(inner))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: less} for less in taken(inner))
    elif isinstance(value, tuple):
        for i, inner in enumerate(value):
            yield from ((*value[:i], less, *value[i + 1 :]) for less in without_one(inner))


def taken(inner: Any) -> Iterator[Any]:
    """A field's value with less in it, or none."""
    yield from without_one(inner)
    if not isinstance(inner, Account | Organisation | Policy):
        yield None


@given(FACTS)
def test_a_fact_taken_away_makes_nobody_enabled_and_nobody_disabled(facts: Facts) -> None:
    before = answers(judge(facts))
    for less in without_one(facts):
        for was, now in zip(before, answers(judge(less)), strict=True):
            assert now is None or now is was, less


@given(FACTS)
def test_a_fact_taken_away_never_lets_a_check_fail_that_did_not(facts: Facts) -> None:
    before = {check.row.id: check.result for check in judge(facts).checks}
    for less in without_one(facts):
        for check in judge(less).checks:
            assert check.result in {"unknown", before.get(check.row.id, "unknown")}, less


def test_taking_away_reaches_every_fact() -> None:
    less = list(without_one(ON_PREMISES))

    assert replace(ON_PREMISES, found=None) in less
    assert account(ON_PREMISES, home=None) in less
    assert organisation(ON_PREMISES, policies={"global": replace(ALLOWS, public=None)}) in less
    assert organisation(ON_PREMISES, routes={DOMAIN: None}) in less
    assert organisation(ON_PREMISES, providers=(Provider("Skype", None, True),)) in less
    assert len(less) >= 18
