"""The one form of address that may reach a directory: strict, since `*` asks about everybody."""

import re

LONGEST = 254
"""Characters of an address; of the part before the @ at most 64 (RFC 5321)."""
LONGEST_LOGGED = 80
"""Characters of a refused address that go into the log."""
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SIP = re.compile(
    rf"(?:sip:)?(?P<address>(?=.{{1,64}}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@{_LABEL}(?:\.{_LABEL})+)",
    re.IGNORECASE | re.ASCII,
)


def strict(text: str) -> str | None:
    """A SIP address in lower case and without its scheme; None for all that is not plainly one.

    Stricter than the standard: no quotes, wildcards, brackets, separators or anything else that
    PowerShell, LDAP or a path give a meaning to; an apostrophe is among them.
    `Get-CsUser -Identity` takes wildcards: this stands between a question about one and a list.

    >>> strict("sip:Lync.User@Fabrikam.com"), strict("*@fabrikam.com")
    ('lync.user@fabrikam.com', None)
    """
    if len(text) > LONGEST + len("sip:"):
        return None
    found = _SIP.fullmatch(text)
    if found is None or len(found["address"]) > LONGEST:
        return None
    return found["address"].lower()
