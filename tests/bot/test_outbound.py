"""Requests to addresses that an operator names: nothing is dialled but what may be.

Nothing here reaches beyond loopback: what is refused is refused before it is dialled.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import closing

import pytest
import trustme
from aiohttp import AddrInfoType, web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.networks import Network, listed
from bot.outbound import LARGEST_ANSWER, Answer, Forbidden, Guard, Lost, NotSent, open_session, send
from tests.bot.directory.misbehaving import Misbehaving, nobody, says, speaking
from tests.fakes import PATIENCE

LOOPBACK = listed("127.0.0.1")
TEN = "10.11.12.13"


class Names(AbstractResolver):
    """A name service that leads wherever a test says."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


async def asked(
    url: str,
    allow: tuple[Network, ...] = LOOPBACK,
    patience: float = PATIENCE,
    tls: ssl.SSLContext | None = None,
    names: AbstractResolver | None = None,
) -> Answer:
    async with open_session(url, allow, tls, names) as session:
        return await send(session, "POST", URL(url), b"{}", {"x-key": "1"}, patience=patience)


def info(host: str) -> AddrInfoType:
    """What is asked for a socket."""
    if ":" in host:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (host, 443, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443))


# --- the guard -------------------------------------------------------------------------------


def test_the_guard_makes_sockets_for_public_addresses() -> None:
    with closing(Guard()(info("8.8.8.8"))) as made:
        assert made.family is socket.AF_INET  # and it is not connected


@pytest.mark.parametrize("host", [TEN, "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_the_guard_refuses_and_names_the_setting(
    host: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Forbidden, match="list its network in ASSISTANT_OUTBOUND_ALLOW"):
        Guard()(info(host))
    assert host in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        f"https://{TEN}/hook",  # an address is not looked up, so no name service could refuse it
        "https://[::1]/hook",
        "https://[::ffff:7f00:1]/hook",
        "https://0x7f.1/hook",
        "http://8.8.8.8/hook",  # public, and unencrypted
    ],
)
async def test_what_may_not_be_dialled_is_not(url: str) -> None:
    names = Names("127.0.0.1") if "0x" in url else None
    with pytest.raises(NotSent, match="ASSISTANT_OUTBOUND_ALLOW") as refused:
        await asked(url, allow=(), names=names)

    assert "hook" not in str(refused.value)


@pytest.mark.parametrize("addresses", [(TEN,), (TEN, "192.168.0.1"), ("fd00::1", TEN, "::1")])
async def test_a_name_that_leads_inside_is_refused(addresses: tuple[str, ...]) -> None:
    with pytest.raises(NotSent, match="ASSISTANT_OUTBOUND_ALLOW"):
        await asked("https://tickets.example.com", allow=(), names=Names(*addresses))


async def test_a_name_with_an_address_that_may_be_dialled_leads_there() -> None:
    async with Misbehaving(says(200, "well"), method="POST").listening() as server:
        url = server.url.replace("127.0.0.1", "tickets.example.com")
        answer = await asked(url, names=Names(TEN, "fd00::1", "127.0.0.1"))

    assert (answer.status, answer.body) == (200, b"well")


# --- what is answered ------------------------------------------------------------------------


async def test_an_answer_and_when_to_ask_again() -> None:
    async with Misbehaving(says(429, "", {"Retry-After": "7"}), method="POST").listening() as one:
        answer = await asked(one.url)

    assert (answer.status, answer.body, answer.after) == (429, b"", 7.0)


async def test_json_is_called_so() -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        return web.Response(text=f"{request.method} {request.content_type} {await request.text()}")

    async with Misbehaving(echo, method="POST").listening() as server:
        assert (await asked(server.url)).body == b"POST application/json {}"


async def test_no_redirect_is_followed() -> None:
    elsewhere = says(307, "", {"Location": f"http://{TEN}/"})
    async with Misbehaving(elsewhere, method="POST").listening() as server:
        assert (await asked(server.url)).status == 307
        assert len(server.requests) == 1


async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    huge = says(200, "x" * (LARGEST_ANSWER + 1))
    async with Misbehaving(huge, method="POST").listening() as server:
        answer = await asked(server.url)

    assert (answer.status, answer.body) == (200, None)


async def test_a_session_for_https_sends_nothing_over_http() -> None:
    async with (
        Misbehaving(says(200), method="POST").listening() as server,
        open_session("https://tickets.example.com", LOOPBACK) as session,
    ):
        with pytest.raises(NotSent, match="of another kind"):
            await send(session, "POST", URL(server.url), b"{}", {})
    assert not server.requests


async def test_a_number_is_no_address() -> None:
    with pytest.raises(NotSent, match="is none"):
        await asked("https://2130706433/hook")


async def test_nobody_there_is_not_sent() -> None:
    async with nobody() as url:
        with pytest.raises(NotSent, match="Is it running"):
            await asked(url)


@pytest.mark.parametrize("words", [b"", b"220 mail ready\r\n"])
async def test_who_speaks_no_http_may_have_taken_it(words: bytes) -> None:
    async with speaking(words) as url:
        with pytest.raises(Lost, match="answer was lost"):
            await asked(url)


async def test_who_does_not_answer_may_have_taken_it() -> None:
    done = asyncio.Event()

    async def waits(_: web.Request) -> web.StreamResponse:
        await done.wait()
        return web.Response()

    async with Misbehaving(waits, method="POST").listening() as server:
        with pytest.raises(Lost, match=r"within 0\.05 seconds"):
            await asked(server.url, patience=0.05)
        done.set()


# --- TLS -------------------------------------------------------------------------------------


def serving(ca: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    return context


def trusting(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca.configure_trust(context)
    return context


Trust = Callable[[trustme.CA], ssl.SSLContext | None]


async def test_a_certificate_that_is_believed() -> None:
    ca = trustme.CA()
    server = Misbehaving(says(200, "well"), method="POST")
    async with server.listening(serving(ca, "127.0.0.1")):
        assert (await asked(server.url, tls=trusting(ca))).body == b"well"


@pytest.mark.parametrize(
    ("name", "trust"),
    [("127.0.0.1", lambda _: None), ("tickets.example.com", trusting)],
    ids=["of nobody known", "for another name"],
)
async def test_a_certificate_that_is_not(
    name: str, trust: Trust, caplog: pytest.LogCaptureFixture
) -> None:
    ca = trustme.CA()
    server = Misbehaving(says(200), method="POST")
    caplog.set_level(logging.CRITICAL, "asyncio")
    async with server.listening(serving(ca, name)):
        with pytest.raises(NotSent, match="certificate is not believed") as refused:
            await asked(server.url, tls=trust(ca))
    assert not server.requests
    assert "SSL_CERT_FILE" in str(refused.value)
