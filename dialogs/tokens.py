"""A text as the tokens that are compared: words in one spelling, and kinds of addresses."""

import re
from collections.abc import Iterator, Mapping

from dialogs.addresses import AddressRules, Status, convert
from dialogs.tidy import find_addresses, legible

READ = 8000
"""Characters of a text that are looked at."""
LONGEST = 400
"""Tokens of a text that are looked at."""
WIDEST = 40
"""Characters of a word that are looked at."""

KINDS: Mapping[Status, str] = {Status.ORDINARY: "@microsoft", Status.ALREADY: "@converted"}
"""What an address becomes, by what there is to convert; any other one becomes OTHER."""
OTHER = "@other"
ADDRESSES = frozenset({*KINDS.values(), OTHER})

# A question mark is kept where it is what is spoken of, and ends no sentence.
_TOKEN = re.compile(r"@\w+|\w+(?:['.]\w+)*|(?<![\w?!.])\?(?!\s*$)")


def tokens(text: str, written_as: Mapping[str, str]) -> tuple[str, ...]:
    """The tokens of a text; `written_as` gives spellings and short forms their one form.

    >>> tokens("I'm adding Bob@live.com: what's a “?”", {"i'm": "i am"})
    ('i', 'am', 'adding', '@microsoft', "what's", 'a', '?')
    """
    text = text[:READ]
    for address in find_addresses(text):
        text = text.replace(address, f" {_kind(address)} ")
    plain = legible(text).replace("’", "'").lower()
    return tuple(_written(plain, written_as))[:LONGEST]


def _written(plain: str, written_as: Mapping[str, str]) -> Iterator[str]:
    for match in _TOKEN.finditer(plain):
        word = match.group()[:WIDEST]
        yield from written_as.get(word, word).split()


def _kind(address: str) -> str:
    return KINDS.get(convert(address, AddressRules()).status, OTHER)
