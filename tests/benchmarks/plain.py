"""The least an API on aiohttp can do: a JSON of the same size for each question, serialised anew.

    python -m tests.benchmarks.plain PORT ANSWER

ANSWER is a file with what our own API answered in this very run; only the address is filled in.
"""

import json
import sys
from pathlib import Path

from aiohttp import web

from bot.directory.openapi import USER


def application(answer: Path) -> web.Application:
    found = json.loads(answer.read_bytes())

    async def user(request: web.Request) -> web.Response:
        return web.json_response({**found, "address": request.match_info["sip"]})

    app = web.Application()
    app.router.add_get(USER, user)
    return app


if __name__ == "__main__":
    web.run_app(
        application(Path(sys.argv[2])),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        print=None,
        access_log=None,
    )
