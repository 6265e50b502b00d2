"""The command line as people and scripts use it: real processes, their output and exit status."""

import asyncio
import json
import os
import pty
import re
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from subprocess import PIPE, Popen, run
from typing import Any
from urllib.request import urlopen

import pytest

from bot.app import BUNDLE, DRAWING_BUNDLE, Program
from bot.storage.migrate import upgrade
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds after which a process is taken to hang."""

WELL, REFUSED, WRONG = 0, 1, 2
WALK = [
    "custom domain", "bob@contoso.com", "Find someone box",
    "done", "done", "done", "done", "done", "done", "yes",
]  # fmt: skip


@pytest.fixture
def environment(tmp_path: Path, built: Program) -> dict[str, str]:
    """The variables of a process that keeps all it writes under a folder of the test's own."""
    others = {name: v for name, v in os.environ.items() if not name.startswith("ASSISTANT_")}
    data = tmp_path / "var"
    copytree(built.settings.data_dir / "models", data / "models")  # learned before, to save time
    return {
        **others,
        "ASSISTANT_DATA_DIR": str(data),
        "ASSISTANT_DATABASE_URL": f"sqlite:///{data}/assistant.db",
        "PYTHONIOENCODING": "utf-8:strict",
    }


@pytest.fixture
def bot(environment: dict[str, str]) -> "Bot":
    return Bot(environment)


class Bot:
    """Runs `python -m bot`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def __call__(self, *arguments: str | bytes, typed: str | bytes = "") -> tuple[int, str, str]:
        """The exit status of a command, its standard output, and its standard error."""
        done = run(
            [sys.executable, "-m", "bot", *arguments],
            input=typed.encode() if isinstance(typed, str) else typed,
            capture_output=True,
            cwd=ROOT,
            env=self.environment,
            timeout=PATIENCE,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def lines(self, *arguments: str, typed: str = "") -> tuple[int, list[dict[str, Any]], str]:
        """The same, of a command that prints one JSON object a line."""
        status, out, err = self(*arguments, "--json", typed=typed)
        return status, [json.loads(line) for line in out.splitlines()], err

    @contextmanager
    def running(self, *arguments: str, terminal: int = PIPE) -> Iterator["Popen[str]"]:
        """A command that does not end by itself; it is killed if the test does not end it."""
        command = [sys.executable, "-m", "bot", *arguments]
        with Popen(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=PIPE,
            cwd=ROOT,
            env=self.environment,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


# --- convert ---------------------------------------------------------------------------------


def test_convert_says_what_becomes_of_each_address_and_why(bot: Bot) -> None:
    expected = [
        ("bob@contoso.com", "converted", "bob(contoso.com)@msn.com"),
        ("bob@outlook.com", "ordinary", "bob@outlook.com"),
        ("bob(contoso.com)@msn.com", "already", "bob(contoso.com)@msn.com"),
        ("lync.user@fabrikam.com", "own-domain", "lync.user@fabrikam.com"),
        ("bob.smith", "rejected", None),
    ]

    status, results, _ = bot.lines("convert", *(address for address, _, _ in expected))

    assert status == REFUSED
    assert [(r["input"], r["status"], r["address"]) for r in results] == expected
    assert all(set(r) == {"input", "status", "address", "why"} and r["why"] for r in results)


def test_convert_shows_people_the_result_and_tells_them_why(bot: Bot) -> None:
    status, out, err = bot("convert", "bob@contoso.com")

    assert (status, out) == (WELL, "bob@contoso.com → bob(contoso.com)@msn.com\n")
    assert err.startswith("contoso.com is not one of Microsoft's own domains")
    assert "`" not in err


def test_convert_back_reads_one_address_a_line(bot: Bot) -> None:
    typed = "bob(contoso.com)@msn.com\n\nbob@contoso.com"

    status, results, _ = bot.lines("convert", "--back", "-", typed=typed)

    assert status == REFUSED
    assert [(r["status"], r["address"]) for r in results] == [
        ("reverted", "bob@contoso.com"),
        ("rejected", None),
    ]


def test_bytes_that_are_no_text_are_refused_as_an_address(bot: Bot) -> None:
    status, out, _ = bot("convert", "--json", b"b\xff@contoso.com", "-", typed=b"\xff@contoso.com")

    assert status == REFUSED
    assert [json.loads(line)["status"] for line in out.splitlines()] == ["rejected", "rejected"]


# --- ask and explain -------------------------------------------------------------------------


def test_ask_answers_each_line_it_can_read(bot: Bot) -> None:
    lines = [
        '{"id": 1, "text": "add a skype contact"}',
        '{"id": "two", "text": "i want to talk to a person"}',
        '{"text": "qwertz"}',
        "not json",
        "",
        "[]",
        '{"id": 7}',
        '{"id": 8, "text": null}',
        '{"id": 9, "text": 9}',
        '{"id": 10, "text": "hello"}',
    ]

    status, answers, err = bot.lines("ask", "-", typed="\n".join(lines))

    assert status == REFUSED
    assert [(a["id"], a["decision"], [t["topic"] for t in a["topics"]][:1]) for a in answers] == [
        (1, "answer", ["add-skype-contact"]),
        ("two", "answer", ["talk-to-a-person"]),
        (None, "unknown", []),
        (10, "answer", ["greeting"]),
    ]
    assert all(0 <= t["score"] <= 1 for a in answers for t in a["topics"])
    assert [line.split()[1] for line in err.splitlines()] == ["4", "5", "6", "7", "8", "9"]


def test_a_line_that_is_no_text_costs_ask_no_other_line(bot: Bot) -> None:
    typed = b'{"id": 1, "text": "hello"}\n\xff\xfe\n{"id": 3, "text": "hello"}\n'

    status, out, err = bot("ask", "--json", "-", typed=typed)

    assert status == REFUSED
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, 3]
    assert err.startswith("Line 2 is not")


def test_ask_takes_a_question_as_it_is(bot: Bot) -> None:
    status, out, err = bot("ask", "add a skype contact")

    assert (status, err) == (WELL, "")
    assert out.startswith("answer: add-skype-contact (1.00)")


def test_explain_shows_words_repairs_scores_and_the_decision(bot: Bot) -> None:
    status, out, _ = bot("explain", "add a skpye contact")

    assert status == WELL
    assert "repaired: skpye → skype" in out
    assert "score:    1.000 add-skype-contact\n" in out
    assert out.splitlines()[-1] == "decision: answer"


# --- the author's and the operator's tools ---------------------------------------------------


def test_knowledge_check_counts_what_it_has_read(bot: Bot) -> None:
    status, out, err = bot("knowledge", "check")

    assert (status, out) == (WELL, "")
    assert err.startswith("The knowledge is in order: ")


def test_the_author_s_tools_print_results_and_tell_people_on_standard_error(bot: Bot) -> None:
    status, out, err = bot("knowledge", "draw", "add-skype-contact")
    assert (status, err) == (WELL, "")
    assert out.startswith("flowchart TD\n")

    status, out, err = bot("knowledge", "draw", "add-skpye-contact")
    assert (status, out) == (REFUSED, "")
    assert "Did you mean “add-skype-contact”?" in err

    status, out, err = bot("knowledge", "coverage")
    assert (status, err) == (WELL, "All 36 facts are told.\n")
    assert out.startswith("A1 ")


def test_what_was_learned_is_learned_once(bot: Bot, environment: dict[str, str]) -> None:
    told = r"Learned: \d+ kinds of wishes are told apart by \d+ features\.\n"
    status, out, err = bot("knowledge", "learn")
    assert (status, out) == (WELL, "")
    assert re.fullmatch(told, err)

    rmtree(Path(environment["ASSISTANT_DATA_DIR"]) / "models")
    learning = r"Learning from the phrasings; this takes some seconds\.\n"
    assert re.fullmatch(learning + told, bot("knowledge", "learn")[2])


def test_authors_read_what_was_not_understood(bot: Bot) -> None:
    assert bot("knowledge", "missed") == (WELL, "", "Everything was understood.\n")

    said = "flurbish the grommet 4255550100\n"
    status, _, _ = bot("chat", typed=f"{said}{said}")
    assert status == WELL

    status, out, err = bot("knowledge", "missed")
    assert (status, err) == (WELL, "2 texts were not understood.\n")
    assert out == "    2 × flurbish the grommet [number]\n"
    status, lines, _ = bot.lines("knowledge", "missed")
    assert lines == [{"times": 2, "text": "flurbish the grommet [number]", "place": ""}]


def test_an_author_plays_a_topic_without_a_database(bot: Bot, tmp_path: Path) -> None:
    status, out, err = bot("knowledge", "try", "configure-lync-alerts", typed="done\n")

    assert (status, err) == (WELL, "")
    assert out.startswith("Good to know first\n")
    assert "\nSet Lync alerts for contact requests\n" in out
    assert "Select Alerts." in out
    assert not (tmp_path / "var" / "assistant.db").exists()


@pytest.mark.parametrize("arguments", [[], ["draw"], ["try"], ["paint"]])
def test_wrong_usage_of_the_author_s_tools(bot: Bot, arguments: list[str]) -> None:
    status, out, err = bot("knowledge", *arguments)

    assert (status, out) == (WRONG, "")
    assert err.startswith("usage: ")


def test_pictures_are_drawn_once(bot: Bot, environment: dict[str, str]) -> None:
    status, out, err = bot("knowledge", "pictures")
    assert (status, out) == (WELL, "")
    number = re.match(r"(\d+) pictures in .*: \1 drawn anew, 0 removed\.\n", err)
    assert number
    assert bot("knowledge", "pictures")[2].endswith(": 0 drawn anew, 0 removed.\n")

    folder = Path(environment["ASSISTANT_DATA_DIR"]) / "pictures"
    assert len(list(folder.iterdir())) == int(number[1])


def test_pictures_that_cannot_be_written(bot: Bot, environment: dict[str, str]) -> None:
    taken = Path(environment["ASSISTANT_DATA_DIR"]) / "pictures"
    taken.touch()
    status, out, err = bot("knowledge", "pictures")
    told = f"Nothing can be written to {taken}: File exists.\n"
    assert (status, out, err) == (REFUSED, "", told)


def test_only_who_draws_loads_what_draws(environment: dict[str, str]) -> None:
    program = "import sys, bot.__main__; sys.exit('PIL' in sys.modules)"
    done = run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=False)
    assert done.returncode == WELL


def test_migrate_and_doctor_from_nothing_to_a_program_in_order(
    bot: Bot, environment: dict[str, str]
) -> None:
    status, _, err = bot("doctor")
    assert status == REFUSED
    assert "BAD web chat: Fetch it with: make setup" in err
    assert "BAD drawings: Fetch it with: make setup" in err
    assert re.search(r"BAD pictures: (\d+) of \1 are missing. .*: knowledge pictures\n", err)
    assert "ok  database: not there yet; `serve` sets it up" in err

    status, _, err = bot("migrate")
    assert status == WELL
    assert err.startswith("Applied 0001: ")
    assert "\nApplied 0002: " in err
    assert bot("migrate") == (WELL, "", "The database was up to date.\n")

    for bundle in (BUNDLE, DRAWING_BUNDLE):
        path = Path(environment["ASSISTANT_DATA_DIR"]) / bundle
        path.parent.mkdir()
        path.touch()
    assert bot("knowledge", "pictures")[0] == WELL
    status, _, err = bot("doctor")
    assert (status, [line[:3] for line in err.splitlines()]) == (WELL, ["ok "] * 8)


def test_a_hidden_notice_that_is_none_is_named(bot: Bot, environment: dict[str, str]) -> None:
    environment["ASSISTANT_HIDDEN_NOTICES"] = "skype-closed,skipe"
    says = "ASSISTANT_HIDDEN_NOTICES names skipe; there are: client-support-ended"

    assert says in bot("chat")[2]
    status, _, err = bot("doctor")
    assert (status, f"BAD knowledge: {says}" in err) == (REFUSED, True)


@pytest.mark.parametrize("command", ["chat", "doctor"])
def test_a_database_out_of_reach_is_said_and_no_traceback(
    bot: Bot, environment: dict[str, str], command: str
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen: nobody else gets this port meanwhile
        url = f"postgresql://assistant:geheim@127.0.0.1:{taken.getsockname()[1]}/assistant"
        environment["ASSISTANT_DATABASE_URL"] = url
        status, out, err = bot(command)

    assert (status, out) == (REFUSED, "")
    assert "database" in err
    assert "geheim" not in err


def test_a_database_of_a_later_version_is_left_alone(
    bot: Bot, environment: dict[str, str], tmp_path: Path
) -> None:
    asyncio.run(upgrade(environment["ASSISTANT_DATABASE_URL"]))
    with closing(sqlite3.connect(tmp_path / "var" / "assistant.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    for command in ("migrate", "chat"):
        status, out, err = bot(command, typed="hello\n")
        assert (status, out) == (REFUSED, "")
        assert "9999" in err


def test_wrong_settings_are_all_named(bot: Bot, environment: dict[str, str]) -> None:
    environment |= {"ASSISTANT_LOG_LEVEL": "loud", "ASSISTANT_LANGAUGE": "de"}

    status, out, err = bot("convert", "bob@contoso.com")

    assert (status, out) == (WRONG, "")
    assert "ASSISTANT_LANGAUGE is not a setting. Did you mean ASSISTANT_LANGUAGE?" in err
    assert "ASSISTANT_LOG_LEVEL is wrong ('loud')" in err


def test_an_unknown_command_is_wrong_usage(bot: Bot) -> None:
    status, out, err = bot("conver", "bob@contoso.com")

    assert (status, out) == (WRONG, "")
    assert "invalid choice: 'conver'" in err


# --- verify-webhook --------------------------------------------------------------------------

SIGNING = "whsec_YSB0ZXN0IHZlY3RvciwgZm9yIG5vIHVzZSBidXQgdGhpcw=="
"""The secret of the test vector in docs/webhook.md."""
SIGNED = (
    "--id=LS-7Q2M-K9XD/3",
    "--timestamp=1793707200",
    "--signature=v1,PExO/TRhitymEp+l7IjPmelJzzYPAdLLdnid7ufwH2A=",
)
AT = "--at=1793707260"
SENT = '{"type":"case.changed","version":1,"data":{"ticket":"INC-4711","change":"withdrawn"}}'


@pytest.fixture
def signing(environment: dict[str, str]) -> None:
    """A secret, after another one."""
    environment["ASSISTANT_WEBHOOK_SECRET"] = f"whsec_{'Z2VoZWlt' * 4},{SIGNING}"


@pytest.mark.usefixtures("signing")
def test_a_request_that_we_signed_is_believed(bot: Bot, tmp_path: Path) -> None:
    assert bot("verify-webhook", *SIGNED, AT, typed=SENT) == (WELL, "", "The signature is right.\n")

    file = tmp_path / "body.json"
    file.write_text(SENT)
    status, [answer], err = bot.lines("verify-webhook", *SIGNED, AT, str(file))
    assert (status, err) == (WELL, "")
    assert answer == {"id": "LS-7Q2M-K9XD/3", "valid": True, "why": ""}


@pytest.mark.usefixtures("signing")
def test_a_request_that_is_not_ours_is_explained(bot: Bot) -> None:
    status, out, err = bot("verify-webhook", *SIGNED, AT, typed=SENT + "\n")

    assert (status, out) == (REFUSED, "")
    assert err.startswith("No signature is right: is it another secret, or was the body changed?")


def test_nothing_is_believed_without_a_secret(bot: Bot, environment: dict[str, str]) -> None:
    status, out, err = bot("verify-webhook", *SIGNED, AT, typed=SENT)
    assert (status, out) == (WRONG, "")
    assert err.startswith("There is no secret: set ASSISTANT_WEBHOOK_SECRET")


def test_half_a_request_is_wrong_usage(bot: Bot) -> None:
    assert bot("verify-webhook", *SIGNED[:2])[0] == WRONG


@pytest.mark.parametrize("at", ["noon", "-1", "1.5", "²", "100000000000"])
def test_a_time_that_is_none_is_told_its_form(bot: Bot, at: str) -> None:
    status, _, err = bot("verify-webhook", *SIGNED, f"--at={at}")

    assert status == WRONG
    assert f"--at: seconds since 1970 are needed, as in 1793707200: {at}\n" in err


# --- chat ------------------------------------------------------------------------------------


def test_a_walk_in_the_terminal_stops_and_goes_on_in_another_process(bot: Bot) -> None:
    status, out, err = bot("chat", typed="\n".join(WALK[:3]))
    assert (status, err) == (WELL, "")
    assert out.startswith("Hello.")
    assert "\nbob(contoso.com)@msn.com\n" in out

    status, out, _ = bot("chat", typed="\n".join(["continue", *WALK[3:]]))
    assert status == WELL
    assert out.startswith("Welcome back.")
    assert out.count("\nbob(contoso.com)@msn.com\n") == 2, "on arrival, and because of continue"
    assert "Did that work?" in out
    assert out.rstrip().splitlines()[-1].startswith("Good to hear.")


def test_chat_says_who_sends_the_cases_that_are_recorded_in_it(
    bot: Bot, environment: dict[str, str]
) -> None:
    environment |= {
        "ASSISTANT_DESK": "webhook",
        "ASSISTANT_WEBHOOK_URL": "https://tickets.example.com/hook",
        "ASSISTANT_WEBHOOK_SECRET": SIGNING,
    }
    status, _, err = bot("chat")

    assert (status, err.count("`python -m bot serve`")) == (WELL, 1)


def test_chat_is_for_people_of_the_demo(bot: Bot, tmp_path: Path) -> None:
    status, out, err = bot("chat", "--as", "bob@contoso.com")

    assert (status, out) == (WRONG, "")
    assert "lync.user@fabrikam.com" in err
    assert not (tmp_path / "var" / "assistant.db").exists()


def test_ctrl_c_ends_chat_while_it_waits_for_a_line(bot: Bot) -> None:
    ours, terminal = pty.openpty()
    screen = os.fdopen(ours, "rb", buffering=0)
    with screen, bot.running("chat", terminal=terminal) as process:
        os.close(terminal)
        shown = b""
        while not shown.endswith(b"\n> "):
            shown += screen.read(1024)
        process.send_signal(signal.SIGINT)

        assert process.wait(PATIENCE) == WELL


# --- cases -----------------------------------------------------------------------------------


def test_a_case_is_named_as_people_write_it(bot: Bot) -> None:
    for work in ("show", "resend"):
        status, out, err = bot("cases", work, "ls-7q2m-k9xd")
        assert (status, out) == (REFUSED, "")
        assert err.startswith("There is no case LS-7Q2M-K9XD.")


def test_all_that_is_parked_or_one_case_is_sent_again(bot: Bot) -> None:
    assert bot("cases", "resend", "--parked") == (REFUSED, "", "Nothing is parked.\n")
    for given in ([], ["--parked", "LS-7Q2M-K9XD"]):
        assert bot("cases", "resend", *given)[0] == WRONG
    assert bot("cases", "list", "--all") == (WELL, "", "")


@pytest.mark.parametrize("number", [1, 5000])
def test_who_has_read_enough_ends_a_command_quietly(bot: Bot, number: int) -> None:
    """One line is written when the command ends, many of them before."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = run(
            [sys.executable, "-m", "bot", "convert", "-"],
            input=b"bob@contoso.com\n" * number,
            stdout=nobody,
            stderr=PIPE,
            cwd=ROOT,
            env={**bot.environment, "PYTHONUNBUFFERED": ""},
            timeout=PATIENCE,
            check=False,
        )

    assert done.returncode == WELL
    assert all(line.startswith(b"contoso.com is not") for line in done.stderr.splitlines())


# --- serve -----------------------------------------------------------------------------------


def test_without_credentials_nothing_but_this_machine_is_served(bot: Bot, tmp_path: Path) -> None:
    status, out, err = bot("serve", "--host", "0.0.0.0", "--port", str(free_port()))

    assert (status, out) == (WRONG, "")
    assert err.startswith("Not started: without channel credentials")
    assert not (tmp_path / "var" / "assistant.db").exists(), "it did not even begin"


def test_a_port_in_use_is_said(bot: Bot) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        status, _, err = bot("serve", "--port", str(port))

    assert status == REFUSED
    assert f"Is another service on port {port}? Try --port." in err


def test_the_service_announces_itself_serves_and_ends_when_told(
    bot: Bot, environment: dict[str, str]
) -> None:
    environment["ASSISTANT_LOG_FORMAT"] = "json"
    port = free_port()
    with bot.running("serve", "--port", str(port)) as process:
        assert process.stderr
        assert "Web Chat is missing" in process.stderr.readline()
        assert process.stderr.readline().startswith(f"Open http://127.0.0.1:{port} in a browser.")

        with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert json.load(answer) == {"status": "ready", "reasons": {}}

        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == WELL
        assert all(json.loads(line)["levelname"] == "INFO" for line in err.splitlines())
