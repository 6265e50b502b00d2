"""The address rules of Lync–Skype: which address has to be written differently in Lync, and how.

A Microsoft account on a custom domain is typed as `user(domain)@msn.com`. Lync accepts whatever is
typed and shows a wrong contact as Offline for ever (KB 897567), so a mistake is caught here or
nowhere: what cannot be an account's address is refused, with a reason of its own.

A converted address is a valid SIP URI but no ordinary e-mail address; an e-mail validator refuses
it and a mailto: link breaks it.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from dialogs.tidy import CONVERTED, QUOTES, a_label, comparable, normalise

DOCUMENTED_SUFFIX = "msn.com"
FIELD_REPORT_SUFFIX = "hotmail.com"
SKYPE_NAME_DOMAIN = "skypeids.net"


class Status(StrEnum):
    """What comes of an address; the values stand in the command line's JSON."""

    CONVERTED = "converted"
    ORDINARY = "ordinary"
    ALREADY = "already"
    OWN_DOMAIN = "own-domain"
    REVERTED = "reverted"
    REJECTED = "rejected"


class Why(StrEnum):
    """Why a status was given; each has its sentence in knowledge/."""

    CUSTOM_DOMAIN = "custom-domain"
    REGIONAL_DOMAIN = "regional-domain"
    IDN_DOMAIN = "idn-domain"
    NATIVE_DOMAIN = "native-domain"
    OWN_DOMAIN = "own-domain"
    ALREADY_CONVERTED = "already-converted"
    ALREADY_HOTMAIL_SUFFIX = "already-hotmail-suffix"
    ALREADY_NEEDLESS = "already-needless"
    ALREADY_OWN_DOMAIN = "already-own-domain"
    REVERTED = "reverted"
    NOT_CONVERTED = "not-converted"
    EMPTY = "empty"
    SKYPE_NAME = "skype-name"
    LIVE_ID = "live-id"
    SKYPEIDS = "skypeids"
    PHONE_NUMBER = "phone-number"
    NO_ADDRESS = "no-address"
    NO_LOCAL_PART = "no-local-part"
    NO_DOMAIN = "no-domain"
    TWO_ATS = "two-ats"
    PARENTHESES = "parentheses"
    SUFFIX_MISSING = "suffix-missing"
    OTHER_SUFFIX = "other-suffix"
    QUOTES = "quotes"
    SPACES = "spaces"
    CONTROL_CHARACTERS = "control-characters"
    NON_ASCII_LOCAL_PART = "non-ascii-local-part"
    BAD_LOCAL_PART = "bad-local-part"
    STRAY_DOT = "stray-dot"
    TOO_LONG = "too-long"
    LONE_TOP_LEVEL_DOMAIN = "lone-top-level-domain"
    BAD_DOMAIN = "bad-domain"


REASONS = frozenset(Why)


@dataclass(frozen=True)
class AddressRules:
    """What an organisation may set; domains are kept as they are compared (lower case, A-labels).

    The four native domains are the union of all that Microsoft's pages name (provisioning guide;
    `NameDecorationExcludedDomainList` in Dn440170; KB 2566829). No page lists their regional
    sisters (hotmail.co.uk, live.fr): those are converted, as the Lync client does, and uncertain.
    """

    native_domains: frozenset[str] = frozenset(
        {"msn.com", "outlook.com", "live.com", "hotmail.com"}
    )
    suffix: str = DOCUMENTED_SUFFIX
    own_domains: frozenset[str] = frozenset()
    regional_names: frozenset[str] = frozenset({"msn", "outlook", "live", "hotmail"})

    def __post_init__(self) -> None:
        # object.__setattr__ is the one way to tidy a frozen value's fields while it is made.
        for name in ("native_domains", "own_domains"):
            object.__setattr__(self, name, frozenset(map(comparable, getattr(self, name))))
        object.__setattr__(self, "suffix", comparable(self.suffix))


@dataclass(frozen=True)
class Conversion:
    """What comes of a text: the address to type in Lync, None where it was rejected.

    Where the status is own-domain nothing has been decided and `address` is the plain one.
    `uncertain` marks a regional or internationalised domain, for which no document speaks.
    """

    input: str
    status: Status
    address: str | None
    why: Why
    uncertain: bool = False


def convert(text: str, rules: AddressRules) -> Conversion:
    """The form in which Lync needs an address (provisioning guide, custom domain name).

    Never raises. One already in converted form stays as it is, though the domain in the brackets
    be native or an own one: it works, and the brackets say that a Microsoft account is meant.

    >>> convert("bob@contoso.com", AddressRules()).address
    'bob(contoso.com)@msn.com'
    """
    parts = _parse(normalise(text), rules)
    if isinstance(parts, Why):
        return Conversion(text, Status.REJECTED, None, parts)
    kind = _kind(parts.domain, rules)
    uncertain = kind in {Why.REGIONAL_DOMAIN, Why.IDN_DOMAIN}
    if parts.suffix:
        why = _why_already(kind, parts.suffix, rules)
        return Conversion(text, Status.ALREADY, parts.converted(parts.suffix), why, uncertain)
    if kind is Why.NATIVE_DOMAIN:
        return Conversion(text, Status.ORDINARY, parts.plain, kind)
    if kind is Why.OWN_DOMAIN:
        return Conversion(text, Status.OWN_DOMAIN, parts.plain, kind)
    return Conversion(text, Status.CONVERTED, parts.converted(rules.suffix), kind, uncertain)


def convert_account(text: str, rules: AddressRules) -> Conversion:
    """The same for what is known to be a Microsoft account; never answers own-domain."""
    return convert(text, replace(rules, own_domains=frozenset()))


def revert(text: str, rules: AddressRules) -> Conversion:
    """The plain address behind a converted one; rejected where it is not in converted form.

    >>> revert("bob(contoso.com)@msn.com", AddressRules()).address
    'bob@contoso.com'
    """
    parts = _parse(normalise(text), rules)
    if isinstance(parts, Why):
        return Conversion(text, Status.REJECTED, None, parts)
    if not parts.suffix:
        return Conversion(text, Status.REJECTED, None, Why.NOT_CONVERTED)
    return Conversion(text, Status.REVERTED, parts.plain, Why.REVERTED)


def read_domain(text: str) -> str | Why:
    """A domain by itself as it is compared, or why it is none.

    >>> read_domain("Contoso.com")
    'contoso.com'
    """
    domain = comparable(text)
    return _domain_flaw(domain) or domain


# --- reading and judging --------------------------------------------------------------------

_COUNTRY = re.compile(r"(?:com?\.)?[a-z]{2}")
_PHONE_NUMBER = re.compile(r"\+?[\d ()./-]*\d[ ()./-]*")
_LIVE_ID = re.compile(r"(?:8:)?live:.*", re.IGNORECASE | re.DOTALL)
_SKYPE_NAME = re.compile(r"[A-Za-z0-9][^\s()]*")
_SUFFIX_MISSING = re.compile(r"[^()\s]+\([^()\s]+")  # the closing bracket was trimmed away
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_DOT_ATOM = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
_ANYWHERE = (
    (re.compile(" "), Why.SPACES),
    (re.compile(r"[\x00-\x1f\x7f-\x9f]"), Why.CONTROL_CHARACTERS),
    (re.compile(f"[{QUOTES}]"), Why.QUOTES),
    (re.compile(r"[()]"), Why.PARENTHESES),
)


@dataclass(frozen=True)
class _Parts:
    """What an address consists of; `suffix` is empty where it is a plain one."""

    local: str
    domain: str
    suffix: str = ""

    @property
    def plain(self) -> str:
        return f"{self.local}@{self.domain}"

    def converted(self, suffix: str) -> str:
        return f"{self.local}({self.domain})@{suffix}"


def _parse(address: str, rules: AddressRules) -> _Parts | Why:
    """The parts of a normalised address, or why it is none."""
    if "@" not in address:
        return _why_without_at(address)
    if address.count("@") > 1:
        return Why.TWO_ATS
    if match := CONVERTED.fullmatch(address):
        parts = _Parts(*match.groups())
        if parts.suffix not in {rules.suffix, DOCUMENTED_SUFFIX, FIELD_REPORT_SUFFIX}:
            return Why.OTHER_SUFFIX
    else:
        parts = _Parts(*address.split("@"))
    return _flaw(parts) or parts


def _why_without_at(text: str) -> Why:
    """What a text without @ is taken for; Lync needs a Microsoft account, not these."""
    if not text:
        return Why.EMPTY
    shapes = (
        (_LIVE_ID, Why.LIVE_ID),
        (_PHONE_NUMBER, Why.PHONE_NUMBER),
        (_SUFFIX_MISSING, Why.SUFFIX_MISSING),
        (_SKYPE_NAME, Why.SKYPE_NAME),
    )
    return next((why for shape, why in shapes if shape.fullmatch(text)), Why.NO_ADDRESS)


def _flaw(parts: _Parts) -> Why | None:
    """Why these parts make no address; None where they do."""
    if _LIVE_ID.match(parts.local):
        return Why.LIVE_ID
    for pattern, why in _ANYWHERE:
        if pattern.search(parts.plain):
            return why
    flaw = _domain_flaw(parts.domain) or _local_flaw(parts.local)
    return flaw or (Why.TOO_LONG if len(parts.plain) > 254 else None)


def _local_flaw(local: str) -> Why | None:
    """Why this cannot stand before the @: a dot-atom of RFC 5322 and at most 64 characters."""
    if not local:
        return Why.NO_LOCAL_PART
    if len(local) > 64:
        return Why.TOO_LONG
    if not local.isascii():
        return Why.NON_ASCII_LOCAL_PART  # the user part of a SIP URI is ASCII (RFC 3261)
    if not _DOT_ATOM.fullmatch(local):
        return Why.BAD_LOCAL_PART
    return Why.STRAY_DOT if "" in local.split(".") else None


def _domain_flaw(domain: str) -> Why | None:
    """Why this cannot be the domain of an account: host name syntax, at least two labels."""
    if not domain:
        return Why.NO_DOMAIN
    labels = domain.split(".")
    if len(domain) > 253 or max(map(len, labels)) > 63:
        return Why.TOO_LONG
    if domain == SKYPE_NAME_DOMAIN:
        return Why.SKYPEIDS
    well_formed = a_label(domain) and all(map(_LABEL.fullmatch, labels))
    if not well_formed or labels[-1].isdigit():
        return Why.BAD_DOMAIN
    return Why.LONE_TOP_LEVEL_DOMAIN if len(labels) == 1 else None


def _kind(domain: str, rules: AddressRules) -> Why:
    """What sort of domain this is. Matched whole: mail.live.com and notlive.com are not native."""
    if domain in rules.native_domains:
        return Why.NATIVE_DOMAIN
    if domain in rules.own_domains:
        return Why.OWN_DOMAIN
    name, _, rest = domain.partition(".")
    if name in rules.regional_names and _COUNTRY.fullmatch(rest):
        return Why.REGIONAL_DOMAIN
    return Why.IDN_DOMAIN if "xn--" in domain else Why.CUSTOM_DOMAIN


def _why_already(kind: Why, suffix: str, rules: AddressRules) -> Why:
    """The remark that an address in converted form deserves, the weightiest first."""
    if kind is Why.NATIVE_DOMAIN:
        return Why.ALREADY_NEEDLESS
    if suffix == FIELD_REPORT_SUFFIX != rules.suffix:
        return Why.ALREADY_HOTMAIL_SUFFIX
    return Why.ALREADY_OWN_DOMAIN if kind is Why.OWN_DOMAIN else Why.ALREADY_CONVERTED
