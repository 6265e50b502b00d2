"""`check` and `admin-api` as people and scripts use them."""

import json
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot import admin
from bot.__main__ import main
from bot.directories import exported
from bot.directory.routes import Routed
from bot.directory.snapshot import Snapshot
from bot.environment import PREFIX
from bot.settings import Settings
from dialogs.verdicts import Verdict
from tests.bot.directory.conftest import SAMPLE, TOKEN, USERS, write
from tests.bot.directory.lync_deployment import deployment
from tests.bot.directory.lync_server import PASSWORD, USER, LyncServer, listening
from tests.fakes import Json

ROOT = Path(__file__).parents[3]
CAUSE = "It cannot be reached (ClientConnectorError). Is it running?"
TABLE = re.compile(r"^\| (?P<users>`.+?) \| `(?P<verdict>\w+)`", re.MULTILINE)
README = (SAMPLE / "README.md").read_text(encoding="utf-8")
EXPECTED = [
    (user, found["verdict"])
    for found in TABLE.finditer(README)
    for user in re.findall(r"`([\w.]+)`", found["users"])
]
"""Every user of the sample and their verdict, as its README tells them."""


@pytest.fixture(autouse=True)
def _demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set but the place of the sample."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("ASSISTANT_DIRECTORY_FOLDER", str(SAMPLE))


def checked(capsys: pytest.CaptureFixture[str], address: str) -> tuple[int, Json]:
    """The exit status of a check, and its JSON."""
    status = main(["check", "--json", address])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("user", "verdict"), EXPECTED)
def test_every_user_of_the_sample_has_the_verdict_that_its_readme_tells(
    capsys: pytest.CaptureFixture[str], user: str, verdict: str
) -> None:
    status, body = checked(capsys, f"{user}@fabrikam.com")

    assert body["verdict"] == verdict
    assert status == int(not body["pic_enabled"])
    failing = {check["id"]: check for check in body["checks"] if check["result"] == "fail"}
    assert all(check["fix"] for check in failing.values())
    assert body["service_available"] is False
    if verdict in {"user_hosted_online", "unknown"}:
        assert body["pic_enabled"] is None


def test_the_sample_has_every_verdict_that_exports_can_lead_to() -> None:
    unseen = {Verdict.MS_PROVISIONING, Verdict.SERVICE_RETIRED, Verdict.FEDERATION_POLICY_OFF}
    listed = re.findall(
        r'"sip:([\w.]+)@', "".join(p.read_text() for p in SAMPLE.rglob("*User.csv"))
    )

    assert {verdict for _, verdict in EXPECTED} == {*Verdict, "enabled", "unknown"} - unseen
    assert {user for user, _ in EXPECTED} == {*listed, "nobody"}


def test_people_are_told_what_is_missing_and_who_can_mend_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "blocked.user@fabrikam.com"]) == 1

    out = capsys.readouterr().out
    assert out.startswith("blocked.user@fabrikam.com: pic_policy_off\n  PIC enabled: no")
    assert "(lync_admin): The policy “NoPublicContacts” (user) forbids public contacts." in out
    assert "source: snapshot, " in out


@pytest.mark.parametrize("text", ["*", "lync.user", "*@fabrikam.com", ""])
def test_what_is_no_address_is_refused(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert main(["check", "--json", text]) == 1

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("This is not a SIP address.")


def test_exports_that_cannot_be_used_make_it_unknown(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "Get-CsUser.csv", USERS.replace("True", "maybe"))
    monkeypatch.setenv("ASSISTANT_DIRECTORY_FOLDER", str(folder))

    status = main(["check", "--json", "lync.user@fabrikam.com"])

    captured = capsys.readouterr()
    body = json.loads(captured.out)
    assert (status, body["verdict"], body["pic_enabled"]) == (1, "unknown", None)
    assert "Get-CsUser.csv:2: “Enabled” must be True or False." in captured.err


def test_dns_is_asked_only_where_that_is_set() -> None:
    assert isinstance(exported(Settings()), Snapshot)
    assert isinstance(exported(Settings(directory_dns="127.0.0.1")), Routed)


def test_a_check_needs_an_address() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check"])

    assert ended.value.code == 2


# --- over HTTP -------------------------------------------------------------------------------


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """An admin API in a process of its own, which is asked to end; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "bot", "admin-api", "--port", port, *arguments]
    with Popen(command, stderr=PIPE, cwd=ROOT, text=True) as process:
        assert process.stderr
        try:
            yield re.findall(r"http://[\d.:]+", process.stderr.readline())[0]
        finally:
            process.terminate()


def test_check_asks_the_admin_api(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_ADMIN_API_TOKENS", f"bot={TOKEN}")
    with serving() as url:
        monkeypatch.setenv("ASSISTANT_DIRECTORY_URL", url)
        assert checked(capsys, "lync.user@fabrikam.com")[1]["verdict"] == "unknown"
        monkeypatch.setenv("ASSISTANT_DIRECTORY_TOKEN", TOKEN)
        assert checked(capsys, "lync.user@fabrikam.com")[0] == 0
        assert checked(capsys, "blocked.user@fabrikam.com")[1]["verdict"] == "pic_policy_off"
        nobody = checked(capsys, "nobody@fabrikam.com")[1]
        assert (nobody["verdict"], nobody["pic_enabled"]) == ("user_not_found", False)
        document = Request(f"{url}/admin/v1/openapi.json")
        with pytest.raises(HTTPError, match="401"):
            urlopen(document)
    assert checked(capsys, "lync.user@fabrikam.com")[1]["verdict"] == "unknown"


def test_a_directory_that_is_down_is_logged_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("ASSISTANT_DIRECTORY_URL", url)
        assert main(["check", "lync.user@fabrikam.com"]) == 1

    logged, said = capsys.readouterr().err.splitlines()
    assert logged.endswith("bot.directory.lookup the directory gives no answer  why=" + CAUSE)
    assert said == f"{url} is of no use now. {CAUSE}"


def test_in_production_the_samples_people_are_unknown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSISTANT_DIRECTORY_FOLDER")
    monkeypatch.setenv("ASSISTANT_DIRECTLINE_SECRET", "a secret of this site")

    assert main(["check", "--json", "lync.user@fabrikam.com"]) == 1

    captured = capsys.readouterr()
    assert json.loads(captured.out)["pic_enabled"] is None
    assert captured.err.startswith("No directory is set: set ASSISTANT_DIRECTORY_URL or")


def test_without_tokens_it_listens_on_this_machine_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert admin.serve(Settings(), "0.0.0.0", 0) == 2

    assert "without ASSISTANT_ADMIN_API_TOKENS anybody may ask" in capsys.readouterr().err


def test_with_an_issuer_it_listens_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(admin_api_issuer="https://login.example.com", admin_api_audience="api")

    assert admin.serve(settings, "192.0.2.1", 0) == 1

    assert "Not started: Cannot assign requested address" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as url:
        assert main(["admin-api", "--port", url.rpartition(":")[2]]) == 1

    assert "Is another service on port" in capsys.readouterr().err


# --- from a Lync server ----------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--source", "lync"]])
def test_a_lync_server_is_asked_where_its_address_is_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    with listening(LyncServer(deployment())) as peer:
        monkeypatch.setenv("ASSISTANT_LYNC_URL", peer.url)
        monkeypatch.setenv("ASSISTANT_LYNC_USER", USER)
        monkeypatch.setenv("ASSISTANT_LYNC_PASSWORD", PASSWORD)
        monkeypatch.setenv("ASSISTANT_LYNC_AUTH", "basic")
        with serving(*arguments) as url:
            monkeypatch.setenv("ASSISTANT_DIRECTORY_URL", url)
            status, body = checked(capsys, "lync.user@fabrikam.com")
            nobody = checked(capsys, "nobody@fabrikam.com")[1]

        assert (status, body["verdict"], body["source"]) == (0, "enabled", "lync")
        assert nobody["verdict"] == "user_not_found"
        assert peer.ended == peer.opened


def test_the_exports_are_asked_where_they_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LYNC_URL", "https://pool.fabrikam.com/OcsPowershell")
    with serving("--source", "snapshot") as url:
        monkeypatch.setenv("ASSISTANT_DIRECTORY_URL", url)
        assert checked(capsys, "lync.user@fabrikam.com")[1]["source"] == "snapshot"


def test_what_is_missing_to_ask_a_lync_server_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LYNC_USER", USER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])

    assert main(["admin-api", "--port", port, "--source", "lync"]) == 2

    assert capsys.readouterr().err.splitlines() == [
        "ASSISTANT_LYNC_URL is missing.",
        "ASSISTANT_LYNC_PASSWORD is missing.",
        "See deploy/lync-administration.md.",
    ]
