"""Logs: one line an event, with its fields; no text of messages and no addresses."""

import logging
import sys
import traceback
import warnings
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

    texts = False

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """A failure, with its texts only if that is wished."""
        return super().formatException(ei) if self.texts else traced(ei[1])

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line; a traceback follows below it."""
        fields = [f"  {k}={v}" for k, v in vars(record).items() if k not in _OWN]
        return super().formatMessage(record) + "".join(fields)


class JsonLines(JsonFormatter):
    """The same as a JSON object a line."""

    texts = False

    def formatException(self, ei: Any) -> Any:  # noqa: N802 - the library's name
        """A failure, with its texts only if that is wished."""
        return super().formatException(ei) if self.texts else traced(ei[1])


def set_up(style: str, level: str, *, texts: bool = False) -> None:
    """Sends all logs of this process to standard error, as `text` or `json`.

    `texts` adds the texts of failures, which can hold what people wrote.
    """
    handler = logging.StreamHandler(sys.stderr)
    formatter = JsonLines(FIELDS) if style == "json" else TextFormatter(FIELDS)
    formatter.texts = texts
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("aiosqlite", "alembic", "asyncio", "watchfiles"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("stamina").setLevel(logging.ERROR)  # who gives up says so, once
    hush()


def hush() -> None:
    """Silences who logs or warns in words of a Lync server: addresses, and credentials at DEBUG."""
    for indiscreet in ("pypsrp", "spnego", "requests", "urllib3"):
        logging.getLogger(indiscreet).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module=r"pypsrp\.")
