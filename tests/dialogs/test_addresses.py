"""Every address rule as a row, named after its source, and what holds for any text at all.

Sources: guide (provisioning guide, custom domain name), faq (Dn440172), kb (KB 2566829), en
(Dn440170, excluded domains), field (the field report), rfc (3261, 5321, 5322, 5890); ours where
no document speaks and we decided.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.addresses import (
    REASONS,
    AddressRules,
    Conversion,
    Status,
    Why,
    convert,
    convert_account,
    revert,
)
from dialogs.tidy import find_addresses, normalise
from tests.dialogs.texts import TEXTS, row

RULES = AddressRules(own_domains=frozenset({"Fabrikam.com"}))
LABEL_63 = "a" * 63
LONGEST_LOCAL_PART = "b" * 64
LONGEST_DOMAIN = f"{LABEL_63}.{LABEL_63}.{'a' * 57}.com"
"""With the longest local part and an @ before it: 254 characters."""


# --- convert ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        row("guide", "bob@contoso.com", "bob(contoso.com)@msn.com"),
        row("faq", "ted@contoso.com", "ted(contoso.com)@msn.com"),
        row("kb", "JoeAndreshak@live-contoso.com", "JoeAndreshak(live-contoso.com)@msn.com"),
        row("field", "konrad@gmail.com", "konrad(gmail.com)@msn.com"),
        row("faq whole domain", "bob@mail.contoso.com", "bob(mail.contoso.com)@msn.com"),
        row("ours, was an IM network", "bob@yahoo.com", "bob(yahoo.com)@msn.com"),
        row("en exact match", "bob@notlive.com", "bob(notlive.com)@msn.com"),
        row("en exact match", "bob@mail.live.com", "bob(mail.live.com)@msn.com"),
        row("en exact match", "bob@live.contoso.com", "bob(live.contoso.com)@msn.com"),
        row("kb local part's case", "BOB@Contoso.COM", "BOB(contoso.com)@msn.com"),
        row("rfc 3261 user part", "bob.b+skype@contoso.com", "bob.b+skype(contoso.com)@msn.com"),
        row(
            "rfc 5322 dot-atom",
            "'b!#$%&*/=?^`{|}~b@contoso.com",
            "'b!#$%&*/=?^`{|}~b(contoso.com)@msn.com",
        ),
        row("rfc 5322 dot-atom", "_bob_@contoso.com", "_bob_(contoso.com)@msn.com"),
        row(
            "rfc 5890, not our business",
            "bob@r3---sn.contoso.com",
            "bob(r3---sn.contoso.com)@msn.com",
        ),
        row(
            "ours, a subdomain is not an own one",
            "bob@eu.fabrikam.com",
            "bob(eu.fabrikam.com)@msn.com",
        ),
        row("rfc 5321 longest label", f"bob@{LABEL_63}.com", f"bob({LABEL_63}.com)@msn.com"),
        row(
            "rfc 5321 longest",
            f"{LONGEST_LOCAL_PART}@{LONGEST_DOMAIN}",
            f"{LONGEST_LOCAL_PART}({LONGEST_DOMAIN})@msn.com",
        ),
    ],
)
def test_a_custom_domain_goes_into_brackets(text: str, address: str) -> None:
    assert convert(text, RULES) == Conversion(text, Status.CONVERTED, address, Why.CUSTOM_DOMAIN)


@pytest.mark.parametrize(
    ("text", "address", "why"),
    [
        row("ours regional", "ann@hotmail.co.uk", "ann(hotmail.co.uk)@msn.com", "regional-domain"),
        row("ours regional", "ann@Live.FR", "ann(live.fr)@msn.com", "regional-domain"),
        row("ours regional", "ann@outlook.de", "ann(outlook.de)@msn.com", "regional-domain"),
        row("ours regional", "ann@msn.com.br", "ann(msn.com.br)@msn.com", "regional-domain"),
        row("rfc 3261 ASCII", "bob@bücher.de", "bob(xn--bcher-kva.de)@msn.com", "idn-domain"),
        row("rfc 3261 ASCII", "bob@BU\u0308CHER.de", "bob(xn--bcher-kva.de)@msn.com", "idn-domain"),
        row("rfc 5890", "bob@XN--BCHER-KVA.de", "bob(xn--bcher-kva.de)@msn.com", "idn-domain"),
    ],
)
def test_where_no_document_speaks_it_is_converted_but_uncertain(
    text: str, address: str, why: str
) -> None:
    expected = Conversion(text, Status.CONVERTED, address, Why(why), uncertain=True)
    assert convert(text, RULES) == expected
    assert convert(address, RULES).uncertain


@pytest.mark.parametrize("domain", ["msn.com", "outlook.com", "live.com", "hotmail.com"])
def test_the_four_documented_domains_stay_as_they_are(domain: str) -> None:
    expected = ("ordinary", f"X@{domain}", "native-domain")
    for text in (f"X@{domain}", f"X@{domain.upper()}"):
        found = convert(text, RULES)
        assert (found.status, found.address, found.why) == expected


@pytest.mark.parametrize(
    ("text", "address", "why"),
    [
        row("guide", "bob(contoso.com)@msn.com", "bob(contoso.com)@msn.com", "already-converted"),
        row(
            "ours case", "Bob(Contoso.COM)@MSN.com", "Bob(contoso.com)@msn.com", "already-converted"
        ),
        row(
            "ours IDN",
            "bob(bücher.de)@msn.com",
            "bob(xn--bcher-kva.de)@msn.com",
            "already-converted",
        ),
        row(
            "field",
            "skypeguy(customdomain.com)@hotmail.com",
            "skypeguy(customdomain.com)@hotmail.com",
            "already-hotmail-suffix",
        ),
        row("en not needed", "bob(live.com)@msn.com", "bob(live.com)@msn.com", "already-needless"),
        row(
            "en not needed",
            "bob(live.com)@hotmail.com",
            "bob(live.com)@hotmail.com",
            "already-needless",
        ),
        row(
            "ours own domain",
            "bob(fabrikam.com)@msn.com",
            "bob(fabrikam.com)@msn.com",
            "already-own-domain",
        ),
    ],
)
def test_the_converted_form_is_recognised_and_kept(text: str, address: str, why: str) -> None:
    found = convert(text, RULES)
    assert (found.status, found.address, found.why) == ("already", address, why)


def test_an_address_on_an_own_domain_is_asked_about() -> None:
    text = "Bob@FABRIKAM.com"
    expected = Conversion(text, Status.OWN_DOMAIN, "Bob@fabrikam.com", Why.OWN_DOMAIN)
    assert convert(text, RULES) == expected


@pytest.mark.parametrize(
    ("text", "status", "address"),
    [
        row("guide", "bob@fabrikam.com", "converted", "bob(fabrikam.com)@msn.com"),
        row("guide", "bob(fabrikam.com)@msn.com", "already", "bob(fabrikam.com)@msn.com"),
        row("en", "bob@outlook.com", "ordinary", "bob@outlook.com"),
    ],
)
def test_an_account_on_an_own_domain_is_converted(text: str, status: str, address: str) -> None:
    found = convert_account(text, RULES)
    assert (found.status, found.address) == (status, address)


REFUSED = [
    ("ours", "", "empty"),
    ("ours", " \u200b?! ", "empty"),
    ("guide not the Skype name", "bob.smith", "skype-name"),
    ("guide not the Skype name", "skype:bob.smith?chat", "skype-name"),
    ("guide not the Skype name", "live:bob", "live-id"),
    ("guide not the Skype name", "8:live:.cid.0", "live-id"),
    ("guide not the Skype name", "live:bob@contoso.com", "live-id"),
    ("ours, Skype for Business", "bob@SkypeIDs.net", "skypeids"),
    ("ours, Skype for Business", "bob(skypeids.net)@msn.com", "skypeids"),
    ("ours", "+1 (425) 555-0100", "phone-number"),
    ("ours", "tel:+14255550100", "phone-number"),
    ("ours", "my friend bob", "no-address"),
    ("ours", "#bob", "no-address"),
    ("rfc 5322", "@contoso.com", "no-local-part"),
    ("rfc 5322", "bob@", "no-domain"),
    ("rfc 5322", "bob@.", "no-domain"),
    ("rfc 5322", "bob@contoso@msn.com", "two-ats"),
    ("ours, not ours to choose", "<bob@contoso.com>, <ted@contoso.com>", "two-ats"),
    ("ours ambiguous", "b(o)b@contoso.com", "parentheses"),
    ("ours ambiguous", "bob(contoso.com@msn.com", "parentheses"),
    ("ours ambiguous", "bob()@msn.com", "parentheses"),
    ("guide, half of it", "bob(contoso.com)", "suffix-missing"),
    ("guide, another suffix", "bob(contoso.com)@gmail.com", "other-suffix"),
    ("ours ambiguous", '"bob"@contoso.com', "quotes"),
    ("ours ambiguous", "b’ob@contoso.com", "quotes"),
    ("ours ambiguous", "bob b@contoso.com", "spaces"),
    ("ours ambiguous", "bob (contoso.com)@msn.com", "spaces"),
    ("ours ambiguous", "bob@contoso.com please", "spaces"),
    ("rfc 3261", "b\x00ob@contoso.com", "control-characters"),
    ("rfc 3261", "böb@contoso.com", "non-ascii-local-part"),
    ("rfc 3261", "\ud800@contoso.com", "non-ascii-local-part"),
    ("rfc 5322", "bob:b@contoso.com", "bad-local-part"),
    ("rfc 5322", ".bob@contoso.com", "stray-dot"),
    ("rfc 5322", "bob.@contoso.com", "stray-dot"),
    ("rfc 5322", "b..ob@contoso.com", "stray-dot"),
    ("rfc 5321 local part", f"{LONGEST_LOCAL_PART}b@contoso.com", "too-long"),
    ("rfc 5321 label", f"bob@{LABEL_63}a.com", "too-long"),
    ("rfc 5321 domain", "bob@" + "a." * 126 + "com", "too-long"),
    ("rfc 5321 domain", "bob@" + "ü." * 126 + "com", "too-long"),
    ("rfc 5321 whole", f"{LONGEST_LOCAL_PART}@a.{LONGEST_DOMAIN}", "too-long"),
    ("ours", "bob@localhost", "lone-top-level-domain"),
    ("ours", "bob@com", "lone-top-level-domain"),
    ("ours", "bob(com)@msn.com", "lone-top-level-domain"),
    ("rfc 5890", "bob@contoso..com", "bad-domain"),
    ("rfc 5890", "bob@.contoso.com", "bad-domain"),
    ("rfc 5890", "bob@-contoso.com", "bad-domain"),
    ("rfc 5890", "bob@contoso-.com", "bad-domain"),
    ("rfc 5890", "bob@con_toso.com", "bad-domain"),
    ("rfc 5890", "bob@contoso.com/x", "bad-domain"),
    ("rfc 5890", "bob@xn--a.com", "bad-domain"),
    ("rfc 5890", "bob@☕.com", "bad-domain"),
    ("rfc 5321 IP literal", "bob@192.0.2.1", "bad-domain"),
    ("rfc 5321 IP literal", "bob@[192.0.2.1]", "bad-domain"),
    ("rfc 5321 IP literal", "bob@[IPv6:2001:db8::1]", "bad-domain"),
]


@pytest.mark.parametrize(("text", "why"), [row(*refused) for refused in REFUSED])
def test_what_cannot_be_an_account_is_refused_with_its_reason(text: str, why: str) -> None:
    expected = Conversion(text, Status.REJECTED, None, Why(why))
    assert convert(text, RULES) == expected
    assert convert_account(text, RULES) == expected
    assert revert(text, RULES) == expected


# --- revert ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        row("guide", "bob(contoso.com)@msn.com", "bob@contoso.com"),
        row("field", "skypeguy(customdomain.com)@hotmail.com", "skypeguy@customdomain.com"),
        row("ours not needed", "bob(live.com)@msn.com", "bob@live.com"),
        row("ours own domain", "bob(fabrikam.com)@msn.com", "bob@fabrikam.com"),
        row("ours tidied", "<sip:Bob(Contoso.com)@MSN.com>", "Bob@contoso.com"),
    ],
)
def test_the_plain_address_comes_back(text: str, address: str) -> None:
    assert revert(text, RULES) == Conversion(text, Status.REVERTED, address, Why.REVERTED)


@pytest.mark.parametrize("text", ["bob@contoso.com", "bob@live.com", "bob@fabrikam.com"])
def test_a_plain_address_has_nothing_to_revert(text: str) -> None:
    assert revert(text, RULES) == Conversion(text, Status.REJECTED, None, Why.NOT_CONVERTED)


# --- settings --------------------------------------------------------------------------------


def test_the_suffix_and_the_native_domains_are_settings() -> None:
    rules = AddressRules(native_domains=frozenset({"Hotmail.co.uk"}), suffix="Hotmail.com")
    assert convert("bob@contoso.com", rules).address == "bob(contoso.com)@hotmail.com"
    assert convert("bob(contoso.com)@hotmail.com", rules).why == "already-converted"
    assert convert("bob(contoso.com)@msn.com", rules).why == "already-converted"
    assert convert("bob@live.com", rules).address == "bob(live.com)@hotmail.com"
    known = convert("ann@hotmail.co.uk", rules)
    assert (known.status, known.uncertain) == ("ordinary", False)


def test_own_domains_are_compared_as_addresses_are() -> None:
    rules = AddressRules(own_domains=frozenset({"Bücher.de"}))
    assert convert("bob@bücher.DE", rules).address == "bob@xn--bcher-kva.de"
    assert convert("bob@bücher.DE", rules).status == "own-domain"
    assert convert_account("bob@bücher.DE", rules).why == "idn-domain"


# --- what holds for any text -----------------------------------------------------------------


@given(TEXTS)
def test_any_text_is_answered_with_a_known_reason(text: str) -> None:
    for answer in (convert(text, RULES), convert_account(text, RULES), revert(text, RULES)):
        assert answer.input == text
        assert answer.why in REASONS
        assert (answer.address is None) == (answer.status is Status.REJECTED)
    assert convert_account(text, RULES).status is not Status.OWN_DOMAIN


@given(TEXTS)
def test_converting_again_changes_nothing(text: str) -> None:
    first = convert_account(text, RULES)
    if first.address is not None:
        again = convert_account(first.address, RULES)
        assert again.address == first.address
        assert again.status in {Status.ALREADY, Status.ORDINARY}
        assert again.uncertain == first.uncertain


@given(TEXTS)
def test_a_converted_address_goes_back_and_keeps_its_local_part(text: str) -> None:
    answer = convert(text, RULES)
    if answer.status is Status.CONVERTED:
        assert answer.address is not None
        assert revert(answer.address, RULES).address == normalise(text)
        assert answer.address.partition("(")[0] == normalise(text).partition("@")[0]


@given(st.emails())
def test_any_e_mail_address_is_taken_with_its_local_part_as_it_stands(email: str) -> None:
    address = convert(email, RULES).address
    assert address is not None
    assert address.startswith(email.partition("@")[0])


def test_every_reason_is_reached_by_a_row() -> None:
    """So that no reason code is left behind for which nobody can ever see the sentence."""
    accepted = ["bob@contoso.com", "ann@live.fr", "bob@bücher.de", "bob@live.com"]
    accepted += ["bob@fabrikam.com", "bob(contoso.com)@msn.com", "bob(live.com)@msn.com"]
    accepted += ["bob(fabrikam.com)@msn.com", "skypeguy(customdomain.com)@hotmail.com"]
    reached = {convert(text, RULES).why for text in accepted}
    reached |= {revert(text, RULES).why for text in accepted}
    assert reached | {Why(why) for _, _, why in REFUSED} == REASONS


@pytest.mark.parametrize("around", ["{}", "a@{}", "<{}", "a{}@", "{}bob@contoso.com", "'{}'"])
@pytest.mark.parametrize(
    "piece",
    ["a", "a@", "a(", "(a)", "<@", "<a@b>", "@", "'", "sip:", ".", "a-", "a@a-", "1 ", "1", "ü",
     "\u200b", "\u0315\u0300", "\n", "xn--a.", "bob(contoso.com)@msn.com "],
)  # fmt: skip
def test_100_kb_of_hostile_text_is_answered_in_linear_time(piece: str, around: str) -> None:
    """No clock: each of these takes minutes, not milliseconds, where a pattern backtracks."""
    text = around.format(piece * (100_000 // len(piece)))
    assert convert(text, RULES).why in REASONS
    assert revert(text, RULES).status is Status.REJECTED
    assert all("@" in address for address in find_addresses(text))
