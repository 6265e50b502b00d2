"""The least a receiver of cases can be: it answers every POST, verifies nothing, and counts.

    python -m tests.benchmarks.receiver PORT DOWN TAKES

For DOWN seconds from its first request it answers 503; `inf`: always, and it asks to be left alone
for an hour. Then it answers at once, but for a stretch of requests that take TAKES seconds each: so
long that all overlap that may be under way at once. GET /tally is what it has seen. What is in
flight is counted before an answer is written, so whoever waits for answers never counts twice.
"""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field
from math import inf
from time import monotonic

from aiohttp import web

STRETCH = range(40, 80)
"""The requests that take long, by number from when it is back."""


@dataclass
class Receiver:
    """What has been asked of it; times are those of `monotonic`, 0: not yet."""

    down: float
    takes: float
    began: float = 0
    answered: int = 0
    asked_again: float = 0
    last: float = 0
    refused: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    first_second: int = 0
    taken: Counter[str] = field(default_factory=Counter)

    async def receive(self, request: web.Request) -> web.Response:
        now = monotonic()
        self.began = self.began or now
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await request.read()
            return self._refuse() if now < self.began + self.down else await self._take(request)
        finally:
            self.in_flight -= 1

    def _refuse(self) -> web.Response:
        self.refused += 1
        return web.Response(status=503, headers={"Retry-After": "3600"} if self.down == inf else {})

    async def _take(self, request: web.Request) -> web.Response:
        now = monotonic()
        self.asked_again = self.asked_again or now
        self.first_second += now < self.asked_again + 1
        self.answered += 1
        if self.answered - 1 in STRETCH and self.takes:
            await asyncio.sleep(self.takes)
        self.taken[request.headers["webhook-id"]] += 1
        self.last = monotonic()
        return web.json_response({"ticket": f"T-{len(self.taken)}"}, status=201)

    async def tally(self, _: web.Request) -> web.Response:
        """What a bar is made of, as JSON; seconds are from when it came back."""
        back = self.began + self.down if self.down < inf else self.began
        return web.json_response({
            "refused": self.refused,
            "most_in_flight": self.most_in_flight,
            "first_second": self.first_second,
            "taken": self.taken,
            "asked_again": self.asked_again - back,
            "drained": self.last - back,
        })  # fmt: skip


def application(down: float, takes: float) -> web.Application:
    receiver, app = Receiver(down, takes), web.Application()
    app.router.add_post("/hook", receiver.receive)
    app.router.add_get("/tally", receiver.tally)
    return app


if __name__ == "__main__":
    web.run_app(
        application(float(sys.argv[2]), float(sys.argv[3])),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        print=None,
        access_log=None,
    )
