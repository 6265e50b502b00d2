"""The federation record by DNS: what is yes, no and unknown, and how often it is asked."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import dns.flags
import dns.rcode
import pytest

from bot.directory.facts import Facts
from bot.directory.routes import AT_ONCE, LONGEST, SILENCE, Record, Routed
from bot.directory.snapshot import Snapshot
from bot.directory.source import Known, Unreadable
from tests.bot.directory.conftest import SAMPLE, Api
from tests.bot.directory.deployments import ON_PREMISES, account, organisation
from tests.bot.directory.nameserver import DOMAIN, NAME, Answers, Nameserver, listening, says, srv
from tests.bot.directory.test_server import ADDRESS, asked, user
from tests.fakes import NOON, Clock

SOA = "fabrikam.com. 60 IN SOA ns.fabrikam.com. dns.fabrikam.com. 1 2 3 4 30"
AT_SIP = ("sip.fabrikam.com",)
QUICK = 0.05
"""Seconds of patience with a nameserver that will not answer."""

Start = Callable[[Answers], Awaitable[Nameserver]]


@pytest.fixture
async def nameserver() -> AsyncIterator[Start]:
    """Starts nameservers that end with the test."""
    async with AsyncExitStack() as stack:
        yield lambda answers: stack.enter_async_context(listening(answers))


# --- what DNS says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "record"),
    [
        (srv("sip.fabrikam.com."), Record(AT_SIP, 3600)),
        (srv("SIP.Fabrikam.COM.", name=NAME.upper()), Record(AT_SIP, 3600)),
        (srv("b.fabrikam.com.", "a.x."), Record(("a.x", "b.fabrikam.com"), 3600)),
        (says(f"{NAME} 600 IN CNAME srv.contoso.com.",
              "srv.contoso.com. 60 IN SRV 0 0 5061 sip.fabrikam.com."), Record(AT_SIP, 60)),
        (says(f"{NAME} 600 IN SRV 0 0 5061 sip.fabrikam.com.",
              f"{NAME} 600 IN SRV 0 0 443 other.fabrikam.com."), Record(AT_SIP, 600)),
        (srv("."), Record((), 3600)),
        (srv(".", port=0), Record((), 3600)),
        (says(authority=SOA), Record((), 30)),
        (says(authority=SOA, rcode=dns.rcode.NXDOMAIN), Record((), 30)),
        (says(f"{NAME} 9 IN CNAME gone.contoso.com.", rcode=dns.rcode.NXDOMAIN), Record((), 9)),
    ],
)  # fmt: skip
async def test_what_dns_plainly_says(nameserver: Start, answers: Answers, record: Record) -> None:
    assert await (await nameserver(answers)).record() == record


def cut(question: object) -> bytes:
    """The first half of an answer."""
    return srv("sip.fabrikam.com.")(question)[:-9]  # type: ignore[arg-type, index]


@pytest.mark.parametrize(
    "answers",
    [
        lambda _: None,
        lambda _: b"",
        lambda _: b"no message at all",
        cut,
        says(rcode=dns.rcode.SERVFAIL),
        says(rcode=dns.rcode.REFUSED),
        says(rcode=dns.rcode.FORMERR),
        says(authority="com. 60 IN NS ns.fabrikam.com."),
        says(f"{NAME} 60 IN SRV 0 0 5061 sip.fabrikam.com.", flags=dns.flags.TC),
        says(f"{NAME} 60 IN SRV 0 0 5061 sip.fabrikam.com.", rcode=dns.rcode.NXDOMAIN),
        says(f"{NAME} 60 IN CNAME {NAME}"),
        srv("sip.fabrikam.com.", port=443),
    ],
)
async def test_what_is_no_answer_is_unknown(nameserver: Start, answers: Answers) -> None:
    server = await nameserver(answers)

    assert (await server.record(patience=QUICK)).targets is None
    assert set(server.asked) == {NAME}


@pytest.mark.parametrize(
    "domain", ["", "a" * 64 + ".com", "fabrikam..com", ".".join(["a" * 60] * 5)]
)
async def test_what_is_no_domain_is_never_asked(nameserver: Start, domain: str) -> None:
    server = await nameserver(srv("sip.fabrikam.com."))

    assert await server.record(domain) == Record(None, SILENCE)
    assert not server.asked


# --- whom it is asked for, and how often -----------------------------------------------------


class Told:
    """A source that knows one user, and DNS that is asked through `resolve`."""

    def __init__(self, facts: Facts = ON_PREMISES, domains: tuple[str, ...] = ()) -> None:
        self.facts, self.domains = organisation(facts, routes=None), domains
        self.readable = True

    async def user(self, address: str) -> Known:
        return Known(account(self.facts, address=address), "told", NOON)

    async def organisation(self) -> tuple[Known, ...]:
        return (Known(self.facts, "told", NOON),)

    async def sip_domains(self) -> tuple[str, ...]:
        if not self.readable:
            raise Unreadable("not now")
        return self.domains


class Dns:
    """Answers when it is let, and counts."""

    def __init__(self, record: Record) -> None:
        self.record, self.asked, self.let = record, list[str](), asyncio.Event()
        self.let.set()
        self.began = asyncio.Event()

    async def __call__(self, domain: str) -> Record:
        self.asked.append(domain)
        self.began.set()
        await self.let.wait()
        return self.record


def routes(known: Known) -> object:
    """What is known of the routes."""
    return known.facts.organisation.routes


async def test_the_record_of_the_users_domain_is_filled_in() -> None:
    resolve = Dns(Record(AT_SIP, 60))
    routed = Routed(Told(domains=(DOMAIN,)), resolve, frozenset())

    assert routes(await routed.user(ADDRESS)) == {DOMAIN: AT_SIP}
    assert [routes(one) for one in await routed.organisation()] == [{DOMAIN: AT_SIP}]
    assert await routed.sip_domains() == (DOMAIN,)
    assert resolve.asked == [DOMAIN]


async def test_what_the_exports_say_is_not_asked() -> None:
    source, resolve = Told(domains=(DOMAIN,)), Dns(Record(AT_SIP, 60))
    source.facts = organisation(source.facts, routes={DOMAIN: ()})
    routed = Routed(source, resolve, frozenset({DOMAIN}))

    assert routes(await routed.user(ADDRESS)) == {DOMAIN: ()}
    assert [routes(one) for one in await routed.organisation()] == [{DOMAIN: ()}]
    assert not resolve.asked


async def test_what_the_exports_leave_open_is_asked() -> None:
    source, resolve = Told(domains=(DOMAIN, "contoso.com")), Dns(Record(AT_SIP, 60))
    source.facts = organisation(source.facts, routes={DOMAIN: None, "contoso.com": ()})
    routed = Routed(source, resolve, frozenset())

    expected = {DOMAIN: AT_SIP, "contoso.com": ()}
    assert routes(await routed.user(ADDRESS)) == expected
    assert [routes(one) for one in await routed.organisation()] == [expected]
    assert resolve.asked == [DOMAIN]


async def test_hundreds_of_domains_are_not_asked_for_at_once() -> None:
    domains = tuple(f"{number}.fabrikam.com" for number in range(3 * AT_ONCE))
    resolve = Dns(Record(AT_SIP, 60))
    resolve.let.clear()
    routed = Routed(Told(domains=domains), resolve, frozenset(), patience=0.01)

    assert [routes(one) for one in await routed.organisation()] == [None]
    assert len(resolve.asked) == AT_ONCE
    resolve.let.set()
    assert [routes(one) for one in await routed.organisation()] == [dict.fromkeys(domains, AT_SIP)]
    assert sorted(resolve.asked) == sorted(domains)


@pytest.mark.parametrize(
    ("facts", "address"),
    [
        (ON_PREMISES, "lync.user@contoso.com"),
        (ON_PREMISES, "lync.user@x.fabrikam.com"),
        (Facts(ON_PREMISES.account, found=False), ADDRESS),
        (account(ON_PREMISES, home="online"), ADDRESS),
        (account(ON_PREMISES, home=None), ADDRESS),
    ],
)
async def test_nobody_can_have_it_ask_for_a_name_of_their_choice(
    facts: Facts, address: str
) -> None:
    resolve = Dns(Record(AT_SIP, 60))

    known = await Routed(Told(facts, (DOMAIN,)), resolve, frozenset({DOMAIN})).user(address)

    assert routes(known) is None
    assert not resolve.asked


async def test_domains_that_cannot_be_read_hinder_nobody() -> None:
    source, resolve = Told(domains=(DOMAIN,)), Dns(Record(AT_SIP, 60))
    source.readable = False

    assert routes(await Routed(source, resolve, frozenset()).user(ADDRESS)) is None
    assert routes(await Routed(source, resolve, frozenset({DOMAIN})).user(ADDRESS))


@pytest.mark.parametrize(
    ("record", "seconds"),
    [(Record(AT_SIP, 60), 60), (Record((), 86400), LONGEST), (Record(None), SILENCE)],
)
async def test_an_answer_is_kept_as_long_as_dns_lets(record: Record, seconds: float) -> None:
    now, resolve = [0.0], Dns(record)
    routed = Routed(Told(), resolve, frozenset({DOMAIN}), seconds=lambda: now[0])
    for now[0], times in ((0.0, 1), (seconds - 0.1, 1), (seconds, 2)):
        assert routes(await routed.user(ADDRESS)) == {DOMAIN: record.targets}
        assert len(resolve.asked) == times


async def test_who_asks_at_the_same_time_shares_one_question() -> None:
    resolve = Dns(Record(AT_SIP, 0))
    routed = Routed(Told(), resolve, frozenset({DOMAIN}))
    resolve.let.clear()
    asking = [asyncio.create_task(routed.user(ADDRESS)) for _ in range(100)]
    await resolve.began.wait()
    asking[0].cancel()
    resolve.let.set()

    found = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(found[0], asyncio.CancelledError)
    assert {str(routes(one)) for one in found[1:] if isinstance(one, Known)} == {
        str({DOMAIN: AT_SIP})
    }
    assert resolve.asked == [DOMAIN]


async def test_nobody_waits_longer_than_its_patience() -> None:
    resolve = Dns(Record(AT_SIP, 60))
    routed = Routed(Told(), resolve, frozenset({DOMAIN}), patience=0.01)
    resolve.let.clear()

    assert routes(await routed.user(ADDRESS)) is None
    assert routes(await routed.user(ADDRESS)) is None
    resolve.let.set()
    assert routes(await routed.user(ADDRESS)) == {DOMAIN: AT_SIP}
    assert resolve.asked == [DOMAIN]


# --- the verdict -----------------------------------------------------------------------------


@pytest.fixture
def unrecorded(tmp_path: Path) -> Snapshot:
    """The sample's headquarters without their export of the record."""
    shutil.copytree(SAMPLE / "headquarters", tmp_path, dirs_exist_ok=True)
    (tmp_path / "Resolve-DnsName.csv").unlink()
    return Snapshot(tmp_path, Clock())


@pytest.mark.parametrize(
    ("answers", "verdict", "route"),
    [
        (srv("sip.fabrikam.com."), "enabled", "pass"),
        (srv("sip.it.fabrikam.com.", "sip.fabrikam.com."), "enabled", "pass"),
        (srv("sip.it.fabrikam.com."), "dns_srv_invalid", "fail"),
        (srv("."), "dns_srv_invalid", "fail"),
        (says(rcode=dns.rcode.NXDOMAIN), "dns_srv_invalid", "fail"),
        (says(rcode=dns.rcode.SERVFAIL), "enabled", "unknown"),
        (lambda _: None, "enabled", "unknown"),
    ],
)
async def test_the_verdict_stands_on_what_dns_says(
    api: Api, unrecorded: Snapshot, answers: Answers, verdict: str, route: str
) -> None:
    async with listening(answers) as server:
        http = await api(Routed(unrecorded, lambda d: server.record(d, QUICK), frozenset()))
        _, body = await asked(http, user(ADDRESS))

    assert body["verdict"] == verdict
    assert {c["id"]: c["result"] for c in body["checks"]}["route"] == route
    assert body["route_ready"] is (False if route == "fail" else None)
    assert set(server.asked) == {NAME}
