"""Waiting for what has to come in its time."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 120.0
"""Seconds for whatever has to come, on a busy machine."""
LOOK = 0.1


async def until(
    seen: Callable[[], Awaitable[bool]], otherwise: str, seconds: float = PATIENCE
) -> None:
    """Returns when something is seen. Raises TimeoutError, which says what is not."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                if await seen():
                    return
                await asyncio.sleep(LOOK)
    except TimeoutError as error:
        raise TimeoutError(otherwise) from error
