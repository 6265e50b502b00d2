"""What conversations are yet to be told, how far desks have been asked, and who changed a case."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Creates two tables and a column. The ids of events are kept with their cases now."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "inbox",
        sa.Column("seq", number, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("moved", sa.String(10), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_inbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_due_at", "inbox", ["due_at"])
    op.create_index("ix_inbox_key_seq", "inbox", ["key", "seq"])
    op.create_table(
        "desk_cursors",
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", name="pk_desk_cursors"),
    )
    op.add_column("cases", sa.Column("changed_by", sa.String(6)))
    op.drop_index("ix_desk_events_at", "desk_events")
    op.drop_column("desk_events", "state")
    op.create_index("ix_desk_events_case", "desk_events", ["case_id"])
