"""PowerShell remoting to a server that is slow, gone, or refuses; and what is left open."""

import asyncio
import logging
import socket
import ssl
from pathlib import Path
from threading import Event

import pytest
import trustme

from bot import logs
from bot.directory.lync import Lync
from bot.directory.remoting import REFUSED_FOR, THREADS, Remoting
from bot.directory.shell import IDLE, Failed, Late, Refused, Server
from bot.directory.source import Unreadable
from tests.bot.directory.conftest import Start
from tests.bot.directory.deployments import ADDRESS
from tests.bot.directory.lync_server import PASSWORD, USER, LyncServer
from tests.bot.directory.test_lync import ACCOUNT, Seconds
from tests.bot.test_logs import logged
from tests.fakes import PATIENCE, Clock

SHORT = 0.3
"""Seconds that a server may think where it does not answer."""


async def until(peer: LyncServer, ended: int) -> None:
    """Waits until so many shells have been ended on the server."""
    await peer.has(lambda: len(peer.ended) == ended)


# --- a shell is kept, renewed and ended ------------------------------------------------------


async def test_the_end_of_the_service_ends_the_shell_on_the_server(lync: Start) -> None:
    peer, source = lync()
    await source.user(ADDRESS)
    assert peer.ended == []

    await source.close()

    assert peer.ended == peer.opened
    assert peer.shells == {}


async def test_nothing_is_opened_for_a_service_that_nobody_asks(lync: Start) -> None:
    peer, source = lync()

    await source.close()

    assert peer.tried == 0


async def test_a_shell_that_has_expired_is_renewed_once_and_the_question_answered(
    lync: Start,
) -> None:
    peer, source = lync()
    await source.account(ADDRESS)
    peer.forget()

    assert await source.account(ADDRESS) == ACCOUNT
    assert len(peer.opened) == 2


async def test_a_connection_that_breaks_in_the_middle_of_an_answer_is_made_anew_once(
    lync: Start,
) -> None:
    peer, source = lync()
    await source.account(ADDRESS)
    peer.breaks = 1

    assert await source.account(ADDRESS) == ACCOUNT
    assert len(peer.opened) == 2


async def test_a_connection_that_breaks_again_and_again_is_given_up(lync: Start) -> None:
    peer, source = lync()
    await source.account(ADDRESS)
    peer.breaks = 1000

    with pytest.raises(Failed, match="broke the connection off"):
        await source.account(ADDRESS)

    assert (len(peer.opened), peer.breaks) == (2, 998)
    peer.breaks = 0
    assert await source.account(ADDRESS) == ACCOUNT


async def test_a_shell_that_nobody_used_for_long_is_not_used_again(lync: Start) -> None:
    seconds = Seconds()
    peer, source = lync(seconds=seconds)
    await source.account(ADDRESS)
    seconds.now += IDLE

    assert await source.account(ADDRESS) == ACCOUNT

    await until(peer, ended=1)
    assert peer.ended == peer.opened[:1]
    assert len(peer.opened) == 2


# --- a server that does not answer -----------------------------------------------------------


async def test_a_slow_server_is_unreadable_in_time_and_then_asked_anew(lync: Start) -> None:
    peer, source = lync(limit=SHORT)
    await source.account(ADDRESS)
    peer.hold = Event()
    began = asyncio.get_running_loop().time()

    with pytest.raises(Unreadable, match=r"^The Lync server did not answer within 0.3 seconds\.$"):
        await source.user(ADDRESS)

    assert asyncio.get_running_loop().time() - began < 3 * SHORT
    peer.hold.set()
    await until(peer, ended=1)
    assert await source.account(ADDRESS) == ACCOUNT
    assert len(peer.opened) == 2


async def test_calls_that_hang_take_no_threads_from_others(lync: Start) -> None:
    peer, source = lync(limit=0.05)
    peer.hold = Event()

    for _ in range(THREADS + 2):
        with pytest.raises(Late):
            await source.account(ADDRESS)

    async with asyncio.timeout(PATIENCE):
        assert await asyncio.to_thread(lambda: "free") == "free"
    assert peer.tried == THREADS
    peer.hold.set()
    await until(peer, ended=THREADS)


async def test_who_gives_up_leaves_no_answer_to_the_next(lync: Start) -> None:
    peer, source = lync()
    await source.account(ADDRESS)
    peer.hold = Event()
    hasty = asyncio.create_task(source.account(ADDRESS))
    await peer.has(lambda: len(peer.asked) == 2)

    hasty.cancel()
    patient = asyncio.create_task(source.account("nobody@fabrikam.com"))
    await asyncio.sleep(0)  # it waits for its turn
    peer.hold.set()

    assert await patient is None
    assert len(peer.opened) == 2
    await until(peer, ended=1)


async def test_a_server_that_is_not_there(lync: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    source = Lync(Remoting(Server(f"http://127.0.0.1:{port}", USER, PASSWORD, "basic")), Clock())

    with pytest.raises(Failed, match=r"^The Lync server cannot be reached"):
        await source.user(ADDRESS)

    await source.close()


# --- whom it lets in, and whom we trust ------------------------------------------------------


async def test_refused_credentials_are_not_tried_again_at_once(lync: Start) -> None:
    seconds = Seconds()
    peer, source = lync(seconds=seconds, password="a wrong password")
    for _ in range(3):
        with pytest.raises(Refused) as refused:
            await source.user(ADDRESS)
        assert not {"wrong", USER, "fabrikam"} & set(str(refused.value).split())
    assert peer.tried == 1

    seconds.now += REFUSED_FOR
    with pytest.raises(Refused):
        await source.user(ADDRESS)
    assert peer.tried == 2


async def test_a_password_that_was_changed_is_not_tried_twice(lync: Start) -> None:
    peer, source = lync()
    await source.account(ADDRESS)
    peer.password = "another one"
    tried = peer.tried

    with pytest.raises(Refused):
        await source.account(ADDRESS)

    assert peer.tried == tried + 1


@pytest.mark.parametrize(
    ("auth", "offers", "why"),
    [
        ("negotiate", "", "The Lync server refuses the service account."),
        ("negotiate", "Negotiate", "The Lync server refuses the service account."),
        ("ntlm", "NTLM", "The Lync server refuses the service account."),
        ("kerberos", "", "The Lync server refuses the service account."),
        (
            "kerberos",
            "Negotiate",
            "Kerberos needs the Python package gssapi, which is not installed.",
        ),
    ],
)
async def test_a_server_that_lets_nobody_in_by_this_way(
    lync: Start, auth: str, offers: str, why: str
) -> None:
    peer, source = lync(auth=auth)
    peer.offers = offers

    with pytest.raises(Failed) as refused:
        await source.user(ADDRESS)

    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (5, "The service account may not use PowerShell on the Lync server."),
        (2150859173, "The Lync server answered with WS-Management fault 2150859173."),
    ],
)
async def test_a_server_that_opens_no_shell(lync: Start, fault: int, why: str) -> None:
    peer, source = lync()
    peer.fault = fault

    with pytest.raises(Failed) as refused:
        await source.user(ADDRESS)

    assert str(refused.value) == why


async def test_a_wrong_path(lync: Start) -> None:
    peer, _ = lync()
    wrong = peer.url.replace("OcsPowershell", "powershell")
    _, source = lync(url=wrong)

    with pytest.raises(Failed, match=r"^The Lync server answered with HTTP status 404\.$"):
        await source.user(ADDRESS)


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return made


def presenting(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate of this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_a_certificate_of_the_named_authority(
    lync: Start, authority: trustme.CA, tmp_path: Path
) -> None:
    tls = presenting(authority, "127.0.0.1")
    peer, source = lync(tls=tls, ca=str(tmp_path / "authority.pem"))

    assert await source.account(ADDRESS) == ACCOUNT
    assert peer.url.startswith("https://")


@pytest.mark.parametrize(("name", "trusted"), [("127.0.0.1", False), ("pool.fabrikam.com", True)])
async def test_any_other_certificate_is_refused_before_a_password_is_sent(
    lync: Start, authority: trustme.CA, tmp_path: Path, name: str, trusted: bool
) -> None:
    ca = str(tmp_path / "authority.pem") if trusted else None
    peer, source = lync(tls=presenting(authority, name), ca=ca)

    with pytest.raises(Failed, match=r"^The certificate of the Lync server is not trusted\.$"):
        await source.user(ADDRESS)

    assert peer.tried == 0


# --- what is not told ------------------------------------------------------------------------


async def test_logs_hold_neither_secrets_nor_addresses(lync: Start) -> None:
    logs.hush()
    logging.getLogger("psrpcore").setLevel(logging.WARNING)  # the server's own
    peer, source = lync(limit=SHORT)
    _, refused = lync(password="a wrong password")
    with logged(logs.TextFormatter(logs.FIELDS)) as out:
        await source.user(ADDRESS)
        peer.breaks = 1000
        with pytest.raises(Failed):
            await source.user(ADDRESS)
        with pytest.raises(Failed):
            await refused.user(ADDRESS)

    said = out.getvalue()
    assert not [word for word in ("fabrikam", "password", "Basic", "sip:") if word in said]


def test_a_server_is_shown_without_its_password() -> None:
    assert PASSWORD not in repr(Server("https://pool.fabrikam.com", USER, PASSWORD))
