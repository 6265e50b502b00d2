"""Asks DNS for a domain's federation record (SRV, RFC 2782), by dnspython.

The only module that knows dnspython; the service loads it where ASSISTANT_DIRECTORY_DNS is set.
"""

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver
from dns.nameserver import Do53Nameserver

from bot.directory.facts import RECORD
from bot.directory.routes import PATIENCE, SILENCE, Record

PORT = 5061
"""Where the documents have the record lead to. Nothing says that another port is wrong, either."""
UNKNOWN = Record(None, SILENCE)


class NoNameserver(Exception):
    """The system names no nameserver."""


def resolver(
    nameserver: str = "", port: int = 53, patience: float = PATIENCE
) -> dns.asyncresolver.Resolver:
    """One that gives up after `patience` seconds; without a nameserver it asks the system's.

    Raises NoNameserver where the system has none.
    """
    try:
        made = dns.asyncresolver.Resolver(configure=not nameserver)
    except dns.resolver.NoResolverConfiguration as error:
        raise NoNameserver from error
    if nameserver:
        made.nameservers = [Do53Nameserver(nameserver, port)]
    made.lifetime = made.timeout = patience
    return made


async def federation_record(resolver: dns.asyncresolver.Resolver, domain: str) -> Record:
    """What DNS says; only a plain no is no, and all else that is no answer is unknown."""
    try:
        name = dns.name.from_text(f"{RECORD}{domain}.")
        answer = await resolver.resolve(name, "SRV", raise_on_no_answer=False, search=False)
    except dns.resolver.NXDOMAIN as error:
        response = error.response(name)  # type: ignore[no-untyped-call]
        return Record((), response.resolve_chaining().minimum_ttl)
    except dns.exception.DNSException:
        return UNKNOWN
    if answer.rrset is None and _is_referral(answer.response):
        return UNKNOWN
    return Record(_targets(answer), answer.chaining_result.minimum_ttl)


def _targets(answer: dns.resolver.Answer) -> tuple[str, ...] | None:
    """The hosts on the documented port; None where there are hosts, but on other ports alone.

    A target that is the root says that the service is decidedly not there.
    """
    there = [record for record in answer if record.target != dns.name.root]
    hosts = (r.target.to_text(omit_final_dot=True).lower() for r in there if r.port == PORT)
    return tuple(sorted(hosts)) or (None if there else ())


def _is_referral(response: dns.message.Message) -> bool:
    """Whether a server without an answer only names others (RFC 2308, section 2.2)."""
    kinds = {rrset.rdtype for rrset in response.authority}
    return dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds
