"""After an outage a desk gets ten requests in its first second at most, as it counts them."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.desk.delivery import Courier
from bot.desk.desk import Desk
from bot.desk.gate import FIRST, FIRST_SECOND
from bot.desk.request_tracker import RequestTracker
from bot.desk.roundup import Roundup
from bot.desk.signature import Signer
from bot.desk.webhook import Webhook
from bot.storage.database import DatabaseStore
from bot.storage.outbox import Outbox
from bot.storage.records import Order
from tests.bot.desk.test_signature import NEW
from tests.bot.storage.turns import new_case, turn
from tests.fakes import PATIENCE, Clock

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

CASES = [f"case-{number}" for number in range(30)]
SECRET = SecretStr("geheim")
THERE = {"data": {"collection": [{"id": "7"}], "attributes": {"messages": [{"id": "3"}]}}}


@dataclass
class Counting:
    """A desk that answers as told, and counts."""

    answer: Callable[[web.Request], web.Response]
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        """One request."""
        await request.read()
        self.asked.append(f"{request.method} {request.path}")
        return web.Response(status=503) if self.away else self.answer(request)


def roundup_knows_all(request: web.Request) -> web.Response:
    """Each part is there already, as after answers that were lost; so each takes two requests."""
    known = request.method == "POST"
    error = {"error": {"status": 409, "msg": "There is one"}}
    return web.json_response(error if known else THERE, status=409 if known else 200)


def roundup_keeps_changing(request: web.Request) -> web.Response:
    """Somebody else is always quicker."""
    return web.Response(status=412) if request.method == "PUT" else roundup_knows_all(request)


class RequestTrackerIsEmpty:
    """Shows a ticket as soon as it is made, and a status as soon as it is set."""

    def __init__(self) -> None:
        self.made, self.status = set[str](), "new"

    def __call__(self, request: web.Request) -> web.Response:
        case = re.search(r"'(.+)'", request.query.get("query", ""))
        items = [{"id": "7"}] if case and case[1] in self.made else []
        if case:
            self.made.add(case[1])  # it is asked again once it is made
        if request.method == "PUT":
            self.status = "rejected"
        return web.json_response({"items": items, "Status": self.status})


def webhook_takes_it(_: web.Request) -> web.Response:
    return web.Response()


ANSWERS: dict[str, tuple[str, Callable[[], Callable[[web.Request], web.Response]]]] = {
    "roundup": ("roundup", lambda: roundup_knows_all),
    "roundup, contested": ("roundup", lambda: roundup_keeps_changing),
    "rt": ("rt", RequestTrackerIsEmpty),
    "webhook": ("webhook", lambda: webhook_takes_it),
}


@pytest.fixture(params=ANSWERS)
async def outage(
    request: pytest.FixtureRequest, session: ClientSession, clock: Clock
) -> AsyncIterator[tuple[Counting, Desk]]:
    """What counts, and the desk that is asked there."""
    name, answer = ANSWERS[request.param]
    counting = Counting(answer())
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", counting.handle)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        desks: dict[str, Desk] = {
            "roundup": Roundup.at(url, "assistant", SECRET, session),
            "rt": RequestTracker.at(url, SECRET, "Helpdesk", session),
            "webhook": Webhook(url, Signer((NEW,)), session, clock),
        }
        yield counting, desks[name]


@pytest.fixture
def courier(outage: tuple[Counting, Desk], outbox: Outbox, clock: Clock) -> Courier:
    """Of a time that stands still while it delivers: all of it happens in one second."""
    return Courier(
        outage[1],
        outbox,
        lambda: None,
        lambda ended: None,
        parallel=100,
        seconds=lambda: clock.now.timestamp(),  # noqa: PLW0108 - it moves on
        chance=lambda: 0.0,
    )


async def run(courier: Courier) -> None:
    """What the timer does."""
    async with asyncio.timeout(PATIENCE):
        await courier.run_once()


async def first_second(courier: Courier, counting: Counting, clock: Clock) -> int:
    """How many requests come at once when the desk is back, after it was away for all."""
    counting.away = True
    await run(courier)
    counting.away = False
    counting.asked.clear()
    clock.advance(seconds=FIRST)
    await run(courier)
    return len(counting.asked)


async def test_new_cases(
    outage: tuple[Counting, Desk], courier: Courier, kept: DatabaseStore, clock: Clock
) -> None:
    counting, desk = outage
    for case in CASES:
        await kept.commit(turn(0, key=case, case=new_case(case, desk=desk.name)))

    assert 0 < await first_second(courier, counting, clock) <= FIRST_SECOND

    before = len(counting.asked)
    clock.advance(seconds=1)
    await run(courier)
    assert len(counting.asked) > before + FIRST_SECOND  # it was but one second


async def test_what_people_do_with_cases(
    outage: tuple[Counting, Desk], courier: Courier, kept: DatabaseStore, clock: Clock
) -> None:
    counting, desk = outage
    for case in CASES:
        await kept.commit(turn(0, key=case, case=new_case(case, desk=desk.name)))
    await run(courier)
    for case in CASES:
        order = Order(f"{case}/2", case, "withdrawn")
        await kept.commit(turn(0, key=order.id, orders=(order,)))

    assert 0 < await first_second(courier, counting, clock) <= FIRST_SECOND
