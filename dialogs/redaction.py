"""Takes out of a text what is nobody else's business: secrets, and addresses not needed."""

import re
from collections.abc import Callable, Collection, Iterable
from itertools import chain, zip_longest

from dialogs.tidy import find_addresses

SECRET, ADDRESS = "[secret]", "[address]"
ROUNDS = 10
"""How often a text is masked at most; two rounds are enough for what people write."""

_NAMES = (
    r"(?:passwords?|pass(?:code|phrase|wd|wort)?|pwd?|kennwort|pin|secret|token|credentials?"
    r"|(?:api|access|secret|private|product|licen[cs]e|recovery|encryption|client)"
    r"[ _-]?(?:key|secret))"
)
_WHOSE = r"(?:\s+(?:for|of|to|on|in|für|von|zu)\s+[^\s:=]+(?:\s+[^\s:=]+)?)?"
_QUOTED = r"(?:\"[^\"\n]+\"|“[^”\n]+”|„[^“\n]+“|«[^»\n]+»|'[^'\n]+'|`[^`\n]+`)"
_VALUE = rf"(?!\[secret\](?!\S))(?:{_QUOTED}\S*|\S+)"
_IS = (
    r"(?:\s+(?:is|was|are|ist|war|lautet|heißt)|['’]s)"
    r"(?:\s+(?:now|still|jetzt))?(?:\s*:\s*|\s+)"
)
_SAYS_HOW_IT_IS = (
    r"(?!(?:not|no|wrong|incorrect|correct|right|fine|ok|expired|invalid|valid|required|needed|missing|"
    r"always|still|never|being|too|also|now|asked|refused|rejected|accepted|changed|reset|unknown|"
    r"forgotten|lost|locked|blocked|the|my|a|an|what|nicht|falsch|richtig|abgelaufen)[.,;!?]*(?!\S))"
)
_NO_NAME = r"(?!(?:this|that|it|what|which|here|there|where|das|dies|was|hier)\b)"
_ITS = r"(?:(?:my|the|his|her|our|their|a|mein|das)\s+)"
_A_CODE = r"(?:\d{3}[ -]\d{3,4}|\d{4,8})(?![\w-])"
_OTHER_CODES = "".join(
    f"(?<!{kind} )" for kind in ("error", "status", "event", "area", "zip", "postal", "country")
)


def _pattern(text: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(text, flags)


Masked = tuple[tuple[re.Pattern[str], str], ...]

SECRETS: tuple[tuple[re.Pattern[str], Masked], ...] = (
    (re.compile(r"-----begin"), (
        (_pattern(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL),
         SECRET),
    )),
    (re.compile(r"authorization:|cookie:"), (
        (_pattern(r"(\b(?:proxy-)?authorization:|\bcookie:)[ \t]*(?!\[secret\]$)\S.*"),
         rf"\1 {SECRET}"),
    )),
    (re.compile(r"bearer"), (
        (_pattern(r"\b(bearer)\s+(?!\[secret\])[\w+/=.~-]{6,}"), rf"\1 {SECRET}"),
    )),
    (re.compile(r"basic|negotiate|ntlm"), (
        (_pattern(r"\b(basic|negotiate|ntlm)\s+(?=\S*[\d=]|\S{24})[\w+/=.~-]{8,}"),
         rf"\1 {SECRET}"),
    )),
    (re.compile(r"eyj"), (
        (_pattern(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)*", re.ASCII), SECRET),
    )),
    (re.compile(r"_|sk-|glpat-|xox|ya29|aiza|akia"), (
        (_pattern(r"\b(?:whsec_|sk[-_]|[prs]k_(?:live|test)_|gh[a-z]_|github_pat_|glpat-|xox[a-z]-|npm_"
                  r"|hf_|ya29\.|AIza|AKIA)[\w+/=.-]{8,}", re.ASCII), SECRET),
    )),
    # What is said to be a secret, in the ways in which people say it.
    (re.compile(r"pass|pw|kennwort|pin|secret|token|credential|key"), (
        (_pattern(rf"\b({_NAMES}{_WHOSE}\s*(?:[:=]>?|->|→))(\s*){_VALUE}"), rf"\1\2{SECRET}"),
        (_pattern(rf"\b({_NAMES}{_WHOSE}{_IS}){_SAYS_HOW_IT_IS}{_VALUE}"), rf"\1{SECRET}"),
        (_pattern(rf"\b((?:chang|set|reset|us)\w*\s.{{0,40}}?\b{_NAMES}{_WHOSE}\s+(?:to|as|auf)\s+)"
                  rf"{_SAYS_HOW_IT_IS}{_VALUE}"), rf"\1{SECRET}"),
        (_pattern(rf"\b((?:chang|set|reset)\w*\s.{{0,40}}?\b{_NAMES}{_WHOSE}\s+from\s+){_VALUE}"
                  rf"(\s+to\s+){_VALUE}"), rf"\1{SECRET}\2{SECRET}"),
        (_pattern(rf"\b({_NAMES}{_WHOSE}\s+(?:\w+\s+){{1,3}}(?:changed|set|reset)\s+to\s+)"
                  rf"{_SAYS_HOW_IT_IS}{_VALUE}"), rf"\1{SECRET}"),
        (_pattern(rf"(?<!\S){_NO_NAME}{_VALUE}(\s+(?:(?:is|was|ist|war|for)\s+{_ITS}|(?:as|als)\s+{_ITS}?)"
                  rf"(?:\w+\s+)?{_NAMES}\b)"), rf"{SECRET}\1"),
        (_pattern(rf"\b({_NAMES}\s+)(?=\S*[\d!#$%&*^§])(?=\S*[^\W\d]){_VALUE}"), rf"\1{SECRET}"),
    )),
    (re.compile(r"code|otp|tan|pin"), (
        (_pattern(rf"{_OTHER_CODES}\b((?:code|otp|tan|pin)\b[^\d\n]{{0,25}}){_A_CODE}"),
         rf"\1{SECRET}"),
        (_pattern(rf"(?<![\w-]){_A_CODE}(\s+(?:is|was|ist)\s+(?:\w+\s+){{1,3}}(?:code|otp|pin|tan)\b)"),
         rf"{SECRET}\1"),
    )),
    (re.compile(r"\d"), (
        (_pattern(r"^([ \t]*)\d{3}[ -]?\d{3}([ \t]*)$", re.MULTILINE), rf"\1{SECRET}\2"),
        (_pattern(r"(?<![\w-])\d{6}(?:-\d{6}){7}(?![\w-])"), SECRET),
    )),
    # What looks like nothing else.
    (re.compile(r"\S{32}"), (
        (_pattern(r"(?<![\w+/=-])[0-9a-f]{32,}(?![\w+/=-])"), SECRET),
        (_pattern(r"(?<![\w+/=-])(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{32,}={0,2}",
                  re.ASCII), SECRET),
    )),
)  # fmt: skip
"""What is replaced and by what, in this order; a group only where its hint stands in the text as
`folded`, since to look for that is far quicker."""

_LINK = re.compile(r"(?<![\w+.-])([a-z][a-z0-9+.-]{0,20}://)(\S+)", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
_DIGIT = re.compile(r"\d")
_AT = re.compile("[@＠﹫]")
_WITH_AT = re.compile(r"(?<!\S)(?:[^\s@＠﹫]+[@＠﹫]|[@＠﹫](?=\S))\S*")
_SPREAD_OUT = re.compile(r"(?<!\S)[\w.+()-]+(?:[ \t]+@[ \t]*|@[ \t]+)[\w-]+\.[\w.-]+")
_CLOSING = re.compile(r"[\s.,;:!?)>\]}\"'“”’»]*\Z")


def without_secrets(text: str) -> str:
    """A text in which passwords, keys, codes, card numbers, and what links carry are masked.

    >>> without_secrets("my password is hunter2, see https://bob:x@contoso.com/a?key=1")
    'my password is [secret] see https://contoso.com/a?[secret]'
    """
    return _settled(text, _without_secrets)


def redacted(text: str, needed: Collection[str]) -> str:
    """A text without secrets, and without any address but those `needed`.

    >>> redacted("bob@contoso.com and ted@contoso.com", {"bob@contoso.com"})
    'bob@contoso.com and [address]'
    """
    longest_first = sorted(needed, key=len, reverse=True)
    named = "|".join(map(re.escape, longest_first)) or r"(?!)"
    kept = re.compile(rf"(?<![\w.+@-])(?:{named})(?![\w@(-])(?!\.\w)", re.IGNORECASE)

    def once(said: str) -> str:
        said = _without_secrets(said)
        if not _AT.search(said):
            return said
        said = _SPREAD_OUT.sub(ADDRESS, said)
        return _WITH_AT.sub(lambda token: _masked_beside(token[0], kept), said)

    return _settled(text, once)


def addresses_in(texts: Iterable[str]) -> frozenset[str]:
    """Every address that stands in one of these texts."""
    return frozenset(address for text in texts for address in find_addresses(text))


def _settled(text: str, mask: Callable[[str], str]) -> str:
    """Masked until nothing is left to mask: what stands side by side then can look like more."""
    rounds = ROUNDS
    while rounds and (again := mask(text)) != text:
        text, rounds = again, rounds - 1
    return text


def _without_secrets(text: str) -> str:
    text = _LINK.sub(_bare_link, text) if "://" in text else text
    said = folded(text)
    for hint, patterns in SECRETS:
        if not hint.search(said):
            continue
        for pattern, mask in patterns:
            text = pattern.sub(mask, text)
        said = folded(text)
    return _LONG_NUMBER.sub(_card_masked, text) if _DIGIT.search(text) else text


def folded(text: str) -> str:
    """A text in which every letter is the one that patterns take it for, whatever its case."""
    return text.casefold().replace("i\N{COMBINING DOT ABOVE}", "i").replace("ı", "i")


def _bare_link(link: re.Match[str]) -> str:
    """A link without who signs in there, and without what it carries."""
    place, mark, _ = re.split(r"([?#]|\Z)", link[2], maxsplit=1)
    host, slash, path = place.partition("/")
    return f"{link[1]}{host.rpartition('@')[2]}{slash}{path}{mark and mark + SECRET}"


def _card_masked(number: re.Match[str]) -> str:
    """A number that could be that of a payment card (ISO/IEC 7812-1: by its check digit)."""
    digits = [int(digit) for digit in reversed(number[0]) if digit.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return number[0] if (sum(digits[::2]) + sum(doubled)) % 10 else SECRET


def _masked_beside(token: str, kept: re.Pattern[str]) -> str:
    """A piece of text with an @ in it, of which only what is `kept` stays."""
    others = kept.split(token)
    masked = [_address_masked(other) for other in others]
    return "".join(chain.from_iterable(zip_longest(masked, kept.findall(token), fillvalue="")))


def _address_masked(text: str) -> str:
    closing = _CLOSING.search(text)
    return ADDRESS + (closing[0] if closing else "") if _AT.search(text) else text
