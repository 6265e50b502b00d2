"""What of a text that was not understood is kept for authors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.mask import LONGEST, masked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("write to bob@contoso.com, please", "write to [address], please"),
        ("it is bob(contoso.com)@msn.com", "it is [address]"),
        ("sip:bob@contoso.com is offline", "sip:[address] is offline"),
        ("half an address: bob@contoso", "half an address: [address]"),
        ("look at https://contoso.com/a?b=c#d now", "look at [link] now"),
        ("look at www.contoso.com/a", "look at [link]"),
        ("edge.contoso.com does not answer", "[host] does not answer"),
        ("call +1 (425) 555-0100 or 4255550100", "call [number] or [number]"),
        ("agreement V1234567", "agreement V[number]"),
        ("lync 2013 and office 365 since 2012", "lync 2013 and office 365 since 2012"),
        ("two\n\n lines ", "two lines"),
        ("", ""),
    ],
)
def test_what_is_private_is_masked(said: str, kept: str) -> None:
    assert masked(said) == kept


@given(st.text(max_size=3000))
def test_what_is_kept_is_short_and_holds_no_address(said: str) -> None:
    kept = masked(f"{said} bob@contoso.com")
    assert len(kept) <= LONGEST
    assert "bob@contoso.com" not in kept
