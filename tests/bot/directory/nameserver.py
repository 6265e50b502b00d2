"""A nameserver on loopback, over UDP, that answers as a test says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from bot.directory.routes import Record
from bot.directory.srv import federation_record, resolver

DOMAIN = "fabrikam.com"
NAME = f"_sipfederationtls._tcp.{DOMAIN}."

Answers = Callable[[dns.message.Message], bytes | None]
"""What is sent back for a question; None: nothing."""


def says(
    *lines: str, authority: str = "", rcode: int = dns.rcode.NOERROR, flags: int = 0
) -> Answers:
    """Answers with these records, each as a line of a zone file: `name ttl class type data`."""

    def answer(question: dns.message.Message) -> bytes:
        response = dns.message.make_response(question)
        response.set_rcode(dns.rcode.Rcode(rcode))
        response.flags |= flags
        response.answer = [_rrset(line) for line in lines]
        response.authority = [_rrset(authority)] if authority else []
        return response.to_wire()

    return answer


def srv(*targets: str, ttl: int = 3600, name: str = NAME, port: int = 5061) -> Answers:
    """Answers with a record that leads to these hosts."""
    return says(*(f"{name} {ttl} IN SRV 0 0 {port} {target}" for target in targets))


def _rrset(line: str) -> dns.rrset.RRset:
    name, ttl, kind, type_, data = line.split(" ", 4)
    return dns.rrset.from_text(name, int(ttl), kind, type_, data)


@dataclass
class Nameserver(asyncio.DatagramProtocol):
    """It remembers what it was asked for."""

    answers: Answers
    port: int = 0
    asked: list[str] = field(default_factory=list)
    transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        question = dns.message.from_wire(data)
        self.asked.append(question.question[0].name.to_text())
        if self.transport and (answer := self.answers(question)) is not None:
            self.transport.sendto(answer, addr)

    async def record(self, domain: str = DOMAIN, patience: float = 5.0) -> Record:
        """What is made of its answer, by the resolver that the service asks with."""
        return await federation_record(resolver("127.0.0.1", self.port, patience), domain)


@asynccontextmanager
async def listening(answers: Answers) -> AsyncIterator[Nameserver]:
    """A nameserver that is there until the end."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: Nameserver(answers), local_addr=("127.0.0.1", 0)
    )
    try:
        yield server
    finally:
        transport.close()
