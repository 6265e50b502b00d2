"""Every kind of answer that an organisation is asked for, and every reason to refuse one."""

import re

import pytest

from dialogs.addresses import REASONS, AddressRules
from dialogs.answers import KINDS, MAY_BE_NONE, Answer, read
from dialogs.library import load
from dialogs.model import Person
from dialogs.particulars import LONGEST_NAME, READERS, Fault, Refusal
from dialogs.questions import Facts, reason
from dialogs.sentences import PLACEHOLDER
from tests.dialogs.talks import ROOT

RULES = AddressRules()
LIBRARY = load(ROOT / "knowledge")
TEN_SERVERS = ", ".join(f"edge.{letter}.example.com" for letter in "abcdefghij")
DISTANT = {"access edge fqdn": "ae1.contoso.com"}
"""What was answered before the SIP domains are asked for."""

TAKEN = [
    ("agreement number", "V1234567", "V1234567"),
    ("agreement number", "01E12345.", "01E12345"),
    ("agreement number", "it is 5-0000012345", "5-0000012345"),
    ("agreement number", "12345678", "12345678"),
    ("server name", "accessedge.contoso.com", "accessedge.contoso.com"),
    ("server name", "Our server is SIP.Contoso.com.", "sip.contoso.com"),
    ("server name", "https://accessedge.contoso.com:443/", "accessedge.contoso.com"),
    ("server name", "sip.it.contoso.com", "sip.it.contoso.com"),
    ("server names or none", "sip.fabrikam.com", "sip.fabrikam.com"),
    (
        "server names or none",
        "a.contoso.com;b.contoso.com\nA.contoso.com",
        "a.contoso.com, b.contoso.com",
    ),
    ("sip domains", "contoso.com", "contoso.com"),
    ("sip domains", "contoso.com, example.fabrikam.com", "contoso.com, example.fabrikam.com"),
    ("sip domains", "we use @Contoso.com and <fabrikam.com>", "contoso.com, fabrikam.com"),
    ("sip domains", "contoso.com contoso.com", "contoso.com"),
    ("sip domains", "bücher.de", "xn--bcher-kva.de"),
    ("sip domains", "contoso.co.uk,", "contoso.co.uk"),
    ("sip domains", "access.com", "access.com"),
    ("name", " Contoso \n Ltd ", "Contoso Ltd"),
    ("name", "Ö", "Ö"),
    ("name", "b" * LONGEST_NAME, "b" * LONGEST_NAME),
    ("mail address", "messaging@Contoso.com", "messaging@contoso.com"),
    ("mail address", "write to <bob@outlook.com>, please", "bob@outlook.com"),
    ("phone number", "+1 425 555 0100", "+1 425 555 0100"),
    ("phone number", "call (425) 555-0100 ext. 12", "(425) 555-0100 ext. 12"),
    ("phone number", "0301234567 x9", "0301234567 x9"),
    ("free text", " anything ", "anything"),
    ("e-mail address", "Bob@Contoso.com", "Bob@contoso.com"),
    ("sip address", "sip:bob@contoso.com", "bob@contoso.com"),
]

REFUSED = [
    ("agreement number", "Contoso", "no-agreement-number", "Contoso"),
    ("agreement number", "V123", "no-agreement-number", "V123"),
    ("agreement number", "edge2013.contoso.com", "no-agreement-number", "edge2013.contoso.com"),
    ("agreement number", "V1234567 or 01E12345", "one-only", "V1234567 or 01E12345"),
    ("server name", "!", "no-domain-name", ""),
    ("server name", "the one in Berlin", "no-domain-name", "the one in Berlin"),
    ("server name", "accessedge", "one-word", "accessedge"),
    ("server name", "contoso.com", "domain-not-server", "contoso.com"),
    ("server name", "access_edge.contoso.com", "bad-domain-name", "access_edge.contoso.com"),
    ("server name", "192.0.2.10", "ip-address", "192.0.2.10"),
    ("server name", "http://192.0.2.10:5061", "ip-address", "http://192.0.2.10:5061"),
    ("server name", "edge.contoso.local", "inside-only", "edge.contoso.local"),
    ("server name", "bob@sip.contoso.com", "address-not-domain", "bob@sip.contoso.com"),
    ("server name", "a.contoso.com b.contoso.com", "one-only", "a.contoso.com b.contoso.com"),
    ("server names or none", TEN_SERVERS, "too-many-servers", TEN_SERVERS),
    ("server names or none", "sip.fabrikam.com, contoso.com", "domain-not-server", "contoso.com"),
    ("server names or none", "just the one", "no-domain-name", "just the one"),
    ("sip domains", "accessedge.contoso.com", "server-not-domain", "accessedge.contoso.com"),
    ("sip domains", "edge-01.contoso.com", "server-not-domain", "edge-01.contoso.com"),
    ("sip domains", "contoso.com, AE1.contoso.com", "server-not-domain", "AE1.contoso.com"),
    ("sip domains", "contoso.com, fabrikam", "one-word", "fabrikam"),
    ("sip domains", "user1@contoso.com", "address-not-domain", "user1@contoso.com"),
    ("sip domains", "sip:user1@contoso.com", "address-not-domain", "sip:user1@contoso.com"),
    ("sip domains", "*.contoso.com", "bad-domain-name", "*.contoso.com"),
    ("sip domains", "contoso..com", "bad-domain-name", "contoso..com"),
    ("sip domains", "contoso.lan", "inside-only", "contoso.lan"),
    ("name", "12345", "no-name", "12345"),
    ("name", "who is that?", "no-name", "who is that?"),
    ("name", "b" * (LONGEST_NAME + 1), "no-name", "b" * (LONGEST_NAME + 1)),
    ("mail address", "bob at contoso", "no-mail-address", "bob at contoso"),
    ("mail address", "bob@localhost", "no-mail-address", "bob@localhost"),
    ("mail address", "a@contoso.com b@contoso.com", "one-only", "a@contoso.com b@contoso.com"),
    ("mail address", "bob(contoso.com)@msn.com", "mail-in-brackets", "bob(contoso.com)@msn.com"),
    ("phone number", "ask him", "no-phone-number", "ask him"),
    ("phone number", "12345", "no-phone-number", "12345"),
    ("phone number", "12345678901234567890", "no-phone-number", "12345678901234567890"),
    ("phone number", "425 555 0100, 425 555 0101", "one-only", "425 555 0100, 425 555 0101"),
]


@pytest.mark.parametrize(("kind", "text", "value"), TAKEN)
def test_an_answer_is_read(kind: str, text: str, value: str) -> None:
    assert read(kind, text, RULES, DISTANT) == Answer(value)


@pytest.mark.parametrize(("kind", "text", "why", "at_fault"), REFUSED)
def test_what_cannot_be_right_is_refused(kind: str, text: str, why: str, at_fault: str) -> None:
    assert read(kind, text, RULES, DISTANT) == Answer(None, Refusal(at_fault, Fault(why)))


def test_every_kind_and_every_fault_stands_in_the_tables() -> None:
    assert {kind for kind, *_ in TAKEN} == set(KINDS)
    assert {kind for kind, *_ in REFUSED} == set(READERS)
    assert {why for _, _, why, _ in REFUSED} == set(Fault)
    assert set(READERS) >= MAY_BE_NONE


@pytest.mark.parametrize("kind", READERS)
def test_any_text_is_read_or_refused(kind: str) -> None:
    for text in ("", " ", ".", "a" * 4000, "a." * 2000, "1 " * 2000, "(" * 4000, "@" * 4000):
        answer = read(kind, text, RULES)
        assert (answer.value is None) != (answer.refused is None), text[:20]


def test_each_fault_has_a_sentence_and_each_sentence_a_reason() -> None:
    assert set(LIBRARY.reasons) == set(Fault) | REASONS
    for fault in Fault:
        assert set(PLACEHOLDER.findall(LIBRARY.reasons[fault])) <= {"input"}


@pytest.mark.parametrize("fault", Fault)
def test_a_refusal_is_said_with_its_remedy(fault: Fault) -> None:
    facts = Facts(Person("lync.user@fabrikam.com"), RULES, LIBRARY.reasons)
    said = reason(Refusal("`con_toso`", fault), facts)
    assert re.search(r"(Send|Check|must be|stands? behind|has a name)", said)
    assert "{" not in said
    assert "``" not in said
