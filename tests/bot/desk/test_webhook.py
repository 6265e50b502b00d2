"""The webhook at a real receiver on loopback: what each of its answers means for a case."""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp import ClientSession, web

from bot.clock import utc_now
from bot.desk import message
from bot.desk.desk import Change, Desk, Later, Note, Placed, Refused, Ticket
from bot.desk.signature import Signer
from bot.desk.webhook import Webhook, webhook
from bot.networks import listed
from bot.outbound import LARGEST_ANSWER, open_session
from bot.settings import Settings
from tests.bot.desk.conftest import IsOurs
from tests.bot.desk.receiver import Receiver, says
from tests.bot.desk.test_signature import NEW, OLD, OTHER
from tests.bot.directory.misbehaving import nobody
from tests.fakes import NOON, PATIENCE

LOOPBACK = listed("127.0.0.1")
TICKET = Ticket(
    id="case-1",
    title="Skype is not offered",
    text="Lync does not list Skype.\nAccount: lync.user@fabrikam.com",
    requester="lync.user@fabrikam.com",
    details=(("Contact", "bob@contoso.com"),),
    transcript="You: add bob@contoso.com",
)
PLACED = Placed(ticket="INC-1", link="https://tickets.example.com/INC-1")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that must not have met a wrong signature."""
    async with Receiver(NEW).listening() as listening:
        yield listening
    assert not listening.refused


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """What may reach this machine, unencrypted too."""
    async with open_session("http://127.0.0.1", LOOPBACK) as opened:
        yield opened


@pytest.fixture
def desk(receiver: Receiver, session: ClientSession) -> Webhook:
    """The webhook, by the real clock, by which the receiver's library judges."""
    return Webhook(receiver.url, Signer((NEW,)), session, utc_now, PATIENCE)


async def later(desk: Webhook) -> Later:
    """Why a case was not taken now."""
    with pytest.raises(Later) as told:
        await desk.create(TICKET)
    return told.value


# --- what is taken ---------------------------------------------------------------------------


async def test_a_case_becomes_a_ticket(receiver: Receiver, desk: Webhook) -> None:
    assert await desk.create(TICKET) == PLACED

    [body] = receiver.bodies
    assert (body["type"], body["version"], receiver.ids) == ("case.created", 1, ["case-1"])
    assert body["data"]["transcript"] == TICKET.transcript
    assert body["data"]["details"] == [{"name": "Contact", "value": "bob@contoso.com"}]


async def test_a_case_that_is_there_already_is_the_same_ticket(
    receiver: Receiver, desk: Webhook
) -> None:
    assert [await desk.create(TICKET) for _ in range(3)] == [PLACED] * 3
    assert len(receiver.bodies) == 1


async def test_notes_and_changes(receiver: Receiver, desk: Webhook) -> None:
    await desk.note(PLACED, Note("note-1", "It is worse now."))
    await desk.note(PLACED, Note("note-1", "It is worse now."))
    for key in ("case-1/3", "case-1/3", "case-1/5"):
        await desk.change(PLACED, Change(key, "reopened"))

    note = {"note_id": "note-1", "text": "It is worse now."}
    assert [(body["type"], body["data"]) for body in receiver.bodies] == [
        ("case.noted", {"ticket": "INC-1", **note}),
        *[("case.changed", {"ticket": "INC-1", "change": "reopened"})] * 2,
    ]
    assert receiver.ids == ["note-1", "note-1", "case-1/3", "case-1/3", "case-1/5"]


TAKEN: dict[str, tuple[str, Placed]] = {
    "nothing": ("", Placed(ticket="case-1")),
    "blanks": (" \n", Placed(ticket="case-1")),
    "an empty object": ("{}", Placed(ticket="case-1")),
    "something else": ('{"ok": true}', Placed(ticket="case-1")),
    "no ticket": ('{"ticket": null}', Placed(ticket="case-1")),
    "a blank ticket": ('{"ticket": " "}', Placed(ticket="case-1")),
    "a number": ('{"ticket": 4711}', Placed(ticket="4711")),
    "only a link": (
        '{"link": "https://a.example/1"}',
        Placed(ticket="case-1", link="https://a.example/1"),
    ),
    "control characters": ('{"ticket": "A\\u001b[1m\\n2"}', Placed(ticket="A[1m 2")),
    "a script for a link": ('{"link": "javascript:alert(1)"}', Placed(ticket="case-1")),
    "a password in a link": ('{"link": "https://a:b@c.example"}', Placed(ticket="case-1")),
    "a link to nowhere": ('{"link": "https://[::1"}', Placed(ticket="case-1")),
    "a link of another kind": ('{"link": ["https://a.example"]}', Placed(ticket="case-1")),
    "a long link": (
        json.dumps({"link": f"https://a.example/{'a' * 2000}"}),
        Placed(ticket="case-1"),
    ),
    "markup in a link": (
        '{"link": "https://a.example/\\"><b>"}',
        Placed(ticket="case-1", link="https://a.example/%22%3E%3Cb%3E"),
    ),
}


@pytest.mark.parametrize("status", [200, 201, 202, 409])
@pytest.mark.parametrize(("body", "placed"), TAKEN.values(), ids=TAKEN)
async def test_what_a_receiver_says_of_a_ticket(
    receiver: Receiver, desk: Webhook, status: int, body: str, placed: Placed
) -> None:
    receiver.next.append(says(status, body))

    assert await desk.create(TICKET) == placed


async def test_no_content(receiver: Receiver, desk: Webhook) -> None:
    receiver.next.append(says(204))
    assert await desk.create(TICKET) == Placed(ticket="case-1")


# --- what is not -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 402, 404, 405, 410, 413, 422, 451])
async def test_what_will_never_be_taken(receiver: Receiver, desk: Webhook, status: int) -> None:
    receiver.next.append(says(status, "bob@contoso.com"))
    with pytest.raises(Refused, match=rf"status {status}\.$"):
        await desk.create(TICKET)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(receiver: Receiver, desk: Webhook, status: int) -> None:
    receiver.next.append(says(status, Location=receiver.url))
    with pytest.raises(Refused, match="set ASSISTANT_WEBHOOK_URL to where"):
        await desk.create(TICKET)
    assert len(receiver.ids) == 1


@pytest.mark.parametrize("status", [401, 403])
async def test_what_an_operator_can_mend_is_tried_again_and_said(
    receiver: Receiver, desk: Webhook, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.next.append(says(status))

    told = await later(desk)

    assert "ASSISTANT_WEBHOOK_SECRET" in str(told)
    assert not told.ambiguous
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert await desk.create(TICKET) == PLACED


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({}, None),
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "soon"}, None),
        (
            {
                "Retry_After": "Tue, 03 Nov 2026 12:00:30 GMT",
                "Date": "Tue, 03 Nov 2026 12:00:00 GMT",
            },
            30.0,
        ),
    ],
)
async def test_what_passes_is_tried_again_when_the_receiver_says(
    receiver: Receiver, desk: Webhook, status: int, headers: dict[str, str], after: float | None
) -> None:
    receiver.next.append(says(status, "<html>", **headers))

    told = await later(desk)

    assert (told.after, told.ambiguous) == (after, False)


@pytest.mark.parametrize("status", [200, 409])
@pytest.mark.parametrize(
    "body",
    ["<html>Please sign in</html>", "ok", '{"ticket": ', "[]", '"INC-1"', '{"ticket": true}',
     '{"ticket": {"id": 1}}', json.dumps({"ticket": "x" * 101}), "[" * 10_000,
     "{}" + " " * LARGEST_ANSWER],
    ids=lambda body: body[:20],
)  # fmt: skip
async def test_an_answer_of_no_receiver_is_no_receipt(
    receiver: Receiver, desk: Webhook, status: int, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.next.append(says(status, body))

    assert (await later(desk)).ambiguous
    assert [record.levelname for record in caplog.records] == ["ERROR"]


async def test_a_connection_that_is_cut_before_anything_was_made_of_it(
    receiver: Receiver, desk: Webhook
) -> None:
    receiver.next.append(receiver.cut_before)

    assert (await later(desk)).ambiguous
    assert await desk.create(TICKET) == PLACED


async def test_a_connection_that_is_cut_afterwards_makes_no_second_ticket(
    receiver: Receiver, desk: Webhook
) -> None:
    receiver.next.append(receiver.cut_after)

    assert (await later(desk)).ambiguous
    assert await desk.create(TICKET) == PLACED
    assert len(receiver.bodies) == 1


async def test_who_is_slow_makes_no_second_ticket(receiver: Receiver, desk: Webhook) -> None:
    done = asyncio.Event()
    receiver.next.append(receiver.slow(done))
    desk.patience = 0.1

    assert (await later(desk)).ambiguous
    done.set()
    desk.patience = PATIENCE
    assert await desk.create(TICKET) == PLACED
    assert len(receiver.bodies) == 1


async def test_who_is_not_there_has_taken_nothing(
    session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with nobody() as url:
        told = await later(Webhook(f"{url}/geheim", Signer((NEW,)), session, utc_now))

    assert (told.ambiguous, told.after) == (False, None)
    assert "geheim" not in f"{told} {[vars(record) for record in caplog.records]}"


async def test_a_webhook_that_leads_inside_is_not_sent(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    url = receiver.url.replace("http:", "https:")
    async with open_session(url) as outside:
        told = await later(Webhook(url, Signer((NEW,)), outside, utc_now))

    assert "ASSISTANT_OUTBOUND_ALLOW" in str(told)
    assert not told.ambiguous
    assert "ERROR" in {record.levelname for record in caplog.records}


@pytest.mark.parametrize("believed", [True, False])
async def test_a_certificate_is_looked_at(believed: bool, caplog: pytest.LogCaptureFixture) -> None:
    ca, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(tls)
    ours = ssl.create_default_context()
    (ca if believed else trustme.CA()).configure_trust(ours)
    caplog.set_level(logging.CRITICAL, "asyncio")

    async with (
        Receiver(NEW).listening(tls) as receiver,
        open_session(receiver.url, LOOPBACK, ours) as session,
    ):
        desk = Webhook(receiver.url, Signer((NEW,)), session, utc_now)
        if believed:
            assert await desk.create(TICKET) == PLACED
        else:
            assert "certificate is not believed" in str(await later(desk))
            assert not receiver.ids


# --- who signs -------------------------------------------------------------------------------


@pytest.mark.parametrize("secrets", [(NEW, OLD), (OLD, NEW)])
async def test_while_secrets_change_a_receiver_may_have_either(
    receiver: Receiver, desk: Webhook, secrets: tuple[str, ...]
) -> None:
    desk.signer = Signer(secrets)

    assert await desk.create(TICKET) == PLACED


async def test_a_receiver_with_another_secret_refuses(
    session: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with Receiver(OTHER).listening() as receiver:
        told = await later(Webhook(receiver.url, Signer((NEW,)), session, utc_now))

    assert "status 401" in str(told)
    assert receiver.refused == ["No matching signature found"]
    assert NEW not in f"{told} {[vars(record) for record in caplog.records]}"


async def test_the_verifier_of_the_docs_believes_it(
    receiver: Receiver,
    session: ClientSession,
    is_ours: IsOurs,
) -> None:
    judged = []

    async def judge(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        judged.append(is_ours([NEW], headers, await request.read(), NOON.timestamp))
        return await says(200)(request)

    receiver.next.append(judge)
    await Webhook(receiver.url, Signer((OLD, NEW)), session, lambda: NOON).create(TICKET)

    assert judged == [True]


# --- what people write -----------------------------------------------------------------------

WRITTEN = {
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "Markdown": "[click](javascript:alert(1)) **bold** `code` | table |",
    "a formula": "=cmd|' /C calc'!A0",
    "JSON": '"}, "type": "case.changed", {"',
    "other scripts": "مرحبا 你好 👩‍🚀 ﷽",
    "half a template": "{{7*7}} ${jndi:ldap://x} %s {0}",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
async def test_what_people_write_arrives_as_it_is(
    receiver: Receiver, desk: Webhook, text: str
) -> None:
    fields = dict.fromkeys(message.LONGEST, text)
    await desk.create(Ticket(id=text, details=((text, text),), **fields))
    await desk.note(Placed(ticket=text), Note(text + "n", text))

    case, note = (body["data"] for body in receiver.bodies)
    assert {name: case[name] for name in fields} == fields
    assert (case["case_id"], case["details"]) == (text, [{"name": text, "value": text}])
    assert (note["ticket"], note["text"]) == (text, text)
    assert all(key.isascii() and "." not in key for key in receiver.ids)


async def test_control_characters_do_not_arrive(receiver: Receiver, desk: Webhook) -> None:
    text = "a\x00\x1b[31m\r\nwebhook-id: 2\x85\ud800"
    fields: dict[str, Any] = dict.fromkeys(message.LONGEST, text)
    await desk.create(Ticket.model_construct(id=text, details=((text, text),), **fields))

    [case] = (body["data"] for body in receiver.bodies)
    several, one = "a[31m\nwebhook-id: 2\n", "a[31m webhook-id: 2 "
    assert (case["text"], case["transcript"]) == (several, several)
    assert case["details"] == [{"name": one, "value": several}]
    assert {case[name] for name in {*fields} - message.SEVERAL_LINES} == {one}


async def test_what_is_long_is_cut_as_the_docs_say(receiver: Receiver, desk: Webhook) -> None:
    long = "ü" * 99_999 + "end" * 10
    fields = dict.fromkeys(message.LONGEST, long)
    await desk.create(Ticket(id="case-1", details=((long, long),) * 99, **fields))

    [case] = (body["data"] for body in receiver.bodies)
    assert {name: len(case[name]) for name in fields} == message.LONGEST
    assert (case["text"][-1], case["transcript"][0], case["transcript"][-3:]) == ("…", "…", "end")
    assert len(case["details"]) == message.MOST_DETAILS


@pytest.mark.parametrize("key", ["", "x" * 513, "ü" * 100])
async def test_an_id_that_is_no_key_is_refused(receiver: Receiver, desk: Webhook, key: str) -> None:
    with pytest.raises(Refused, match="idempotency key"):
        await desk.create(TICKET.model_copy(update={"id": key}))
    assert not receiver.ids


# --- the desk --------------------------------------------------------------------------------


async def test_it_is_a_desk_that_is_not_asked_first(desk: Webhook) -> None:
    as_desk: Desk = desk

    assert (as_desk.name, as_desk.asks_first, as_desk.quarantine) == ("webhook", False, 0.0)
    assert as_desk.requests == 1
    with pytest.raises(Refused):
        await as_desk.find("case-1")


async def test_it_is_built_from_settings_and_shows_no_secret(
    receiver: Receiver, session: ClientSession, tmp_path: Path
) -> None:
    file = tmp_path / "secrets"
    file.write_text(f"{NEW}\n{OLD}\n")
    settings = Settings(
        outbound_allow=LOOPBACK,
        webhook_secret_file=file,
        webhook_url=f"{receiver.url}?key=geheim",
    )

    desk = webhook(settings, session, utc_now)

    assert await desk.create(TICKET) == PLACED
    assert "geheim" not in repr(desk)
    assert NEW not in repr(desk)
