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
_LOOKS_LIKE_ONE = r"(?=\S*[\d!#$%&*^§])(?=\S*[^\W\d])"
_NO_NAME = r"(?!(?:this|that|it|what|which|here|there|where|das|dies|was|hier)\b)"
_NO_OTHER_NAME = rf"(?!{_NAMES}{_WHOSE}(?:\s*(?:[:=]|->|→)\s*\S|{_IS}\S|\s+{_LOOKS_LIKE_ONE}))"
_ITS = r"(?:(?:my|the|his|her|our|their|a|mein|das)\s+)"
_SIGNS_IN = (
    rf"(?:{_NAMES}|log-?[io]n|sign-?in|user(?:[ -]?(?:name|id))?|account|anmeldung|konto"
    r"|benutzer(?:name)?)"
)
_NO_ADDRESS = r"(?!\S+@\S+\.)"
_A_CODE = r"(?:\d{3}[ -]\d{3,4}|\d{4,8})(?![\w-])"
_OTHER_CODES = "".join(
    f"(?<!{kind} )" for kind in ("error", "status", "event", "area", "zip", "postal", "country")
)
_SCHEME = r"(?<![\w+.-])([a-z][a-z0-9+.-]{0,20}://)"
_FOR_ONCE = re.compile(
    r"reset|invit|join|verif|confirm|activat|recover|unlock|magic|token|one-?time|sign-?up",
    re.IGNORECASE,
)
# A digit before a letter: in a name that somebody gave, the digits come last.
_DRAWN = re.compile(
    r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]{20})[\w-]*?\d[a-zA-Z]", re.ASCII
)
_DRAWN_FOR_ONCE = re.compile(r"(?<![a-zA-Z\d])(?=[a-zA-Z\d]{8})[a-zA-Z\d]*?\d[a-zA-Z]", re.ASCII)
_GUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_SHORTEST_ACCOUNT = 15
"""Characters, in Norway."""


def _pattern(text: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(text, flags)


def _bare_link(link: re.Match[str]) -> str:
    """A link without who signs in there, and without what it carries."""
    place, mark, _ = re.split(r"([?#]|\Z)", link[2], maxsplit=1)
    host, slash, path = place.partition("/")
    bare = _bare_path(host.rpartition("@")[2] + slash + path)
    return f"{link[1]}{bare}{mark and mark + SECRET}"


def _bare_path(path: str) -> str:
    """A path without what looks drawn by chance; less will do where a link is good for once."""
    parts, for_once = [], False
    for part in path.split("/"):
        drawn = _DRAWN_FOR_ONCE.search(part) if for_once else _DRAWN.search(_GUID.sub("", part))
        parts.append(SECRET if drawn else part)
        for_once = for_once or bool(_FOR_ONCE.search(part))
    return "/".join(parts)


def _masked_but_link(found: re.Match[str]) -> str:
    """In a link each part of the path has been judged by itself."""
    return found[0] if found[1] else SECRET


def _card_masked(number: re.Match[str]) -> str:
    """A number that could be that of a payment card (ISO/IEC 7812-1: by its check digit)."""
    digits = [int(digit) for digit in reversed(number[0]) if digit.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return number[0] if (sum(digits[::2]) + sum(doubled)) % 10 else SECRET


def _account_masked(account: re.Match[str]) -> str:
    """The longest beginning that is a bank account's number (ISO 13616: by its check digits)."""
    text = account[0]
    for piece in reversed([*re.finditer(r"[^ -]+", text)]):
        compact = re.sub("[ -]", "", text[: piece.end()])
        digits = "".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])
        if len(compact) >= _SHORTEST_ACCOUNT and int(digits) % 97 == 1:
            return SECRET + text[piece.end() :]
    return text


Masked = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]

SECRETS: tuple[tuple[re.Pattern[str], Masked], ...] = (
    (re.compile(r"://"), (
        (_pattern(rf"{_SCHEME}(\S+)"), _bare_link),
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
        (_pattern(rf"\b({_NAMES}{_WHOSE}\s*(?:[:=]>?|->|→))(\s*){_NO_OTHER_NAME}{_VALUE}"),
         rf"\1\2{SECRET}"),
        (_pattern(rf"\b({_NAMES}{_WHOSE}{_IS}){_SAYS_HOW_IT_IS}{_VALUE}"), rf"\1{SECRET}"),
        (_pattern(rf"\b((?:chang|set|reset|us)\w*\s.{{0,40}}?\b{_NAMES}{_WHOSE}\s+(?:to|as|auf)\s+)"
                  rf"{_SAYS_HOW_IT_IS}{_VALUE}"), rf"\1{SECRET}"),
        (_pattern(rf"\b((?:chang|set|reset)\w*\s.{{0,40}}?\b{_NAMES}{_WHOSE}\s+from\s+){_VALUE}"
                  rf"(\s+to\s+){_VALUE}"), rf"\1{SECRET}\2{SECRET}"),
        (_pattern(rf"\b({_NAMES}{_WHOSE}\s+(?:\w+\s+){{1,3}}(?:changed|set|reset)\s+to\s+)"
                  rf"{_SAYS_HOW_IT_IS}{_VALUE}"), rf"\1{SECRET}"),
        (_pattern(rf"(?<!\S){_NO_NAME}{_VALUE}(\s+(?:(?:is|was|ist|war|for)\s+{_ITS}|(?:as|als)\s+{_ITS}?)"
                  rf"(?:\w+\s+)?{_NAMES}\b)"), rf"{SECRET}\1"),
        (_pattern(rf"\b({_NAMES}\s+){_LOOKS_LIKE_ONE}{_VALUE}"), rf"\1{SECRET}"),
    )),
    (re.compile(r"/(?<=[ \t]/)[ \t]"), (
        (_pattern(rf"\b({_SIGNS_IN}(?:\s*[:=]\s*|{_IS}|\s+)[^\s/]+[ \t]+/[ \t]+)"
                  rf"{_NO_ADDRESS}{_LOOKS_LIKE_ONE}{_VALUE}"), rf"\1{SECRET}"),
    )),
    (re.compile(r"(?:code|otp|tan|pin)(?![a-z])"), (
        (_pattern(rf"{_OTHER_CODES}\b((?:code|otp|tan|pin)\b[^\d\n]{{0,25}}){_A_CODE}"),
         rf"\1{SECRET}"),
        (_pattern(rf"(?<![\w-]){_A_CODE}(\s+(?:is|was|ist)\s+(?:\w+\s+){{1,3}}(?:code|otp|pin|tan)\b)"),
         rf"{SECRET}\1"),
    )),
    # What looks like nothing else.
    (re.compile(r"[0-9a-z+/_-]{32}"), (
        (_pattern(r"(?<![\w+/=-])[0-9a-f]{32,}(?![\w+/=-])"), SECRET),
        (_pattern(rf"{_SCHEME}(?=\S{{0,500}}(?a:[\w+/-]{{32}}))\S+|"
                  r"(?a-i:(?<![\w+/=-])(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)"
                  r"[\w+/-]{32,}={0,2})"), _masked_but_link),
    )),
    # Numbers that somebody goes by.
    (re.compile(r"\d(?:[ -]?\d){5}"), (
        (_pattern(r"^([ \t]*)\d{3}[ -]?\d{3}([ \t]*)$", re.MULTILINE), rf"\1{SECRET}\2"),
        (_pattern(r"(?<![\w-])\d{6}(?:-\d{6}){7}(?![\w-])"), SECRET),
        (_pattern(r"(?a:\b[a-z]{2}\d\d(?=[a-z\d -]{0,30}\d\d\d[ -]?\d\d\d)"
                  r"(?:[ -]?[a-z\d]{4}){2,7}(?:[ -]?[a-z\d]{1,3})?\b)"), _account_masked),
        # What may not stand before it comes second: a search is quick where a sign comes first.
        (_pattern(r"\d(?<![\w-]\d)(?:[ -]?\d){12,18}(?![\w-])"), _card_masked),
    )),
)  # fmt: skip
"""What is replaced and by what, in this order; a group only where its hint stands in the text as
`folded`, since to look for that is far quicker."""
