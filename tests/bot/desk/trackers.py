"""The real ticketing systems, each as processes of their own with a folder of their own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[3]
DESK = ROOT / ".venv-desk"
MAKE_TRACKER = ROOT / "deploy" / "roundup" / "make_tracker.py"
INITIAL_DATA = ROOT / "deploy" / "request-tracker" / "initialdata"
SCRIP = ROOT / "deploy" / "request-tracker" / "scrip"
RT_SETUP = Path("/usr/sbin/rt-setup-database-5")
RT_SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
READY = 30.0
"""Seconds in which a system has to listen."""

SITE = """
Set($rtname, 'test');
Set($Organization, 'test');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/database');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($MailCommand, 'mbox');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'error');
Set($MasonDataDir, '{folder}/mason');
Set($VarPath, '{folder}');
Set($AssistantEventsURL, 'http://127.0.0.1:{receiver}/api/desk/rt/events');
Set($AssistantEventsSecret, '{secret}');
1;
"""


@dataclass
class Server:
    """A command that serves on a port; it and its children are a process group of their own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What is run."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """What it is told beside its command line."""
        return dict(os.environ)

    def start(self) -> None:
        """Starts it and returns when it listens."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + READY
        while not self._listens():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """Ends it with all its children, as a power cut would."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)
            self.process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class RoundupServer(Server):
    """A tracker that deploy/roundup has made."""

    receiver: int = field(default_factory=free_port)
    """The port where it sends events to."""
    calls: int = 0
    """REST calls a minute, 0: any."""

    @property
    def url(self) -> str:
        """The tracker's address."""
        return f"http://127.0.0.1:{self.port}/tracker"

    def make(self) -> None:
        """Makes the tracker from nothing."""
        run(
            [str(DESK / "bin" / "python"), str(MAKE_TRACKER), str(self.folder / "tracker"),
             "--url", f"{self.url}/", "--calls", str(self.calls),
             "--assistant", f"http://127.0.0.1:{self.receiver}/api/desk/roundup/events"],
            self.environment(),
        )  # fmt: skip

    def command(self) -> list[str]:
        as_root = [] if os.getuid() else ["-u", "0"]
        server = str(DESK / "bin" / "roundup-server")
        where = ["-n", "127.0.0.1", "-p", str(self.port)]
        return [server, *where, *as_root, f"tracker={self.folder}/tracker"]

    def said(self, name: str) -> str:
        """What stands in a file that make_tracker.py left beside the tracker."""
        return (self.folder / name).read_text(encoding="utf-8").strip()

    @property
    def password(self) -> str:
        """That of the assistant's own user."""
        return self.said("assistant.env").partition("PASSWORD=")[2]


@dataclass
class RequestTrackerServer(Server):
    """A private instance of Request Tracker."""

    receiver: int = field(default_factory=free_port)
    """The port where it sends events to."""
    secret: str = "whsec_" + "UmVxdWVzdCBUcmFja2Vy" * 2

    @property
    def url(self) -> str:
        """RT's address."""
        return f"http://127.0.0.1:{self.port}"

    def make(self) -> None:
        """Makes its database from nothing, with what the assistant needs in it."""
        (self.folder / "site.d").mkdir()
        told = {"receiver": self.receiver, "secret": self.secret}
        site = SITE.format(folder=self.folder, port=self.port, **told)
        (self.folder / "site.pm").write_text(site, encoding="utf-8")
        setup = [str(RT_SETUP), "--skip-create", "--action"]
        run([*setup, "init", "--force"], self.environment())
        for file in (INITIAL_DATA, SCRIP):
            run([*setup, "insert", "--datafile", str(file)], self.environment())

    def command(self) -> list[str]:
        where = ["--host", "127.0.0.1", "--port", str(self.port)]
        return [str(RT_SERVER), *where, "--max-workers", "4"]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "RT_SITE_CONFIG": str(self.folder / "site.pm"),
            "RT_SITE_CONFIG_DIR": str(self.folder / "site.d"),
            "TOKEN_FILE": str(self.folder / "token"),
        }

    @property
    def token(self) -> str:
        """That of the assistant's own user."""
        return (self.folder / "token").read_text(encoding="utf-8").strip()


def run(command: list[str], environment: dict[str, str]) -> None:
    """Runs a command to its end, and shows what it says where it fails."""
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def missing_roundup() -> str:
    """Why Roundup cannot be tried here, empty: it can."""
    return "" if (DESK / ".ready").exists() else "Roundup is not installed: make dev"


def missing_request_tracker() -> str:
    """Why Request Tracker cannot be tried here, empty: it can."""
    there = RT_SETUP.exists() and RT_SERVER.exists() and shutil.which("perl")
    packages = "request-tracker5 rt5-standalone rt5-db-sqlite msmtp-mta"
    how = f"apt-get install --no-install-recommends {packages}"
    return "" if there else f"Request Tracker 5 is not installed. On Debian: {how}"
