"""docs/webhook.md says what is so: its test vector, its verifier, and its lengths."""

import json
import re
from datetime import UTC, datetime
from typing import get_args

import pytest
from standardwebhooks import Webhook

from bot.app import KNOWLEDGE
from bot.desk import message
from bot.desk.desk import Change, ChangeKind, Note, Placed, Ticket
from bot.desk.events import LONGEST_COMMENT, STATES, Event, WebhookEvents
from bot.desk.recording import LETTERS
from bot.desk.signature import Signer
from bot.signing import signing_secrets
from dialogs.library import load
from dialogs.model import Said, Transcripts
from dialogs.redaction import redactor
from dialogs.transcript import transcript
from tests.bot.desk.conftest import PAGE, SNIPPET, IsOurs
from tests.bot.desk.test_signature import NEW, OLD, OTHER, RIGHT, changed, signed
from tests.fakes import NOON

EXAMPLE, VECTOR = (json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


def seconds() -> float:
    return NOON.timestamp()


def test_the_test_vector() -> None:
    at = datetime.fromtimestamp(int(VECTOR["webhook-timestamp"]), UTC)
    body = VECTOR["body"].encode()

    assert signing_secrets(VECTOR["secret"]) == (VECTOR["secret"],)
    assert Signer((VECTOR["secret"],)).headers(VECTOR["webhook-id"], body, at) == {
        name: VECTOR[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    }
    sign = Webhook(VECTOR["secret"]).sign(VECTOR["webhook-id"], at, VECTOR["body"])
    assert sign == VECTOR["webhook-signature"]
    assert (
        message.of_change(Placed(ticket="INC-4711"), Change("LS-7Q2M-K9XD/3", "withdrawn")) == body
    )


def test_the_verifier_is_as_short_as_it_says(is_ours: IsOurs) -> None:
    assert sum(bool(line.strip()) for line in SNIPPET.splitlines()) <= 15
    headers = {name: value for name, value in VECTOR.items() if name.startswith("webhook-")}
    at = int(VECTOR["webhook-timestamp"])
    assert is_ours([VECTOR["secret"]], headers, VECTOR["body"].encode(), lambda: at)


@pytest.mark.parametrize("secrets", [[NEW], [OLD, NEW], [NEW, OLD]])
def test_the_verifier_believes_what_we_sign(is_ours: IsOurs, secrets: list[str]) -> None:
    assert is_ours(secrets, signed(), b'{"id": "event-1"}', seconds)


@pytest.mark.parametrize(
    "headers",
    [{}, changed(timestamp=""), changed(timestamp="²"), changed(timestamp="-1"),
     changed(timestamp=str(int(NOON.timestamp()) - 301)), changed(signature=""),
     changed(signature="v1"), changed(signature=RIGHT[3:]), changed(signature="v1,%%%"),
     changed(signature="ü"), changed(id="event-2")],
)  # fmt: skip
def test_the_verifier_believes_nothing_else(is_ours: IsOurs, headers: dict[str, str]) -> None:
    assert not is_ours([NEW], headers, b'{"id": "event-1"}', seconds)
    assert not is_ours([OTHER], signed(), b'{"id": "event-1"}', seconds)
    assert not is_ours([NEW], signed(), b'{"id": "event-2"}', seconds)


def test_the_examples_transcript_is_as_ours_are() -> None:
    said = Said("in", "add bob@contoso.com", "2026-11-03T11:58:00+00:00")
    mask = redactor({"bob@contoso.com"})
    words = load(KNOWLEDGE, "en").words
    assert transcript([said], mask, words) == EXAMPLE["data"]["transcript"]


def test_the_example_is_what_is_sent() -> None:
    data = EXAMPLE["data"]
    details = tuple((one["name"], one["value"]) for one in data["details"])
    given = {name: data[name] for name in message.LONGEST}
    ticket = Ticket(id=data["case_id"], details=details, **given)

    assert json.loads(message.of_ticket(ticket)) == EXAMPLE


def test_the_examples_are_of_cases_as_ours_are() -> None:
    ours = re.compile(f"LS-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")

    assert ours.fullmatch(EXAMPLE["data"]["case_id"])
    assert VECTOR["webhook-id"] == f"{EXAMPLE['data']['case_id']}/3"


def test_what_is_said_of_the_transcript_is_said_for_each_way() -> None:
    [said] = re.findall(r"^`transcript` is .*?none`\.$", PAGE, re.DOTALL | re.MULTILINE)

    assert all(f"={way}" in said for way in get_args(Transcripts) if way != "redacted")


def test_the_lengths_are_those_that_are_cut_to() -> None:
    rows = re.findall(r"^\| (`[^|]+) \| ([\d,]+) \|$", PAGE, re.MULTILINE)
    told = {
        name: int(n.replace(",", "")) for names, n in rows for name in re.findall(r"`(\w+)`", names)
    }

    assert {name: told[name] for name in message.LONGEST} == message.LONGEST
    assert told["case_id"] == message.LONGEST_ID
    assert told["text"] == message.LONGEST_NOTE
    details = f"{message.MOST_DETAILS} of them; `name` {message.LONGEST_DETAIL_NAME}, "
    assert f"{details}`value` {message.LONGEST_DETAIL:,} |" in PAGE


@pytest.mark.parametrize("filler", ["🧑", '"', "é"])
def test_the_largest_body_is_as_large_as_it_says(filler: str) -> None:
    long = filler * 200_000
    ticket = Ticket(
        id="case-1",
        details=((long, long),) * 100,
        **dict.fromkeys(message.LONGEST, long),
    )

    assert len(message.of_ticket(ticket)) < 1_000_000


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("case.created", message.of_ticket(Ticket(id="1", title="", text="", requester=""))),
        ("case.noted", message.of_note(Placed(ticket="1"), Note("n", "more"))),
        ("case.changed", message.of_change(Placed(ticket="1"), Change("c", "closed"))),
    ],
)
def test_each_type_is_on_the_page_with_its_fields(kind: str, body: bytes) -> None:
    sent = json.loads(body)
    assert (sent["type"], sent["version"]) == (kind, message.VERSION)
    assert f"| `{kind}` |" in PAGE
    assert all(f"`{field}`" in PAGE or f'"{field}"' in PAGE for field in sent["data"])


def test_what_may_be_told_to_us_is_on_the_page() -> None:
    assert all(f"| `{field}` |" in PAGE for field in Event.model_fields)
    assert all(f"`{state}`" in PAGE for state in STATES)
    assert f"{LONGEST_COMMENT:,} characters are kept" in PAGE
    [example] = re.findall(r"```\n(\{.*?\})\n```", PAGE, re.DOTALL)
    body = example.encode()
    headers = Signer((NEW,)).headers("evt-815", body, NOON)

    event = WebhookEvents(Signer((NEW,)))(headers, body, NOON)
    assert (event.case_id, event.state) == (EXAMPLE["data"]["case_id"], "waiting")


@pytest.mark.parametrize("change", get_args(ChangeKind))
def test_each_change_is_on_the_page(change: str) -> None:
    assert f"`{change}`" in PAGE
