"""How far desks have been asked what happened there."""

from datetime import datetime
from typing import cast

from sqlalchemy import insert, select, update

from bot.storage.tables import desk_cursors
from bot.storage.transactions import Transactions

C = desk_cursors.c


class Cursors:
    """A cursor for each desk, in words of the desk's own."""

    def __init__(self, transactions: Transactions) -> None:
        self._read, self._write = transactions.read, transactions.write

    async def of(self, desk: str) -> str:
        """Where to go on; empty: the desk has not been asked yet."""
        query = select(C.cursor).where(C.desk == desk)
        async with self._read() as connection:
            kept = (await connection.execute(query)).scalar_one_or_none()
        return cast(str | None, kept) or ""

    async def keep(self, desk: str, cursor: str, at: datetime) -> None:
        """Two processes that begin a desk at once conflict, and one of them asks again later."""
        values = {"cursor": cursor, "at": at}
        async with self._write() as connection:
            changed = await connection.execute(
                update(desk_cursors).where(C.desk == desk).values(**values)
            )
            if changed.rowcount == 0:
                await connection.execute(insert(desk_cursors).values(desk=desk, **values))
