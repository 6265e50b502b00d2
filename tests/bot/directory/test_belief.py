"""An answer is believed where it follows from the checks that it carries."""

import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.directory import answer, belief
from bot.directory.answer import CheckShown, Status, Unanswered
from bot.directory.belief import ROWS, contradiction
from bot.directory.facts import Facts
from bot.directory.source import Known
from bot.directory.verdict import Result
from tests.bot.directory.conftest import FIXES
from tests.bot.directory.deployments import (
    ADDRESS,
    AFTER,
    FORBIDS,
    ON_PREMISES,
    ONLINE,
    account,
    organisation,
)
from tests.bot.directory.test_verdict import FACTS
from tests.fakes import NOON

RESULTS: tuple[Result, ...] = ("pass", "fail", "unknown")
ENABLED = replace(ON_PREMISES, today=AFTER)


def status(facts: Facts) -> Status:
    """What the admin API says of these facts."""
    return answer.status(Known(facts, "test", NOON), FIXES, NOON)


def told(facts: Facts, **otherwise: object) -> bytes:
    """The same as JSON, parts of it told otherwise."""
    return json.dumps(status(facts).model_dump(mode="json") | otherwise).encode()


def with_result(told: Status, check: str, result: Result) -> Status:
    """The same, one check come out otherwise."""
    checks = (c.model_copy(update={"result": result}) if c.id == check else c for c in told.checks)
    return told.model_copy(update={"checks": tuple(checks)})


def strange(result: Result) -> CheckShown:
    """A check that we do not know."""
    return CheckShown(id="firewall", result=result, fix="", topic="", who="network")


@given(FACTS)
def test_whatever_the_facts_are_an_honest_answer_is_believed(facts: Facts) -> None:
    assert contradiction(status(facts)) == ""


@given(FACTS, st.sampled_from(RESULTS), st.booleans())
def test_checks_that_we_do_not_know_change_nothing(
    facts: Facts, result: Result, first: bool
) -> None:
    honest = status(facts)
    more = (strange(result), *honest.checks) if first else (*honest.checks, strange(result))

    assert contradiction(honest.model_copy(update={"checks": more})) == ""


@given(FACTS, st.sampled_from([True, False, None]))
def test_no_other_answer_is_believed(facts: Facts, lie: bool | None) -> None:
    honest = status(facts)
    for name in ("pic_enabled", "route_ready", "service_available"):
        if getattr(honest, name) is not lie:
            assert contradiction(honest.model_copy(update={name: lie})) == name


@given(FACTS, st.sampled_from([*sorted({str(r.verdict) for r in ROWS.values()}), "enabled", "?"]))
def test_no_other_verdict_is_believed(facts: Facts, lie: str) -> None:
    honest = status(facts)
    assume(lie not in {honest.verdict, "user_hosted_online"})

    assert contradiction(honest.model_copy(update={"verdict": lie})) == "verdict"


@pytest.mark.parametrize("facts", [ENABLED, ONLINE])
def test_nobody_is_enabled_where_a_check_for_it_did_not_pass_or_is_left_out(facts: Facts) -> None:
    honest = status(facts)
    assert honest.pic_enabled
    for check in honest.checks:
        if ROWS[check.id].answer == "pic":
            for result in ("fail", "unknown"):
                assert contradiction(with_result(honest, check.id, result)) == "pic_enabled"
            less = tuple(one for one in honest.checks if one is not check)
            assert contradiction(honest.model_copy(update={"checks": less})) == "pic_enabled"
    assert contradiction(honest.model_copy(update={"checks": ()})) == "pic_enabled"


def test_a_check_that_is_told_twice_counts_twice() -> None:
    honest = status(ENABLED)
    failed = with_result(honest, "public_access", "fail").checks
    twice = honest.model_copy(update={"checks": (*honest.checks, *failed)})

    assert contradiction(twice) == "pic_enabled"


def test_a_server_with_more_checks_than_ours_may_say_no() -> None:
    honest = status(ENABLED)
    more = {"checks": (*honest.checks, strange("fail")), "pic_enabled": False, "verdict": "unknown"}

    assert contradiction(honest.model_copy(update=more)) == ""


def test_who_can_mend_it_is_who_can() -> None:
    facts = account(ENABLED, enabled=False)

    assert contradiction(status(facts).model_copy(update={"who": "user"})) == "verdict"


@pytest.mark.parametrize(
    ("http", "body", "why"),
    [
        (200, b"<html>", "wrong form"),
        (200, b"{}", "wrong form"),
        (200, b"[" * 100_000, "wrong form"),
        (200, b'{"sip_domains": ["fabrikam.com"]}', "wrong form"),
        (200, told(ENABLED, pic_enabled="yes"), "wrong form"),
        (200, told(ENABLED, pic_enabled=1), "wrong form"),
        (200, told(ENABLED, checked_at=None), "wrong form"),
        (200, told(ENABLED, address="agent@fabrikam.com"), "somebody else"),
        (200, told(ENABLED, verdict="fine"), "contradicts itself: verdict"),
        (200, told(organisation(ENABLED, policies={"global": FORBIDS}), pic_enabled=True),
         "contradicts itself: pic_enabled"),
        (404, b"Not Found", "wrong form"),
        (404, b'{"type":"about:blank","title":"Not Found","status":404}', "know the path"),
        (404, b'{"type":"about:blank","title":"?","status":404,"verdict":"x"}', "know the path"),
    ],
)  # fmt: skip
def test_what_cannot_be_believed_is_no_answer(http: int, body: bytes, why: str) -> None:
    with pytest.raises(Unanswered, match=why) as unanswered:
        belief.user(http, body, ADDRESS)

    assert "@" not in str(unanswered.value)


def test_domains_are_believed_in_their_form_only() -> None:
    assert belief.sip_domains(200, b'{"sip_domains": ["fabrikam.com"]}') == ("fabrikam.com",)
    with pytest.raises(Unanswered, match="wrong form"):
        belief.sip_domains(200, b'{"sip_domains": "fabrikam.com"}')
    with pytest.raises(Unanswered, match="know the path"):
        belief.sip_domains(404, b"")
