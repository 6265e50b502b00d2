"""Conversations, and the activities that came in and go out."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates both tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "conversations",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_conversations"),
    )
    op.create_table(
        "entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("activity_id", sa.Text),
        sa.Column("activity", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("due_at", moment),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent_at", moment),
        sa.Column("refused", sa.Text),
        sa.PrimaryKeyConstraint("seq", name="pk_entries"),
        sa.ForeignKeyConstraint(["key"], ["conversations.key"], name="fk_entries_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_key_seq", "entries", ["key", "seq"])
    op.create_index("ix_entries_at", "entries", ["at"])
    waiting = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_entries_waiting",
        "entries",
        ["key", "seq"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    came_in = sa.text("activity_id IS NOT NULL")
    op.create_index(
        "uq_entries_activity",
        "entries",
        ["key", "activity_id"],
        unique=True,
        sqlite_where=came_in,
        postgresql_where=came_in,
    )
