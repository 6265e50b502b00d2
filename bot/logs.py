"""Logs: one line an event, with its fields; no text of messages and no addresses."""

import logging
import sys
import traceback
from typing import Any

from pythonjsonlogger.json import JsonFormatter

FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def traced(failure: BaseException | None) -> str:
    """Of what kind a failure is and where it was raised, then the same of what led to it.

    Its text is left out: that can hold what people wrote.
    """
    lines: list[str] = []
    while failure is not None:
        lines.append(f"{type(failure).__name__}, raised at")
        frames = traceback.extract_tb(failure.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        failure = failure.__cause__ or failure.__context__
    return "\n".join(lines)


class TextFormatter(logging.Formatter):
    """A line for people, the fields of the event behind it as name=value."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """A failure without its text."""
        return traced(ei[1])

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback follows below it."""
        fields = {k: v for k, v in vars(record).items() if k not in _OWN}
        shown: Any = logging.makeLogRecord(vars(record))
        shown.msg, shown.args = record.getMessage(), ()
        if fields:
            shown.msg += "  " + " ".join(f"{name}={value}" for name, value in fields.items())
        return super().format(shown)


class JsonLines(JsonFormatter):
    """One JSON object a line."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """A failure without its text."""
        return traced(ei[1])


def set_up(style: str, level: str) -> None:
    """Sends all logs of this process to standard error, as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(FIELDS) if style == "json" else TextFormatter(FIELDS))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("aiosqlite", "alembic", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
