"""Logs: one line an event, with its fields; no text of messages and no addresses."""

import logging
import sys
from typing import Any

from pythonjsonlogger.json import JsonFormatter

FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class TextFormatter(logging.Formatter):
    """A line for people, the fields of the event behind it as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback follows below it."""
        fields = {k: v for k, v in vars(record).items() if k not in _OWN}
        shown: Any = logging.makeLogRecord(vars(record))
        shown.msg, shown.args = record.getMessage(), ()
        if fields:
            shown.msg += "  " + " ".join(f"{name}={value}" for name, value in fields.items())
        return super().format(shown)


def set_up(style: str, level: str) -> None:
    """Sends all logs of this process to standard error, as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(FIELDS) if style == "json" else TextFormatter(FIELDS))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("aiosqlite", "alembic", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
