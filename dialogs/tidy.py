"""Finds addresses in a text, and tidies one that was copied: what is judged stands in addresses."""

import re
import unicodedata

import idna

QUOTES = '"«»“”„‟‘’‚‹›'
_AROUND = f" <>()[],;{QUOTES}"
_MARKS = "'*_`~{}"  # legal in a local part, so they go from its front only where they close as well
_CLOSING = f"{_AROUND}{_MARKS}.:!?。、"
_SCHEME = r"(?i:sips?|mailto|im|tel|skype):(?://)?"
_OPENING = re.compile(rf"(?:[{re.escape(_AROUND)}¡¿]|{_SCHEME})*")
_OPENING_WITH_MARKS = re.compile(rf"(?:[{re.escape(_AROUND + _MARKS)}¡¿]|{_SCHEME})*")

# No part can begin inside what another has passed over, so that each takes linear time.
_IN_BRACKETS = re.compile(r"<([^<>@]*@[^<>]*)>")
CONVERTED = re.compile(r"([^()@]*)\(([^()@]+)\)@([^()@]+)")
_WORD = r"\w\u0300-\u1fff"  # \w lacks the vowel signs of many scripts
_RUN = rf"[{_WORD}.!#$%&'*+/=?^`{{|}}~-]*"  # whole: half a local part is somebody else's
_IN_PROSE = re.compile(
    rf"\w{_RUN}(?:\([^()\s@]*\){_RUN})*(?:@[^\W_][{_WORD}-]*(?:\.\w[{_WORD}-]*)*)*"
)

_BLANK = re.compile(r"\s")
_CHUNK = re.compile(r".[^\x00-\x7f]{0,63}", re.DOTALL)
# Characters that show nothing, beside those of the category Cf: joiners, fillers, selectors.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def find_addresses(text: str) -> tuple[str, ...]:
    """Every address in a sentence once, in order, as written but without what surrounds it.

    Whether it can be converted is not asked; a word with two @ is left to `convert` to refuse.

    >>> find_addresses("Add bob@contoso.com, or is it bob(contoso.com)@msn.com?")
    ('bob@contoso.com', 'bob(contoso.com)@msn.com')
    """
    words = (match.group() for match in _IN_PROSE.finditer(legible(text)))
    return tuple(dict.fromkeys(_trim(word.rstrip("-")) for word in words if word.count("@") == 1))


def normalise(text: str) -> str:
    """An address without what comes along when it is copied; only the domain's case is changed.

    Takes away schemes with their parameters, a display name, surrounding punctuation, full-width
    and invisible characters. A text that is no address is only trimmed. Never raises.

    >>> normalise("Bob <sip:Bob@Contoso.com>, ")
    'Bob@contoso.com'
    """
    text = legible(text).strip()
    bracketed = set(_IN_BRACKETS.findall(text))
    if len(bracketed) > 1:
        return text  # several people: choosing one is not ours
    text = _trim(bracketed.pop() if bracketed else text)
    if text.count("@") != 1:
        return text
    if match := CONVERTED.fullmatch(text):
        local, inner, suffix = match.groups()
        return f"{local}({comparable(inner)})@{comparable(suffix)}"
    local, _, domain = text.partition("@")
    return f"{local}@{comparable(domain)}"


def legible(text: str) -> str:
    """Text in compatibility form (full-width → ASCII), each blank a space, nothing invisible."""
    if not text.isascii():
        # In chunks: a long run of combining marks costs unicodedata.normalize quadratic time.
        text = _CHUNK.sub(lambda chunk: unicodedata.normalize("NFKC", chunk.group()), text)
        text = "".join(c for c in _INVISIBLE.sub("", text) if unicodedata.category(c) != "Cf")
    return _BLANK.sub(" ", text)


def _trim(text: str) -> str:
    """Text without surrounding punctuation, scheme, and a scheme's parameters."""
    body = text.rstrip(_CLOSING)
    closed = any(mark in text[len(body) :] for mark in _MARKS)
    opening = (_OPENING_WITH_MARKS if closed else _OPENING).match(body)
    assert opening, "both match the empty string too"
    body = body[opening.end() :]
    if ":" not in opening.group():
        return body
    local, at, rest = body.partition("@")
    return local + at + re.split("[;:?]", rest, maxsplit=1)[0].rstrip(_CLOSING)


def comparable(domain: str) -> str:
    """A domain as it is compared; in lower case only where it is not a valid one."""
    return a_label(domain) or domain.lower()


def a_label(domain: str) -> str | None:
    """A domain in ASCII (UTS #46), None where it has no such form: `bücher.de`, `xn--bcher-kva.de`.

    Only what needs it goes through idna, which refuses names that do exist (`r3---sn.example`).
    """
    plain = domain.lower()
    if plain.isascii() and "xn--" not in plain:
        return plain
    if len(domain) > 253:
        return None
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        return None
