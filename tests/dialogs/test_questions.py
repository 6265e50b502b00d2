"""Everything a procedure can find out, and what its sentences can name."""

import pytest

from dialogs.addresses import convert, revert
from dialogs.library import load
from dialogs.model import Finding, Found, Person, PicStatus
from dialogs.questions import QUESTIONS, VALUES, Facts, reason, values
from tests.dialogs.talks import ROOT, RULES

LIBRARY = load(ROOT / "knowledge")


def facts(address: str = "lync.user@fabrikam.com", found: Found | None = None) -> Facts:
    person = Person("lync.user@fabrikam.com", address=address)
    return Facts(person, RULES, LIBRARY.reasons, found or {})


@pytest.mark.parametrize(
    ("question", "given", "outcome"),
    [
        ("lync address", "bob@contoso.com", "converted"),
        ("lync address", "bob@live.com", "ordinary"),
        ("lync address", "bob(contoso.com)@msn.com", "already"),
        ("lync address", "ted@fabrikam.com", "own domain"),
        ("lync address", "kept from before, and refused now", "ordinary"),
        ("lync address of a microsoft account", "ted@fabrikam.com", "converted"),
        ("lync address of a microsoft account", "bob@live.com", "ordinary"),
        ("lync address of a microsoft account", "bob(contoso.com)@msn.com", "already"),
        ("kind of sip address", "bob@contoso.com", "lync"),
        ("kind of sip address", "bob@outlook.com", "microsoft account"),
        ("kind of sip address", "bob(contoso.com)@msn.com", "converted form"),
    ],
)
def test_an_address_is_judged(question: str, given: str, outcome: str) -> None:
    asked = QUESTIONS[question]
    assert asked.decide(facts(), {asked.reads: given}) == outcome
    assert outcome in asked.outcomes


def test_whether_someone_is_enabled_is_a_wish_until_it_is_found() -> None:
    asked = QUESTIONS["am I enabled for skype contacts"]
    want = PicStatus("lync.user@fabrikam.com")
    assert asked.decide(facts(), {}) == want
    for outcome in asked.outcomes:
        assert asked.decide(facts(found={want: Finding(outcome)}), {}) == outcome


def test_nothing_is_wished_for_somebody_whose_address_is_not_known() -> None:
    asked = QUESTIONS["am I enabled for skype contacts"]
    assert asked.decide(facts(address=""), {}) == "unknown"


def test_the_values_of_an_address() -> None:
    assert values(facts(), {}) == {}
    known = values(facts(), {"contact address": "bob@contoso.com"})
    assert known["lync address"] == "bob(contoso.com)@msn.com"
    assert "`contoso.com` is not one of Microsoft's own domains" in known["why this form"]
    assert values(facts(), {"sip address": "bob(contoso.com)@msn.com"}) == {
        "sip address": "bob@contoso.com"
    }
    assert {*known, "sip address", "what is missing"} == set(VALUES)


def test_a_value_kept_from_before_that_is_refused_now_is_shown_as_it_is() -> None:
    known = values(facts(), {"contact address": "bob", "sip address": "ted"})
    assert (known["lync address"], known["sip address"]) == ("bob", "ted")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("bob@contoso.com", "`contoso.com` is not one of Microsoft's own domains"),
        ("bob(live.com)@msn.com", "`live.com` is one of Microsoft's own"),
        ("ted(contoso.com)@hotmail.com", "all of Microsoft's documents end it in @msn.com"),
        ("  bob`smith ", "`bob'smith` looks like a Skype name"),
        ("x" * 200, f"`{'x' * 80}…` looks like a Skype name"),
    ],
)
def test_a_reason_names_what_it_is_about(text: str, says: str) -> None:
    assert says in reason(convert(text, RULES), facts())


def test_a_reason_for_turning_back() -> None:
    said = reason(revert("bob(contoso.com)@msn.com", RULES), facts())
    assert said == "The plain address behind `bob(contoso.com)@msn.com` is `bob@contoso.com`."
