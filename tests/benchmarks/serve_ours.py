"""Our program as `serve` runs it, but with conversations in memory: what the database costs.

python -m tests.benchmarks.serve_ours PORT
"""

import sys

from aiohttp import web

from bot import app, logs
from bot.settings import read_settings
from bot.storage.memory import MemoryStore


async def application() -> web.Application:
    """The only lines of the benchmark that know the program's parts."""
    settings = read_settings()
    logs.set_up(settings.log_format, settings.log_level)
    service = await app.web_app(app.build(settings, MemoryStore()))
    app.settle()
    return service


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
