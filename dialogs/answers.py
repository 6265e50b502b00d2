"""Reads an answer of a given kind from what a person typed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from dialogs import addresses
from dialogs.addresses import AddressRules, Conversion, Status
from dialogs.particulars import READERS, Refusal
from dialogs.tidy import find_addresses, normalise

ADDRESS_KINDS = ("e-mail address", "sip address")
KINDS = (*ADDRESS_KINDS, *READERS, "free text")
MAY_BE_NONE = frozenset({"server names or none"})
"""Kinds for which “none” is an answer."""
ANY_WORDS = frozenset({"name", "free text"})
"""Kinds that nearly every text could be: a question about something else is no such answer."""
NOTHING_YET: Mapping[str, str] = MappingProxyType({})
BRIEF = 3
"""Words up to which a text says little but the option that stands in it."""
NEAR = 88
"""How alike two texts must be (rapidfuzz ratio, 0 to 100) to differ by a typing mistake only."""

_NOT_A_WORD = re.compile(r"[^\w?']+")


@dataclass(frozen=True)
class Answer:
    """A value that was read; where there is none, what was refused, if a reason can be given."""

    value: str | None
    refused: Conversion | Refusal | None = None


def clean(text: str) -> str:
    """Text as it can be kept and compared: NFC, and without control characters but new lines."""
    text = unicodedata.normalize("NFC", text)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def plain(text: str) -> str:
    """A short text without what does not tell it apart: letter case, punctuation, spacing.

    >>> plain("  It didn’t  work! ")
    "it didn't work"
    """
    return _NOT_A_WORD.sub(" ", text.replace("’", "'").casefold()).strip()


def mistyped(said: str, meant: str) -> bool:
    """Whether plain texts that are alike differ by words left out, or by one mistake a word.

    >>> mistyped("it didnt work", "it didn't work"), mistyped("it did work", "it didn't work")
    (True, False)
    """
    ours = [word for word in said.split() if word not in meant.split()]
    theirs = [word for word in meant.split() if word not in said.split()]
    mistakes = OSA.distance("".join(ours), "".join(theirs))
    return not (ours and theirs) or mistakes <= max(len(ours), len(theirs))


def read(
    kind: str, text: str, rules: AddressRules, before: Mapping[str, str] = NOTHING_YET
) -> Answer:
    """The answer of this kind (one of KINDS) in a text, by what was answered before."""
    if kind in READERS:
        value = READERS[kind](text, before)
        return Answer(None, value) if isinstance(value, Refusal) else Answer(value)
    if kind not in ADDRESS_KINDS:
        return Answer(text.strip() or None)
    found = find_addresses(text)
    conversion = addresses.convert(found[0] if len(found) == 1 else text, rules)
    if conversion.status is Status.REJECTED:
        return Answer(None, conversion)
    return Answer(normalise(conversion.input))


def pick(text: str, options: Iterable[str]) -> str | None:
    """The option that a text names: by its words, by its beginning, or with a typing mistake.

    >>> pick("the find someone box", ["Add a Contact icon", "Find someone box"])
    'Find someone box'
    """
    said = plain(text)
    by_words = {plain(option): option for option in options}
    if said in by_words:
        return by_words[said]
    held = [option for words, option in by_words.items() if _holds(said, words)]
    if len(held) == 1:
        return held[0]
    alike = process.extract(said, list(by_words), scorer=fuzz.ratio, score_cutoff=NEAR)
    near = [words for words, *_ in alike if mistyped(said, words)]
    return by_words[near[0]] if len(near) == 1 else None


def heard(text: str, words: Mapping[str, Iterable[str]]) -> str | None:
    """The one option whose words stand in a text.

    >>> heard("Am I enabled?", {"My own": ["am i", "my account"], "Somebody else's": ["a user"]})
    'My own'
    """
    said = f" {plain(text)} "
    named = [option for option, some in words.items() if any(f" {w} " in said for w in some)]
    return named[0] if len(named) == 1 else None


def following(text: str, phrases: Iterable[str]) -> str | None:
    """What stands behind a phrase that a text begins with; None where it does not.

    >>> following("Convert: bob@contoso.com", ["convert"])
    'bob@contoso.com'
    """
    said = " ".join(text.split())
    folded = said.casefold()
    begun = [phrase for phrase in phrases if folded.startswith(phrase)]  # of most texts none
    for phrase in sorted(begun, key=len, reverse=True):
        begins, rest = said[: len(phrase)].casefold() == phrase, said[len(phrase) :]
        if begins and (not rest or not rest[0].isalnum()):
            return rest.strip(" :,;.!?")
    return None


def behind(text: str, phrases: Sequence[str]) -> str | None:
    """The same as it was typed, with its lines and marks; None also for an address that begins so.

    >>> behind("Add a note: is it\\n- the icon?", ["add a note"])
    ': is it\\n- the icon?'
    """
    if following(text, phrases) is None:  # most texts, and quicker to see
        return None
    for phrase in sorted(phrases, key=len, reverse=True):
        words = r"\s+".join(map(re.escape, phrase.split()))
        if found := re.match(rf"\s*{words}(?=[:,;]|[^\w\s]*(?:\s|$))", text, re.IGNORECASE):
            return text[found.end() :]
    return None


def _holds(said: str, words: str) -> bool:
    """One text stands in the other as whole words, and does not do so by chance: it is long enough,
    or little else was said, or the option begins with it."""
    short, long = sorted((said, words), key=len)
    stands = f" {short} " in f" {long} "
    if len(short) >= 4:
        return stands
    if short == words:
        return stands and len(said.split()) <= BRIEF
    return len(said) > 1 and words.startswith(f"{said} ")
