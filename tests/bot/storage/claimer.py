"""A process that claims until nothing is left, completes each, and names it.

`python claimer.py <database> <owner>`
"""

import asyncio
import sys
from datetime import timedelta

from bot.storage.database import open_store
from bot.storage.outbox import Outbox

LEASE = timedelta(seconds=60)


async def claim_all(url: str, owner: str) -> None:
    store = open_store(url)
    outbox = Outbox(store.transactions)
    while some := await outbox.claim(owner, "helpdesk", 2, LEASE):
        for found in some:
            assert await outbox.mark_attempt(found.delivery.id, owner, LEASE)
            assert await outbox.complete(found.delivery.id, owner, "T-1")
            sys.stdout.write(f"{found.delivery.id}\n")
    await store.close()


if __name__ == "__main__":
    asyncio.run(claim_all(sys.argv[1], sys.argv[2]))
