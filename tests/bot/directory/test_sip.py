"""The one form of address that may reach a directory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.sip import LONGEST, strict

ABUSE = [
    "", " ", "*", "*@fabrikam.com", "lync.user@*", "l?nc.user@fabrikam.com", "[a-z]@fabrikam.com",
    "lync.user", "@fabrikam.com", "lync.user@", "lync.user@fabrikam", "a@b@fabrikam.com",
    "*)(objectClass=*", "user)(|(uid=*))@fabrikam.com", "user\\2a@fabrikam.com",
    "a@fabrikam.com;Get-CsUser", "a@fabrikam.com|Remove-CsUser", "$(Get-CsUser)@fabrikam.com",
    "`whoami`@fabrikam.com", "a'or'1@fabrikam.com", '"a"@fabrikam.com', "{a}@fabrikam.com",
    "a@fabrikam.com -Filter *", "a@fabrikam.com\n", "a@fabrikam.com\r\nX: y", "a\x00@fabrikam.com",
    "../../org/pic-status", "..%2f..", "a/../b@fabrikam.com", "..@fabrikam.com", ".a@fabrikam.com",
    "a..b@fabrikam.com", "a.@fabrikam.com", "a@-fabrikam.com", "a@fabrikam..com", "a@.com",
    "sip:sip:a@fabrikam.com", "sips:a@fabrikam.com", "tel:+15551234", "ä@fabrikam.com",
    "a@bücher.de", "ｌync.user@fabrikam.com", "a@fabrıkam.com", "ſip:a@fabrikam.com",
    "a" * 65 + "@fabrikam.com", "a@" + "b" * 64 + ".com", "a@" + "b." * 130 + "com",
    "a" * 100_000, "a@" + "a." * 100_000,
]  # fmt: skip
"""What must never be taken for an address."""


@pytest.mark.parametrize("text", ABUSE, ids=lambda text: repr(text[:40]))
def test_what_is_not_plainly_an_address_is_refused(text: str) -> None:
    assert strict(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("lync.user@fabrikam.com", "lync.user@fabrikam.com"),
        ("SIP:Lync.User@FABRIKAM.com", "lync.user@fabrikam.com"),
        ("first_last-2+x@it.fabrikam.co", "first_last-2+x@it.fabrikam.co"),
    ],
)
def test_an_address_is_compared_in_lower_case(text: str, address: str) -> None:
    assert strict(text) == address


@given(st.text() | st.text(alphabet="ab.@*-_+()[]$;|&'\"`\\/%:{} \n"))
def test_nothing_with_a_meaning_elsewhere_ever_passes(text: str) -> None:
    address = strict(text)

    if address is not None:
        assert address.isascii()
        assert len(address) <= LONGEST
        assert not set(address) & set("*?()[]{}$;|&'\"`\\/%:<>=, \t\r\n\0")
        assert strict(address) == address
