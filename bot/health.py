"""/healthz, /readyz, /metrics: alive, able to serve, and in figures."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from json import dumps

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

log = logging.getLogger(__name__)

Probe = Callable[[], Awaitable[None]]
"""Returns where something can serve; raises what hinders it where it cannot."""


class Figures:
    """What is counted, in a registry of its own; names and labels are those of /metrics."""

    def __init__(self, knowledge: str) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, labelnames=["outcome"], registry=self.registry)
        seconds = partial(Histogram, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        self._turns = counter("assistant_turns", "Messages decided", labelnames=["understood"])
        self._seconds = seconds(
            "assistant_turn_seconds",
            "Time to decide and commit a message",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )
        self._lookups = counter("assistant_directory_questions", "Questions to the directory")
        self._lookup_seconds = seconds(
            "assistant_directory_seconds",
            "Time until the directory answered or was given up",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self.unsent = gauge(
            "assistant_overdue_conversations",
            "Conversations with replies that wait to be sent again",
        )
        self._deliveries = counter(
            "assistant_deliveries", "Deliveries to ticketing systems by how they ended"
        )
        self._polls = counter(
            "assistant_desk_polls", "Times that a ticketing system was asked what happened there"
        )
        self.untold = gauge(
            "assistant_untold",
            "Messages of the assistant's own accord that are due and not told yet",
        )
        self._cases_open = gauge(
            "assistant_cases_open", "Cases of which a ticketing system has yet to be told something"
        )
        self._cases_parked = gauge(
            "assistant_cases_parked", "Cases with something that a ticketing system refused"
        )
        self._oldest_case = gauge(
            "assistant_oldest_case_seconds",
            "For how long the oldest of what it has yet to be told has waited",
        )
        info = gauge("assistant_knowledge", "Its version", labelnames=["version"])
        info.labels(knowledge).set(1)

    def turn(self, understood: str, seconds: float) -> None:
        """Counts one message."""
        self._turns.labels(understood).inc()
        self._seconds.observe(seconds)

    def lookup(self, outcome: str, seconds: float) -> None:
        """Counts one question to the directory: `answered` or `unknown`."""
        self._lookups.labels(outcome).inc()
        self._lookup_seconds.observe(seconds)

    def delivery(self, outcome: str) -> None:
        """Counts one delivery: `delivered`, `later`, `refused` or `lost`."""
        self._deliveries.labels(outcome).inc()

    def poll(self, outcome: str) -> None:
        """Counts one time that a desk was asked what happened: `heard` or `later`."""
        self._polls.labels(outcome).inc()

    def waiting(self, cases_open: int, cases_parked: int, oldest: float) -> None:
        """Shows what waits for ticketing systems, and for how many seconds."""
        self._cases_open.set(cases_open)
        self._cases_parked.set(cases_parked)
        self._oldest_case.set(oldest)


def join(app: web.Application, figures: Figures, probes: Mapping[str, Probe]) -> None:
    """Adds the three routes; `probes` are what readiness depends on, by name."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(_: web.Request) -> web.Response:
        reasons = {name: reason for name, probe in probes.items() if (reason := await _why(probe))}
        status, word = (503, "not ready") if reasons else (200, "ready")
        return web.Response(
            status=status,
            text=dumps({"status": word, "reasons": reasons}),
            content_type="application/json",
        )

    async def metrics(_: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        return web.Response(body=generate_latest(figures.registry), headers=headers)

    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", metrics)


async def _why(probe: Probe) -> str:
    """Why a probe fails: the kind of failure; its text can hold addresses and goes to the log."""
    try:
        await probe()
    except Exception as failure:
        log.exception("not ready")
        return type(failure).__name__
    return ""
