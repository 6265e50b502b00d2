"""Finds the ids of cases in what people type: copied with what surrounds them, or spelt out."""

import re
from dataclasses import dataclass

from dialogs.answers import plain

_LETTER = "[0-9A-TV-Za-tv-z]"
"""Crockford's, and those that are taken for one of them."""
_DASH, _BLANK = "-\u2010-\u2015", " \t\u00a0\u202f"
_ID = re.compile(
    rf"(?<![\w@.+/\\-])[Ll][Ss](?:"
    rf"[{_DASH}](?P<one>{_LETTER}{{4}})[{_DASH}]?(?P<two>{_LETTER}{{4}})"
    rf"|[{_BLANK}]?(?P<first>{_LETTER}{{4}})[{_DASH}{_BLANK}]?(?P<second>{_LETTER}{{4}})"
    # One of four digits, or one with a letter too many or too few: none that we have drawn.
    r"|-(?=[\w-]*\d)(?P<other>\d{4}|\w{3,5}-\w{3,5})"
    r")(?![\w@]|[-+.][\w@])"
)
_TAKEN_FOR = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Mention:
    """The id of a case in a text, as it is kept, and what stands `before` and `behind` it."""

    id: str
    before: str
    behind: str


def mentions(text: str) -> tuple[Mention, ...]:
    """Every id of a case in a text, whatever surrounds it and however it is written.

    >>> [one.id for one in mentions("Is it (ls-7q2m-k9xd), or ls8nt0r4tk? Ask ls-1@contoso.com")]
    ['LS-7Q2M-K9XD', 'LS-8NT0-R4TK']
    """
    return tuple(
        Mention(_kept(found), text[: found.start()], text[found.end() :])
        for found in _ID.finditer(text)
        if _is_id(found, text)
    )


def ids(text: str) -> tuple[str, ...]:
    """The ids of cases in a text, each once."""
    return tuple(dict.fromkeys(one.id for one in mentions(text)))


def _is_id(found: re.Match[str], text: str) -> bool:
    """Words can look like one: without a hyphen there has to be a digit, and with a blank in it
    one on either side, as “LS 2013 with” means a server; but what says nothing else is one."""
    first, second = found["first"], found["second"]
    if first is None:
        return True
    if not any(blank in found[0] for blank in _BLANK):
        return _has_digit(first + second)
    return (_has_digit(first) and _has_digit(second)) or plain(text) == plain(found[0])


def _has_digit(word: str) -> bool:
    return any(letter.isdecimal() for letter in word)


def _kept(found: re.Match[str]) -> str:
    letters = found["one"] or found["first"]
    if letters is None:
        return f"LS-{found['other'].upper()}"
    drawn = f"{letters}-{found['two'] or found['second']}"
    return f"LS-{drawn.upper().translate(_TAKEN_FOR)}"
