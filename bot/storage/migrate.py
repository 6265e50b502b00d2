"""Brings a database's tables to the state this program needs, and says what state they are in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.storage.engine import address, engine_of

HISTORY = Path(__file__).parent / "migrations"
MIGRATIONS_LOCK = 0x4C796E63
"""The number of our advisory lock in PostgreSQL: any, but always the same."""


@dataclass(frozen=True)
class Revision:
    """One step in the history of the tables, and in a line what it is for."""

    id: str
    what: str


@dataclass(frozen=True)
class Fresh:
    """None of our tables are there; a SQLite file need not be there either."""


@dataclass(frozen=True)
class Current:
    """The tables are as this program needs them."""


@dataclass(frozen=True)
class Behind:
    """These steps are missing, the first one to apply first."""

    missing: tuple[Revision, ...]


@dataclass(frozen=True)
class Unknown:
    """The tables are at a revision this program does not have: a newer program made them."""

    found: str


State = Fresh | Current | Behind | Unknown


async def state(url: str) -> State:
    """Finds out in what state the tables at a database's address are.

    Raises:
        ValueError: the address is neither of a SQLite file nor of a PostgreSQL database.
    """
    file = _sqlite_file(url)
    if file and not file.exists():
        return Fresh()
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_state)
    finally:
        await engine.dispose()


async def upgrade(url: str) -> tuple[Revision, ...]:
    """Applies all missing steps or none, and returns them; creates a SQLite file where needed.

    Several processes may do so at once: one does the work, the others wait and find it done.
    Within a process, upgrade one database after the other: Alembic's context is global.

    Raises:
        ValueError: the address is neither of a SQLite file nor of a PostgreSQL database.
        RuntimeError: the tables are at a revision this program does not have.
    """
    if file := _sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = engine_of(url, longest_statement=None)
    try:
        async with engine.execution_options(writes=True).begin() as connection:
            if engine.dialect.name == "postgresql":
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                await connection.execute(lock, {"number": MIGRATIONS_LOCK})
            return await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _sqlite_file(url: str) -> Path | None:
    where = address(url)
    return Path(where.database or "") if where.get_backend_name() == "sqlite" else None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HISTORY).replace("%", "%%"))
    return config


def _state(connection: Connection) -> State:
    history = ScriptDirectory.from_config(_config())
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return Fresh()
    if found not in {step.revision for step in history.walk_revisions()}:
        return Unknown(found)
    missing = tuple(_since(history, found))
    return Behind(missing) if missing else Current()


def _since(history: ScriptDirectory, revision: str) -> Iterator[Revision]:
    """The steps after a revision, oldest first."""
    for step in reversed(list(history.iterate_revisions("head", revision))):
        yield Revision(step.revision, step.doc)


def _upgrade(connection: Connection) -> tuple[Revision, ...]:
    match _state(connection):
        case Current():
            return ()
        case Unknown(found):
            raise RuntimeError(f"the database is at revision {found}, which is newer than we are")
        case Behind(missing):
            pass
        case Fresh():
            missing = tuple(_since(ScriptDirectory.from_config(_config()), "base"))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return missing
