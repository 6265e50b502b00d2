"""Why a receiver's request is not believed, as `verify-webhook` tells it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.desk.signature import Signer
from bot.environment import SettingsError
from bot.settings import Settings
from bot.webhooks import LARGEST, Received, verify
from tests.bot.desk.test_signature import NEW, OLD
from tests.fakes import NOON

BODY = b'{"type":"case.changed"}'
SETTINGS = Settings(webhook_secret=SecretStr(f"{NEW},{OLD}"))
AT = int(NOON.timestamp())


@pytest.fixture
def received(tmp_path: Path) -> Received:
    """A request in order, signed with the older secret."""
    file = tmp_path / "body"
    file.write_bytes(BODY)
    key, timestamp, signature = Signer((OLD,)).headers("case-1", BODY, NOON).values()
    return Received(key, timestamp, signature, str(file), AT)


def test_a_request_that_is_ours(received: Received, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(SETTINGS, received, as_json=True) == 0

    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"id": "case-1", "valid": True, "why": ""}
    assert not shown.err


@pytest.mark.parametrize(
    ("change", "body", "why"),
    [
        ({}, BODY + b"\n", "No signature is right: is it another secret"),
        ({}, b"\xff", "The body is not UTF-8."),
        ({}, b" " * (LARGEST + 1), "The body is larger than 1048576 bytes."),
        ({}, None, "cannot be read: No such file"),
        ({"at": AT + 301}, BODY, "more than 5 minutes from now"),
        ({"at": None}, BODY, "more than 5 minutes from now"),
        ({"at": 0}, BODY, "more than 5 minutes from now"),
        ({"at": 10**11 - 1}, BODY, "more than 5 minutes from now"),
        ({"timestamp": "soon"}, BODY, "webhook-timestamp is not as Standard"),
        ({"signature": ""}, BODY, "webhook-signature is not as Standard"),
        ({"id": "a b"}, BODY, "webhook-id is not as Standard"),
    ],
)
def test_one_that_is_not(
    received: Received,
    change: dict[str, Any],
    body: bytes | None,
    why: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = Path(received.file)
    file.unlink() if body is None else file.write_bytes(body)
    given = replace(received, **change)

    assert verify(SETTINGS, given, as_json=False) == verify(SETTINGS, given, as_json=True) == 1

    shown = capsys.readouterr()
    assert why in shown.err
    assert why in json.loads(shown.out)["why"]


def test_nothing_is_believed_without_a_secret(
    received: Received, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(Settings(), received, as_json=False) == 2
    assert "set ASSISTANT_WEBHOOK_SECRET or" in capsys.readouterr().err

    with pytest.raises(SettingsError, match="No such file"):
        verify(Settings(webhook_secret_file=Path("nothing")), received, as_json=False)
