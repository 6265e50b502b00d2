"""A Lync server for tests: PSRP over WS-Management over real HTTP on loopback, in a thread.

It refuses what a real one refuses: other credentials, shells that it does not know, cmdlets that it
does not have, and scripts. What it was asked is noted.
"""

import asyncio
import base64
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from psrpcore import PSRPPayload, ServerPipeline, ServerRunspacePool, StreamType
from psrpcore.types import (
    ErrorCategory,
    ErrorCategoryInfo,
    ErrorRecord,
    NETException,
    PSCustomObject,
    PSInvocationState,
    PSNoteProperty,
)

from tests.fakes import PATIENCE

USER, PASSWORD = "svc-pic@fabrikam.com", "a password of the service's own"
FRAGMENT = 16 * 1024
"""Bytes of a message's part; a longer answer takes several."""
SHELL_NOT_FOUND = 2150858843

S = "{http://www.w3.org/2003/05/soap-envelope}"
A = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
W = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
RSP = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"
CREATION = "{http://schemas.microsoft.com/powershell}creationXml"

ENVELOPE = """\
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
 xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"
 xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
 xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">
<s:Header><a:RelatesTo>{relates}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>"""
CREATED = """\
<x:ResourceCreated><a:ReferenceParameters><w:SelectorSet>
<w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></a:ReferenceParameters>
</x:ResourceCreated><rsp:Shell><rsp:ShellId>{shell}</rsp:ShellId></rsp:Shell>"""
COMMANDED = "<rsp:CommandResponse><rsp:CommandId>{command}</rsp:CommandId></rsp:CommandResponse>"
RECEIVED = """\
<rsp:ReceiveResponse><rsp:Stream Name="stdout">{data}</rsp:Stream></rsp:ReceiveResponse>"""
FAULT = """\
<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code>
<s:Reason><s:Text>about lync.user@fabrikam.com</s:Text></s:Reason>
<s:Detail><f:WSManFault Code="{code}"><f:Message>no</f:Message></f:WSManFault></s:Detail>
</s:Fault>"""


def called(text: str, kind: str = "Microsoft.Rtc.Some", **properties: Any) -> PSCustomObject:
    """An object that PowerShell writes as this text, such as the name of a pool."""
    made = thing(kind, **properties)
    made.PSObject.to_string = text
    return made


def thing(kind: str = "Microsoft.Rtc.Some", **properties: Any) -> PSCustomObject:
    """An object of a .NET type with its own properties, as a cmdlet writes it."""
    made = PSCustomObject(PSTypeName=kind)
    own = [PSNoteProperty(name, value=value) for name, value in properties.items()]
    made.PSObject.adapted_properties.extend(own)
    return made


@dataclass(frozen=True)
class Error:
    """An error record; one that `ends` stops its cmdlet."""

    category: ErrorCategory = ErrorCategory.PermissionDenied
    kind: str = "UnauthorizedAccessException"
    id: str = "AccessDenied,Microsoft.Rtc.Management.Some"
    about: str = ""
    said: str = "Access to lync.user@fabrikam.com is denied."
    ends: bool = False


@dataclass(frozen=True)
class Says:
    """What a cmdlet answers."""

    objects: Sequence[object] = ()
    errors: Sequence[Error] = ()


Answers = dict[str, Says | Callable[[Mapping[str, object]], Says]]


class Fault(Exception):
    """A refusal by its number."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class LyncServer:
    """What the test says it answers, and what it was asked.

    `offers` are other ways to sign in, by which nobody gets in. `fault` refuses everything by its
    number. `hold`, where it is set, keeps every answer back until the test lets it go on. `breaks`
    is how many of the next answers break off in their middle.
    """

    answers: Answers
    password: str = PASSWORD
    offers: str = ""
    fault: int = 0
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    tried: int = 0
    received: int = 0
    breaks: int = 0
    hold: Event | None = None
    url: str = ""
    shells: dict[str, ServerRunspacePool] = field(default_factory=dict)
    lock: Condition = field(default_factory=Condition)
    connections: list[socket.socket] = field(default_factory=list)

    def names(self) -> list[str]:
        """The cmdlets that it was asked for."""
        return [name for name, _ in self.asked]

    async def has(self, happened: Callable[[], bool]) -> None:
        """Waits until something has happened here."""

        def wait() -> bool:
            with self.lock:
                return self.lock.wait_for(happened, PATIENCE)

        assert await asyncio.to_thread(wait)

    def forget(self) -> None:
        """Ends all shells, as a server does that was restarted."""
        with self.lock:
            self.shells.clear()

    def reply(self, envelope: ET.Element) -> str:
        """The body of the answer to a request. Raises Fault."""
        action = (envelope.findtext(f"{S}Header/{A}Action") or "").rpartition("/")[2]
        shell = envelope.findtext(f"{S}Header/{W}SelectorSet/{W}Selector") or ""
        body = envelope.find(f"{S}Body")
        assert body is not None
        with self.lock:
            self.lock.notify_all()
            if self.fault:
                raise Fault(self.fault)
            if action == "Create":
                return self._create(body)
            if shell not in self.shells:
                raise Fault(SHELL_NOT_FOUND)
            return self._in_shell(action, shell, body)

    def _create(self, body: ET.Element) -> str:
        made = body.find(f"{RSP}Shell")
        assert made is not None
        shell = made.attrib["ShellId"]
        pool = self.shells[shell] = ServerRunspacePool()
        pool.receive_data(PSRPPayload(_decoded(made.findtext(CREATION)), StreamType.default, None))
        while pool.next_event():
            pass
        self.opened.append(shell)
        return CREATED.format(shell=shell)

    def _in_shell(self, action: str, shell: str, body: ET.Element) -> str:
        pool = self.shells[shell]
        match action:
            case "Command":
                return self._command(pool, body)
            case "Receive":
                self.received += 1
                payload = pool.data_to_send(FRAGMENT)
                data = base64.b64encode(payload.data).decode() if payload else ""
                return RECEIVED.format(data=data)
            case "Signal":
                signal = body.find(f"{RSP}Signal")
                assert signal is not None
                pool.pipeline_table[UUID(signal.attrib["CommandId"])].close()
                return "<rsp:SignalResponse/>"
            case "Delete":
                del self.shells[shell]
                self.ended.append(shell)
                return ""
        raise AssertionError(action)

    def _command(self, pool: ServerRunspacePool, body: ET.Element) -> str:
        line = body.find(f"{RSP}CommandLine")
        assert line is not None
        command = UUID(line.attrib["CommandId"])
        pipeline = ServerPipeline(pool, command)
        data = _decoded(line.findtext(f"{RSP}Arguments"))
        pool.receive_data(PSRPPayload(data, StreamType.default, command))
        assert pool.next_event(), "requests longer than a message are not known here"
        self._answer(pipeline)
        return COMMANDED.format(command=str(command).upper())

    def _answer(self, pipeline: ServerPipeline) -> None:
        metadata: Any = pipeline.metadata
        [command] = metadata.commands
        assert not command.is_script
        name, parameters = command.command_text, dict(command.parameters)
        self.asked.append((name, parameters))
        answer = self.answers.get(name, Says(errors=[_no_cmdlet(name)]))
        says = answer(parameters) if callable(answer) else answer
        pipeline.start()
        for value in says.objects:
            pipeline.write_output(value)
        for error in says.errors:
            if error.ends:
                record = ErrorRecord(**_fields(error, name))
                pipeline._change_state(PSInvocationState.Failed, record)
                return
            fields = _fields(error, name)
            pipeline.write_error(
                fields["Exception"],
                fields["CategoryInfo"],
                fully_qualified_error_id=fields["FullyQualifiedErrorId"],
            )
        pipeline.complete()


def _fields(error: Error, cmdlet: str) -> dict[str, Any]:
    exception = NETException(Message=error.said)
    exception.PSObject.type_names = [f"System.{error.kind}", "System.Exception", "System.Object"]
    category = ErrorCategoryInfo(
        Category=error.category, Activity=cmdlet, Reason=error.kind, TargetName=error.about
    )
    return {
        "Exception": exception, "CategoryInfo": category, "FullyQualifiedErrorId": error.id,
    }  # fmt: skip


def _no_cmdlet(name: str) -> Error:
    kind = "CommandNotFoundException"
    return Error(ErrorCategory.ObjectNotFound, kind, kind, name, f"{name}?", ends=True)


def _decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


class _Requests(BaseHTTPRequestHandler):
    """HTTP/1.1 with Basic authentication."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # which would hold each answer back for 40 ms
    lync: LyncServer

    def setup(self) -> None:
        super().setup()
        self.lync.connections.append(self.connection)

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.lync.tried += 1
        expected = base64.b64encode(f"{USER}:{self.lync.password}".encode()).decode()
        if self.path != "/OcsPowershell":
            self._send(404, "")
            return
        if self.headers.get("Authorization") != f"Basic {expected}":
            self._send(401, "")
            return
        envelope = ET.fromstring(data)
        relates = envelope.findtext(f"{S}Header/{A}MessageID") or ""
        try:
            status, body = 200, self.lync.reply(envelope)
        except Fault as fault:
            status, body = 500, FAULT.format(code=fault.code)
        if self.lync.hold and not self.lync.hold.wait(PATIENCE):
            return
        self._send(status, ENVELOPE.format(relates=relates, body=body))

    def _send(self, status: int, text: str) -> None:
        data = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
            if status == 401:
                self.send_header("WWW-Authenticate", self.lync.offers)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(self._cut(data))
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def _cut(self, data: bytes) -> bytes:
        if self.lync.breaks and b"ReceiveResponse" in data:
            self.lync.breaks -= 1
            self.close_connection = True
            return data[: len(data) // 2]
        return data

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Says nothing."""


@contextmanager
def listening(lync: LyncServer, tls: ssl.SSLContext | None = None) -> Iterator[LyncServer]:
    """Lets a server listen on loopback until the test is over; what it holds back goes on then."""
    handler = type("Handler", (_Requests,), {"lync": lync})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = False  # so that its end waits for what it is answering
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "https" if tls else "http"
        lync.url = f"{scheme}://127.0.0.1:{server.server_port}/OcsPowershell"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield lync
        finally:
            if lync.hold:
                lync.hold.set()
            server.shutdown()
            thread.join(PATIENCE)
            for connection in lync.connections:
                with suppress(OSError):  # most have ended
                    connection.shutdown(socket.SHUT_RDWR)
