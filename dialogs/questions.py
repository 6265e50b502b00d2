"""Everything a procedure can find out by name, and the values its sentences can name.

A rule that needs thought is a function here, not an expression in a file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogs import addresses
from dialogs.addresses import AddressRules, Conversion, Status
from dialogs.model import Finding, Found, Person, PicStatus, Want
from dialogs.particulars import Refusal
from dialogs.sentences import fill
from dialogs.tidy import normalise

CONTACT = "contact address"
ENABLED = "am I enabled for skype contacts"
SIP = "sip address"
LONGEST_SHOWN = 80
"""Characters of a refused address that are said back."""


@dataclass(frozen=True)
class Facts:
    """What a turn knows: who speaks, the address rules, what was found out, why a form is right.

    `reasons` maps each reason code of an address or a refused answer to its sentence, `named` has
    what else sentences can name; an `agent` may ask about other people's accounts.
    """

    person: Person
    rules: AddressRules
    reasons: Mapping[str, str]
    found: Found = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    agent: bool = False

    @property
    def on_skype(self) -> bool:
        """Whether this person signs in with a Microsoft account of Microsoft's own domains."""
        return self.person.address.rpartition("@")[2].lower() in self.rules.native_domains

    @property
    def own(self) -> Finding | None:
        """What was found out about this person's own account in this turn."""
        return self.found.get(PicStatus(self.person.address))


Answers = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A question by name: the answer it reads (an `ask` of that name), what can come of it, and
    how. `decide` returns an outcome, or what has to be found out first.

    One that reads nothing is asked once in a procedure: its answer does not change on the way.
    """

    outcomes: frozenset[str]
    reads: str
    decide: Callable[[Facts, Answers], str | Want]


def lync_address(facts: Facts, answers: Answers) -> str | Want:
    """How the contact's address has to be written in Lync (guide, custom domain name)."""
    status = addresses.convert(answers[CONTACT], facts.rules).status
    return {
        Status.CONVERTED: "converted",
        Status.ALREADY: "already",
        Status.OWN_DOMAIN: "own domain",
    }.get(status, "ordinary")


def lync_address_of_account(facts: Facts, answers: Answers) -> str | Want:
    """The same for an address on an own domain that is known to be a Microsoft account."""
    status = addresses.convert_account(answers[CONTACT], facts.rules).status
    return {Status.CONVERTED: "converted", Status.ALREADY: "already"}.get(status, "ordinary")


def kind_of_sip_address(facts: Facts, answers: Answers) -> str | Want:
    """Whether what was given can be a Lync person's SIP URI."""
    address = answers[SIP]
    if addresses.convert(address, facts.rules).status is Status.ALREADY:
        return "converted form"
    domain = address.rpartition("@")[2]
    return "microsoft account" if domain in facts.rules.native_domains else "lync"


def enabled_for_skype(facts: Facts, _: Answers) -> str | Want:
    """Whether the person who speaks may talk to people on Skype; unknown is never no.

    Who is on Skype has no account that could be looked up.
    """
    if not facts.person.address or facts.on_skype:
        return "unknown"
    want = PicStatus(facts.person.address)
    return facts.found[want].outcome if want in facts.found else want


QUESTIONS: Mapping[str, Question] = {
    "lync address": Question(
        frozenset({"converted", "ordinary", "already", "own domain"}), CONTACT, lync_address
    ),
    "lync address of a microsoft account": Question(
        frozenset({"converted", "ordinary", "already"}), CONTACT, lync_address_of_account
    ),
    "kind of sip address": Question(
        frozenset({"lync", "converted form", "microsoft account"}), SIP, kind_of_sip_address
    ),
    ENABLED: Question(frozenset({"yes", "no", "unknown"}), "", enabled_for_skype),
}

MISSING = "what is missing"
"""What to send to whoever can enable the person's account."""

VALUES: Mapping[str, str] = {
    MISSING: ENABLED,
    "lync address": CONTACT,
    "why this form": CONTACT,
    CONTACT: CONTACT,
    SIP: SIP,
}
"""The names that every sentence may put in braces, and the answer each is made of."""


NAMED = ("input", "address", "plain", "domain", "suffix")
"""The names a sentence of addresses.yaml may put in braces."""


def reason(result: Conversion | Refusal, facts: Facts) -> str:
    """The sentence on what became of an address, or on why there is no answer, and why."""
    named = _named(result, facts) if isinstance(result, Conversion) else {}
    return fill(facts.reasons[result.why], {"input": _shown(result.input), **named})


def _named(conversion: Conversion, facts: Facts) -> dict[str, str]:
    _, _, domain = normalise(conversion.input).rpartition("@")
    plain = addresses.revert(conversion.input, facts.rules).address
    return {
        "address": conversion.address or "",
        "domain": (plain or domain).rpartition("@")[2],
        "plain": plain or "",
        "suffix": facts.rules.suffix,
    }


def _shown(text: str) -> str:
    """What a person typed, short, and without the mark that could end its frame of backticks."""
    text = " ".join(text.replace("`", "'").split())
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def values(facts: Facts, answers: Answers) -> Mapping[str, str]:
    """What the names in braces stand for, as far as it is known yet."""
    known = {**facts.named, **answers}
    if CONTACT in answers:
        conversion = addresses.convert_account(answers[CONTACT], facts.rules)
        known["lync address"] = conversion.address or answers[CONTACT]
        known["why this form"] = reason(conversion, facts)
    if SIP in answers:
        plain = addresses.revert(answers[SIP], facts.rules)
        known[SIP] = plain.address or answers[SIP]
    return known
