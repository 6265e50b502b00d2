"""Our program on SQLite as `serve` runs it; the cases that people hand over are kept, or left out.

    python -m tests.benchmarks.serve_cases PORT kept|left-out

Left out, a turn decides, keeps and says all that it does otherwise, but for the case itself: that
turn alone is what recording a case is compared with.
"""

import asyncio
import sys
from dataclasses import replace

from aiohttp import web

from bot import app, logs
from bot.settings import Settings, read_settings
from bot.storage.database import open_store
from bot.storage.migrate import upgrade
from dialogs.converse import Assistant
from dialogs.memory import Progress
from dialogs.model import Found, Message, Outcome


class Forgetful(Assistant):
    """Says that a case is recorded, and has nothing recorded."""

    def answer(self, message: Message, progress: Progress, found: Found) -> Outcome:
        return replace(super().answer(message, progress, found), recorded=None)


async def application(settings: Settings, *, kept: bool) -> web.Application:
    program = app.build(settings, open_store(settings.database_url))
    if not kept:
        program = replace(program, assistant=Forgetful(**vars(program.assistant)))
    service = await app.web_app(program)
    app.settle()
    return service


def main(port: int, cases: str) -> None:
    settings = read_settings()
    logs.set_up(settings.log_format, settings.log_level)
    asyncio.run(upgrade(settings.database_url))
    served = application(settings, kept=cases == "kept")
    web.run_app(served, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
