"""Texts as tests of several files need them: rows of tables, and whatever people may send."""

import pytest
from hypothesis import strategies as st


def row(source: str, text: str, *expected: str) -> object:
    """A row of a table, named after its source and its text."""
    return pytest.param(text, *expected, id=f"{source}: {ascii(text)[:60]}")


DOMAINS = st.sampled_from(
    ["contoso.com", "Contoso.COM", "live.com", "fabrikam.com", "hotmail.co.uk", "bücher.de", "com"]
)
LOCAL_PARTS = st.text("bo.+_-'*(ü ", min_size=1, max_size=6)
NEAR_ADDRESSES = st.one_of(
    st.builds("{}@{}".format, LOCAL_PARTS, DOMAINS),
    st.builds("{}({})@{}".format, LOCAL_PARTS, DOMAINS, DOMAINS),
    st.emails(),
    st.text("bo@().<>' :;,msn\u200b＠", max_size=30),
)
TEXTS = st.one_of(
    NEAR_ADDRESSES,
    st.text(),
    st.text(st.characters(categories=["Cs", "Cf", "Cc", "Mn", "Ll", "Po"])),
    st.binary().map(lambda data: data.decode(errors="replace")),
)
