"""The least a bot on aiohttp can do: JSON in, one and the same reply out, 200.

    python -m tests.benchmarks.floor PORT REPLY

REPLY is a file with an activity that our own server sent in this very run. Only what any server
must fill in for each message is filled in: whom it goes to, and which message it answers.
"""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

SESSION = web.AppKey("session", aiohttp.ClientSession)
REPLY = web.AppKey("reply", dict[str, Any])


async def messages(request: web.Request) -> web.Response:
    asked = await request.json()
    reply = {
        **request.app[REPLY],
        "conversation": asked["conversation"],
        "from": asked["recipient"],
        "recipient": asked["from"],
        "replyToId": asked["id"],
        "serviceUrl": asked["serviceUrl"],
    }
    conversation = asked["conversation"]["id"]
    url = f"{asked['serviceUrl']}/v3/conversations/{conversation}/activities/{asked['id']}"
    async with request.app[SESSION].post(url, json=reply) as answer:
        await answer.json()
    return web.json_response({})


async def one_session(app: web.Application) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as session:
        app[SESSION] = session
        yield


def application(reply: Path) -> web.Application:
    app = web.Application()
    app[REPLY] = json.loads(reply.read_bytes())
    app.cleanup_ctx.append(one_session)
    app.router.add_post("/api/messages", messages)
    return app


if __name__ == "__main__":
    web.run_app(
        application(Path(sys.argv[2])),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        print=None,
        access_log=None,
    )
