"""A runspace pool on the Lync administration (PSRP over WS-Management); all of it blocks.

Only this module and `objects` know pypsrp, and only the admin API's Lync source loads them.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from xml.etree.ElementTree import Element

from pypsrp.complex_objects import PSInvocationState
from pypsrp.exceptions import AuthenticationError, WinRMTransportError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan
from requests.exceptions import ChunkedEncodingError, SSLError, Timeout
from requests.exceptions import ConnectionError as NotConnected
from spnego.exceptions import SpnegoError
from yarl import URL

from bot.directory.objects import Failure, failure, properties
from bot.directory.source import Unreadable

IDLE = 240
"""Seconds after which the server may end a pool that nobody uses."""
CONNECTING = 5
"""Seconds for a connection to come about, at most."""
SLOW = "The Lync server did not answer in time."
ACCESS_DENIED = 5
"""A fault by the number that Windows has for it."""


@dataclass(frozen=True)
class Server:
    """Where the Lync administration is, who asks, and for how many seconds it may think.

    `ca` is the file of the authorities to be trusted; without it, those that the system trusts.
    """

    url: str
    user: str
    password: str = field(repr=False)
    auth: str = "negotiate"
    ca: str | None = None
    limit: float = 20


@dataclass(frozen=True)
class Call:
    """A cmdlet with its parameters: never a script, so that no value can become one."""

    cmdlet: str
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Reply:
    """What came of a call: objects by their properties, and what went wrong."""

    objects: tuple[Mapping[str, object], ...]
    failures: tuple[Failure, ...]


class Failed(Unreadable):
    """Remoting that did not work."""


class Refused(Failed):
    """The credentials are not accepted, and trying them again can lock the account out."""


class Late(Failed):
    """The time is over."""


class _Connection(WSMan):
    """Waits for each answer once: the library would wait for a silent server six times over."""

    def invoke(self, *args: Any, **kwargs: Any) -> Element:
        return super().invoke(*args, **{**kwargs, "retries_on_read_timeout": 0})


class Shell:
    """A runspace pool; for one thread at a time. `seconds` only ever grow."""

    def __init__(self, server: Server, seconds: Callable[[], float]) -> None:
        self._limit, self._seconds = server.limit, seconds
        self._connection = _connection(server)
        self._pool = RunspacePool(self._connection, idle_timeout=IDLE)

    def run(self, call: Call) -> Reply:
        """What a cmdlet answers; opens the pool first where that is to be done. Raises Failed."""
        try:
            self._pool.open()
            return self._answered(call)
        except Exception as error:  # noqa: BLE001 (it passes on what parsers and transport raise)
            failed = _failed(error)
        raise failed  # without its cause: frames there hold the password, and a connection open

    def close(self) -> None:
        """Ends the pool on the server, too, if that can still be done."""
        with suppress(Exception):  # it is gone already, or the server ends it when it is idle
            self._pool.close()
        self.drop()

    def drop(self) -> None:
        """Lets go of the connection alone, at once; the server ends the pool when it is idle."""
        self._connection.close()

    def _answered(self, call: Call) -> Reply:
        until = self._seconds() + self._limit
        shell = PowerShell(self._pool)
        shell.add_cmdlet(call.cmdlet)
        for name, value in call.parameters.items():
            shell.add_parameter(name, value)
        shell.begin_invoke()
        while shell.state == PSInvocationState.RUNNING:
            if self._seconds() > until:
                raise Late(SLOW)
            shell.poll_invoke()
        shell.close()
        failures = tuple(failure(record) for record in shell.streams.error)
        if shell.state != PSInvocationState.COMPLETED and not failures:
            raise Failed("The Lync server stopped before it had answered.")
        return Reply(tuple(properties(one) for one in shell.output), failures)


def _connection(server: Server) -> WSMan:
    url = URL(server.url)
    secure, whole = url.scheme == "https", ceil(server.limit)
    return _Connection(
        url.host or "",
        port=url.port,
        path=url.path.strip("/") or "OcsPowershell",
        ssl=secure,
        auth=server.auth,
        username=server.user,
        password=server.password,
        cert_validation=server.ca or True,  # type: ignore[arg-type] # a file is taken, too
        encryption="auto" if secure else "never",  # without https it does not leave this machine
        negotiate_service="HTTP",  # what IIS is registered as; the library's own guess is WinRM's
        no_proxy=True,
        connection_timeout=min(CONNECTING, whole),
        operation_timeout=whole,
        read_timeout=whole + 2,
    )


def _failed(error: Exception) -> Failed:
    """What operators can do something about; the texts of others are not passed on."""
    if isinstance(error, Failed):
        return error
    for kinds, outcome, why in _REASONS:
        if isinstance(error, kinds):
            return outcome(why)
    match error:
        case WSManFaultError(code=code) if code == ACCESS_DENIED:
            return Failed("The service account may not use PowerShell on the Lync server.")
        case WSManFaultError(code=int(code)):
            return Failed(f"The Lync server answered with WS-Management fault {code}.")
        case WinRMTransportError(code=code):
            return Failed(f"The Lync server answered with HTTP status {code}.")
    return Failed(f"PowerShell remoting did not work ({type(error).__name__}).")


_REASONS: tuple[tuple[tuple[type[Exception], ...], type[Failed], str], ...] = (
    ((AuthenticationError, SpnegoError), Refused, "The Lync server refuses the service account."),
    ((ImportError,), Failed, "Kerberos needs the Python package gssapi, which is not installed."),
    ((SSLError,), Failed, "The certificate of the Lync server is not trusted."),
    ((Timeout,), Late, SLOW),
    (
        (NotConnected, ChunkedEncodingError),
        Failed,
        "The Lync server cannot be reached, or broke the connection off.",
    ),
)
"""Why remoting fails; the first that fits."""
