"""Reads what an organisation is asked for: its domains, servers, agreement, and whom to answer.

No document says what a Microsoft agreement number looks like: only what cannot be one is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from dialogs import addresses
from dialogs.addresses import AddressRules, Status, Why
from dialogs.tidy import find_addresses, normalise

ACCESS_EDGE = "access edge fqdn"
"""The question whose answer is a server's name, and so is never a SIP domain."""
MOST_FURTHER = 9
"""Server names beside the first one: a request held at most ten (FAQ, Dn440172)."""
LONGEST_NAME = 80


class Fault(StrEnum):
    """Why a text is no answer; each has its sentence in knowledge/."""

    NO_AGREEMENT_NUMBER = "no-agreement-number"
    NO_DOMAIN_NAME = "no-domain-name"
    BAD_DOMAIN_NAME = "bad-domain-name"
    ONE_WORD = "one-word"
    ADDRESS = "address-not-domain"
    IP_ADDRESS = "ip-address"
    INSIDE_ONLY = "inside-only"
    DOMAIN_NOT_SERVER = "domain-not-server"
    SERVER_NOT_DOMAIN = "server-not-domain"
    TOO_MANY_SERVERS = "too-many-servers"
    ONE_ONLY = "one-only"
    NO_NAME = "no-name"
    NO_MAIL_ADDRESS = "no-mail-address"
    MAIL_IN_BRACKETS = "mail-in-brackets"
    NO_PHONE_NUMBER = "no-phone-number"


@dataclass(frozen=True)
class Refusal:
    """Why there is no answer in a text; `input` is the part of it that is at fault."""

    input: str
    why: Fault


Answers = Mapping[str, str]
Reader = Callable[[str, Answers], str | Refusal]
"""Takes a text, and what was answered before by question, to a value or to why there is none."""

_AGREEMENT_NUMBER = re.compile(r"(?=(?:\D*\d){4})[A-Za-z0-9](?:[-/]?[A-Za-z0-9]){4,24}")
_PHONE_NUMBER = re.compile(
    r"(?<!\d)[+(]*\d(?:[ ()./-]{0,3}\d){5,14}(?!\d)(?: ?(?:x|ext\.?) ?\d{1,6})?"
)
_IP_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_URL = re.compile(r"(?:\w+://)?@?([^/:]*)(?::\d+)?(?:/.*)?")
_INSIDE = re.compile(r".*\.(?:local|localdomain|localhost|lan|internal|intranet|corp|home)")
_SERVER = re.compile(
    r"(?:sip|sipfed|sipexternal|access|accessedge|edge|webconf|av|meet|dialin|lyncdiscover|www)"
    r"[-\d]*\.[^.]+\..+"
)


def agreement_number(text: str, _: Answers) -> str | Refusal:
    """The one word that can be a Microsoft agreement number, which has four digits at least."""
    found = [word for word in _words(text) if _AGREEMENT_NUMBER.fullmatch(word)]
    return _one(found, text, Fault.NO_AGREEMENT_NUMBER)


def server_name(text: str, _: Answers) -> str | Refusal:
    """The fully qualified name of one server, as in accessedge.contoso.com."""
    found = _each(_server, _names(text))
    return found if isinstance(found, Refusal) else _one(found, text, Fault.NO_DOMAIN_NAME)


def server_names(text: str, _: Answers) -> str | Refusal:
    """Any number of them, as far as one request took them."""
    found = _each(_server, _names(text))
    if isinstance(found, Refusal):
        return found
    too_many = len(found) > MOST_FURTHER
    return Refusal(text, Fault.TOO_MANY_SERVERS) if too_many else ", ".join(found)


def sip_domains(text: str, before: Answers) -> str | Refusal:
    """The domains that stand behind the @ in people's SIP addresses; a server's name is none."""

    def sip_domain(name: str) -> str | Refusal:
        found = _domain(name)
        if isinstance(found, Refusal):
            return found
        is_server = found == before.get(ACCESS_EDGE) or _SERVER.fullmatch(found)
        return Refusal(name, Fault.SERVER_NOT_DOMAIN) if is_server else found

    found = _each(sip_domain, _names(text))
    return found if isinstance(found, Refusal) else ", ".join(found)


def name(text: str, _: Answers) -> str | Refusal:
    """The name of a person or an enterprise: short, with a letter in it, and no question."""
    said = " ".join(text.split())
    is_name = len(said) <= LONGEST_NAME and any(map(str.isalpha, said)) and "?" not in said
    return said if is_name else Refusal(text, Fault.NO_NAME)


def mail_address(text: str, _: Answers) -> str | Refusal:
    """An address at which somebody receives mail, so not one in converted form."""
    found = _one(find_addresses(text), text, Fault.NO_MAIL_ADDRESS)
    if isinstance(found, Refusal):
        return found
    match addresses.convert_account(found, AddressRules()).status:
        case Status.ALREADY:
            return Refusal(found, Fault.MAIL_IN_BRACKETS)
        case Status.REJECTED:
            return Refusal(found, Fault.NO_MAIL_ADDRESS)
    return normalise(found)


def phone_number(text: str, _: Answers) -> str | Refusal:
    """A phone number as it is written, with its extension."""
    return _one(_PHONE_NUMBER.findall(text), text, Fault.NO_PHONE_NUMBER)


READERS: Mapping[str, Reader] = {
    "agreement number": agreement_number,
    "server name": server_name,
    "server names or none": server_names,
    "sip domains": sip_domains,
    "name": name,
    "mail address": mail_address,
    "phone number": phone_number,
}
"""The reader of each kind of answer."""


def _words(text: str) -> list[str]:
    words = (word.strip("\"'“”„()[]<>`.:!?") for word in re.split(r"[\s,;]+", text))
    return [word for word in words if word]


def _names(text: str) -> list[str]:
    """What is meant for names: between commas the words with a dot in them, or else all of it."""
    parts = [words for part in re.split(r"[,;\n]", text) if (words := _words(part))]
    names = ([w for w in words if "." in w] or [" ".join(words)] for words in parts)
    return list(chain.from_iterable(names)) or [""]


def _one(found: Sequence[str], text: str, none: Fault) -> str | Refusal:
    if len(found) == 1:
        return found[0]
    return Refusal(text, Fault.ONE_ONLY if found else none)


def _each(read: Callable[[str], str | Refusal], names: list[str]) -> list[str] | Refusal:
    """What is read from each name, once; the first refusal, where there is one."""
    values: dict[str, None] = {}
    for name in names:
        found = read(name)
        if isinstance(found, Refusal):
            return found
        values[found] = None
    return list(values)


def _server(name: str) -> str | Refusal:
    found = _domain(name)
    if isinstance(found, Refusal) or found.count(".") > 1:
        return found
    return Refusal(name, Fault.DOMAIN_NOT_SERVER)


def _domain(name: str) -> str | Refusal:
    """A domain or the name of a server, such as can be reached from outside."""
    in_url = _URL.fullmatch(name)
    host = in_url[1] if in_url else name
    found = addresses.read_domain(host)
    if not isinstance(found, Why):
        return Refusal(name, Fault.INSIDE_ONLY) if _INSIDE.fullmatch(found) else found
    return Refusal(name, _fault(host, found))


def _fault(host: str, why: Why) -> Fault:
    """What a text is that is no domain."""
    if not host or " " in host:
        return Fault.NO_DOMAIN_NAME
    if _IP_ADDRESS.fullmatch(host):
        return Fault.IP_ADDRESS
    if host.count("@") == 1:
        return Fault.ADDRESS
    return Fault.ONE_WORD if why is Why.LONE_TOP_LEVEL_DOMAIN else Fault.BAD_DOMAIN_NAME
