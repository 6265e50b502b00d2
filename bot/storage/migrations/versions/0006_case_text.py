"""What people have changed the description of a case to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds a column; nobody has changed anything yet."""
    op.add_column("cases", sa.Column("text", sa.Text))
