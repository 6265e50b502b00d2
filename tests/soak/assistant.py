"""The real assistant as a process with a folder of its own, and what is in its database."""

import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.bot.desk.trackers import ROOT, Server

PREPARED = ("webchat", "mermaid", "models", "pictures")
PORTS = range(20_000, 32_000)
"""Below those that the system gives to who calls: nobody takes one while its server is dead, and
nobody who looks whether it listens is connected with themselves."""


def port(chance: Random) -> int:
    """A port that nobody listens on."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", drawn := chance.choice(PORTS)))
            return drawn


@dataclass
class Assistant(Server):
    """`python -m bot serve`; `settings` are further variables of its environment."""

    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def make(self) -> None:
        """Its data folder, with what `make setup` has prepared."""
        for name in PREPARED:
            shutil.copytree(ROOT / "var" / name, self.folder / name)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "bot", "serve", "--port", str(self.port)]

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTANT_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "ASSISTANT_DATA_DIR": str(self.folder),
            "ASSISTANT_DATABASE_URL": f"sqlite:///{self.folder}/assistant.db",
            "ASSISTANT_HIDDEN_NOTICES": "all",
            "ASSISTANT_LOG_LEVEL": "ERROR",
            **self.settings,
        }

    def errors(self) -> list[str]:
        """What it has complained of."""
        log = (self.folder / "log").read_text(encoding="utf-8")
        return [line for line in log.splitlines() if "ERROR" in line or "CRITICAL" in line]

    def waiting(self) -> int:
        """How many deliveries are open."""
        return self._count("deliveries WHERE due_at IS NOT NULL")

    def parked(self) -> int:
        """How many deliveries it has given up."""
        return self._count("deliveries WHERE parked_at IS NOT NULL")

    def untold(self) -> int:
        """How many messages of its own accord it has yet to tell."""
        return self._count("inbox")

    def _count(self, what: str) -> int:
        path: Path = self.folder / "assistant.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            [[number]] = database.execute(f"SELECT count(*) FROM {what}")
        return int(number)
