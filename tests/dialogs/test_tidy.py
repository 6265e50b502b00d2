"""What is taken away from a copied address, and which addresses stand in a sentence.

Sources of rows: rfc (5890); ours where no document speaks and we decided.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.addresses import AddressRules, convert
from dialogs.tidy import find_addresses, normalise
from tests.dialogs.texts import TEXTS, row

RULES = AddressRules(own_domains=frozenset({"Fabrikam.com"}))


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        row("ours", "  bob@contoso.com\n", "bob@contoso.com"),
        row("ours", "bob@contoso.com.", "bob@contoso.com"),
        row("ours", "Bob@Contoso.COM", "Bob@contoso.com"),
        row("ours", "sip:bob@contoso.com", "bob@contoso.com"),
        row("ours", "SIP:bob@contoso.com;transport=tls", "bob@contoso.com"),
        row("ours", "sip:bob@contoso.com:5061", "bob@contoso.com"),
        row("ours", "mailto:bob@contoso.com?cc=ted@contoso.com", "bob@contoso.com"),
        row("ours", "mailto://bob@contoso.com", "bob@contoso.com"),
        row("ours", "<bob@contoso.com>", "bob@contoso.com"),
        row("ours", "Bob <bob@contoso.com>;", "bob@contoso.com"),
        row("ours", '"Bob (at work)" <sip:bob@contoso.com>', "bob@contoso.com"),
        row("ours", "bob@contoso.com<mailto:bob@contoso.com>", "bob@contoso.com"),
        row("ours", "“bob@contoso.com”!", "bob@contoso.com"),
        row("ours", "'bob@contoso.com'", "bob@contoso.com"),
        row("ours", "**bob@contoso.com**,", "bob@contoso.com"),
        row("ours", "_bob@contoso.com", "_bob@contoso.com"),
        row("ours", "(bob@contoso.com)", "bob@contoso.com"),
        row("ours", "ｂｏｂ＠ｃｏｎｔｏｓｏ．ｃｏｍ", "bob@contoso.com"),
        row("ours", "bob@contoso。com", "bob@contoso.com"),
        row("ours", "bob（contoso.com）@msn.com", "bob(contoso.com)@msn.com"),
        row("ours", "\ufeffb\u200bob@con\u00adto\ufe0fso.com\u200e", "bob@contoso.com"),
        row("ours", "bob@bücher.de", "bob@xn--bcher-kva.de"),
        row("ours", "bob@☕.COM", "bob@☕.com"),
        row("ours", " bob.smith ", "bob.smith"),
        row("ours", "<bob@a.com> <ted@b.com>", "<bob@a.com> <ted@b.com>"),
    ],
)
def test_what_comes_along_with_a_copied_address_is_taken_away(text: str, tidy: str) -> None:
    assert normalise(text) == tidy
    assert normalise(tidy) == tidy


@pytest.mark.parametrize(
    ("text", "found"),
    [
        row(
            "ours",
            "add my friend bob@contoso.com on skype, and bob(contoso.com)@msn.com.",
            "bob@contoso.com bob(contoso.com)@msn.com",
        ),
        row(
            "ours",
            "Bob <sip:Bob@Contoso.com>; 'ted@contoso.com'?",
            "Bob@Contoso.com ted@contoso.com",
        ),
        row("ours", "bob@contoso.com/ted@contoso.com", "bob@contoso.com ted@contoso.com"),
        row("ours once", "[bob@contoso.com](mailto:bob@contoso.com)", "bob@contoso.com"),
        row("ours", "it's Bob's (bob@contoso.com)...", "bob@contoso.com"),
        row("ours", "**bob@contoso.com** or _ted@contoso.com_", "bob@contoso.com ted@contoso.com"),
        row("ours", "_bob@contoso.com", "_bob@contoso.com"),
        row("ours", "write to bob@contoso.com- now", "bob@contoso.com"),
        row("ours full-width", "to ｂｏｂ＠contoso.com。", "bob@contoso.com"),
        row("ours", "bob@bu\u0308cher.de and böb@contoso.com", "bob@bücher.de böb@contoso.com"),
        row("ours", "bob@contoso.भारत", "bob@contoso.भारत"),
        row("ours, convert says what is missing", "add bob@contoso", "bob@contoso"),
        row(
            "ours, never the half of one",
            "b(o)b@contoso.com or b..b@contoso.com",
            "b(o)b@contoso.com b..b@contoso.com",
        ),
        row("ours, convert refuses it", "bob@contoso@msn.com", ""),
        row("ours", "call me @ 5, bob@, @contoso.com, bob.smith, live:bob", ""),
    ],
)
def test_every_address_in_a_sentence_is_found(text: str, found: str) -> None:
    assert find_addresses(text) == tuple(found.split())


@given(TEXTS)
def test_tidying_again_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert convert(normalise(text), RULES).why == convert(text, RULES).why


@given(st.lists(TEXTS, max_size=4).map(" ".join))
def test_found_addresses_are_few_and_each_has_one_at(text: str) -> None:
    found = find_addresses(text)
    assert all(address.count("@") == 1 for address in found)
    assert len(found) <= text.count("@") + text.count("＠") + text.count("﹫")
