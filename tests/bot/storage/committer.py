"""A process that talks to itself in one conversation, and names each turn once it is committed.

`python committer.py <database> <conversation> <turns>`
"""

import asyncio
import sys

from bot.storage.database import open_store
from bot.storage.migrate import upgrade
from tests.bot.storage.turns import NOON, turn


async def talk(url: str, key: str, turns: int) -> None:
    await upgrade(url)
    store = open_store(url)
    for version in range(turns):
        loaded = await store.load(key, f"activity-{version}")
        assert not loaded.seen
        replies = await store.commit(turn(version, "one", "two", key=key))
        sys.stdout.write(f"activity-{version}\n")
        sys.stdout.flush()
        await store.mark_sent([reply.seq for reply in replies], NOON)
    await store.close()


if __name__ == "__main__":
    asyncio.run(talk(sys.argv[1], sys.argv[2], int(sys.argv[3])))
