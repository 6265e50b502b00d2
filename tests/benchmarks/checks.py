"""The load on an admin API: so many questions at a time, each over a connection that is kept.

It writes and reads HTTP by itself, so that the client takes little of the machine from the server.
"""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from .figures import Round
from .load import Broken
from .servers import Server

AT_ONCE = 64
PATIENCE = 30
"""Seconds for one answer."""


async def ask(server: Server, paths: Iterable[str], token: str) -> Round:
    """Asks for every path once; raises Broken for an answer that is not 200 or no JSON."""
    questions = iter(list(paths))
    cpu, start = server.cpu_seconds(), perf_counter()
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_one(server, questions, token)) for _ in range(AT_ONCE)]
    except* (OSError, EOFError, TimeoutError, Broken) as broken:
        raise Broken(f"it did not answer: {broken.exceptions[0]!r}") from None
    wall = perf_counter() - start
    return Round(sum(task.result() for task in tasks), server.cpu_seconds() - cpu, wall)


async def answer(server: Server, path: str, token: str) -> Mapping[str, Any]:
    """One answer, as JSON."""
    reader, writer = await _connected(server)
    found: Mapping[str, Any] = json.loads(await _asked(reader, writer, path, token))
    writer.close()
    return found


async def _one(server: Server, paths: Iterator[str], token: str) -> int:
    """Asks as long as there are paths; returns how many."""
    reader, writer = await _connected(server)
    asked = 0
    for path in paths:
        async with asyncio.timeout(PATIENCE):
            await _asked(reader, writer, path, token)
        asked += 1
    writer.close()
    return asked


async def _connected(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = urlsplit(server.url)
    return await asyncio.open_connection(url.hostname, url.port)


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, token: str
) -> bytes:
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    if status != "HTTP/1.1 200 OK":
        raise Broken(f"{path} was answered {status}")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return await reader.readexactly(int(headers["content-length"]))
