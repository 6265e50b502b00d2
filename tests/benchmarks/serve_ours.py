"""Our program with its conversations in memory, which the command line does not offer.

python -m tests.benchmarks.serve_ours PORT
"""

import sys

from aiohttp import web


def application() -> web.Application:
    """Our whole program on a MemoryStore: the only lines of the benchmark that know its parts.

    TO BE COMPLETED when bot/app.py is there, something like

        from bot.app import build
        from bot.settings import Settings
        from bot.storage.memory import MemoryStore

        return build(Settings(), store=MemoryStore())
    """
    raise NotImplementedError("tests/benchmarks/serve_ours.py does not build our program yet")


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
