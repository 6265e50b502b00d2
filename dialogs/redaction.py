"""Takes out of a text what is nobody else's business: secrets, and addresses not needed."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import partial

from dialogs.secret_patterns import ADDRESS, SECRETS
from dialogs.tidy import find_addresses

ROUNDS = 10
"""How often a text is masked at most; two rounds are enough for what people write."""

_AT = re.compile("[@＠﹫]")
_WITH_AT = re.compile(r"(?<!\S)(?:[^\s@＠﹫]++[@＠﹫]|[@＠﹫](?=\S))\S*")
_BESIDE_BLANK = re.compile(r"@(?:[ \t]|(?<=[ \t]@))")
_SPREAD_OUT = re.compile(r"(?<!\S)[\w.+()-]+(?:[ \t]+@[ \t]*|@[ \t]+)[\w-]+\.[\w.-]+")
_CLOSING = ".,;:!?)>]}\"'“”’»"


def without_secrets(text: str) -> str:
    """A text in which passwords, keys, codes, card numbers, and what links carry are masked.

    >>> without_secrets("my password is hunter2, see https://bob:x@contoso.com/a?key=1")
    'my password is [secret] see https://contoso.com/a?[secret]'
    """
    return _settled(text, _without_secrets)


def redactor(needed: Collection[str]) -> Callable[[str], str]:
    """What leaves of a text no secrets, and no address but those `needed`.

    >>> redactor({"bob@contoso.com"})("bob@contoso.com and ted@contoso.com")
    'bob@contoso.com and [address]'
    """
    longest_first = sorted(needed, key=len, reverse=True)
    named = "|".join(map(re.escape, longest_first)) or r"(?!)"
    kept = re.compile(rf"(?<![\w.+@-])({named})(?![\w@(-])(?!\.\w)", re.IGNORECASE)

    def once(said: str) -> str:
        said = _without_secrets(said)
        if not _AT.search(said):
            return said
        if _BESIDE_BLANK.search(said):
            said = _SPREAD_OUT.sub(ADDRESS, said)
        return _WITH_AT.sub(lambda token: _masked_beside(token[0], kept), said)

    return partial(_settled, mask=once)


def addresses_in(texts: Iterable[str]) -> frozenset[str]:
    """Every address that stands in one of these texts."""
    return frozenset(
        address for text in texts if _AT.search(text) for address in find_addresses(text)
    )


def _settled(text: str, mask: Callable[[str], str]) -> str:
    """Masked until nothing is left to mask: what stands side by side then can look like more."""
    rounds = ROUNDS
    while rounds and (again := mask(text)) != text:
        text, rounds = again, rounds - 1
    return text


def _without_secrets(text: str) -> str:
    said = folded(text)
    for hint, patterns in SECRETS:
        if hint.search(said):
            for pattern, mask in patterns:
                text = pattern.sub(mask, text)
            said = folded(text)
    return text


def folded(text: str) -> str:
    """A text in which every letter is the one that patterns take it for, whatever its case."""
    return text.casefold().replace("i\N{COMBINING DOT ABOVE}", "i").replace("ı", "i")


def _masked_beside(token: str, kept: re.Pattern[str]) -> str:
    """A piece of text with an @ in it, of which only what is `kept` stays."""
    pieces = kept.split(token)  # every other one is kept
    pieces[::2] = map(_address_masked, pieces[::2])
    return "".join(pieces)


def _address_masked(text: str) -> str:
    return ADDRESS + text[len(text.rstrip(_CLOSING)) :] if _AT.search(text) else text
