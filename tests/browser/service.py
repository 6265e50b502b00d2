"""The real service as a process of its own, which a test can kill and start again."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.drawing.window import png
from bot.pictures import FOLDER, Pictures
from dialogs.library import load
from tests.ports import free_port

ROOT = Path(__file__).parents[2]


@dataclass
class Service:
    """`python -m bot serve` with a data folder of its own; always on the same port.

    `settings` are further variables of its environment.
    """

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Starts it and returns when it has said that it listens."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTANT_")}
        own = {
            "ASSISTANT_DATA_DIR": str(self.data),
            "ASSISTANT_DATABASE_URL": f"sqlite:///{self.data}/assistant.db",
            "ASSISTANT_LOG_LEVEL": "ERROR",
            **self.settings,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env={**kept, **own},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        said = self.process.stderr.readline()
        assert said.startswith("Open http://"), said + self.process.stderr.read()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it as an operator would, and expects it to have had nothing to complain of."""
        complaints = self._end(signal.SIGTERM)
        assert not complaints, complaints

    def _end(self, how: signal.Signals) -> str:
        assert self.process
        assert self.process.stderr
        self.process.send_signal(how)
        self.process.wait(timeout=20)
        rest = self.process.stderr.read()
        self.process.stderr.close()
        self.process = None
        return rest


def set_up(data: Path) -> Path:
    """A data folder that has what the pages need and the pictures, as after set-up."""
    for bundle in ("webchat", "mermaid"):
        shutil.copytree(ROOT / "var" / bundle, data / bundle)
    Pictures(load(ROOT / "knowledge"), data / FOLDER).complete(png)
    return data
