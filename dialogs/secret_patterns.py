"""What is taken for a secret, and what stands in its place."""

import re
from collections.abc import Callable

SECRET, ADDRESS = "[secret]", "[address]"

_WORDS = "passwords?|pass(?:code|phrase|wd|wort)?|pwd?|kennwort|pin|secret|token|credentials?"
_NAMES = (
    rf"(?:{_WORDS}"
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


Masked = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]

SECRETS: tuple[tuple[re.Pattern[str], Masked], ...] = (
    (re.compile(r"://"), (
        (_pattern(r"(?<![\w+.-])([a-z][a-z0-9+.-]{0,20}://)(\S+)"), _bare_link),
    )),
    # What says of itself that it is one.
    (re.compile(r"-----begin|authorization:|cookie:|bearer|basic|negotiate|ntlm|eyj"
                r"|_|sk-|glpat-|xox|ya29|aiza|akia"), (
        (_pattern(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL),
         SECRET),
        (_pattern(r"(\b(?:proxy-)?authorization:|\bcookie:)[ \t]*(?!\[secret\]$)\S.*"),
         rf"\1 {SECRET}"),
        (_pattern(r"\b(bearer)\s+(?!\[secret\])[\w+/=.~-]{6,}"), rf"\1 {SECRET}"),
        (_pattern(r"\b(basic|negotiate|ntlm)\s+(?=\S*[\d=]|\S{24})[\w+/=.~-]{8,}"),
         rf"\1 {SECRET}"),
        (_pattern(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)*", re.ASCII), SECRET),
        (_pattern(r"\b(?:whsec_|sk[-_]|[prs]k_(?:live|test)_|gh[a-z]_|github_pat_|glpat-|xox[a-z]-|npm_"
                  r"|hf_|ya29\.|AIza|AKIA)[\w+/=.-]{8,}", re.ASCII), SECRET),
    )),
    # What is said to be a secret, in the ways in which people say it.
    (re.compile(rf"(?:{_WORDS}|key)(?![a-z])"), (
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
    (re.compile(r"(?:code|otp|tan|pin)(?![a-z])"), (
        (_pattern(rf"{_OTHER_CODES}\b((?:code|otp|tan|pin)\b[^\d\n]{{0,25}}){_A_CODE}"),
         rf"\1{SECRET}"),
        (_pattern(rf"(?<![\w-]){_A_CODE}(\s+(?:is|was|ist)\s+(?:\w+\s+){{1,3}}(?:code|otp|pin|tan)\b)"),
         rf"{SECRET}\1"),
    )),
    (re.compile(r"\d\d\d[ -]?\d\d\d"), (
        (_pattern(r"^([ \t]*)\d{3}[ -]?\d{3}([ \t]*)$", re.MULTILINE), rf"\1{SECRET}\2"),
        (_pattern(r"(?<![\w-])\d{6}(?:-\d{6}){7}(?![\w-])"), SECRET),
    )),
    # What looks like nothing else.
    (re.compile(r"[0-9a-z+/_-]{32}"), (
        (_pattern(r"(?<![\w+/=-])[0-9a-f]{32,}(?![\w+/=-])"), SECRET),
        (_pattern(r"(?<![\w+/=-])(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{32,}={0,2}",
                  re.ASCII), SECRET),
    )),
    # What may stand before it comes second: a search is quick where it begins with characters.
    (re.compile(r"\d(?:[ -]?\d){12}"), (
        (_pattern(r"\d(?<![\w-]\d)(?:[ -]?\d){12,18}(?![\w-])"), _card_masked),
    )),
)  # fmt: skip
"""What is replaced and by what, in this order; a group only where its hint stands in the text as
`folded`, since to look for that is far quicker."""
