"""The cluster that an ignored keyword was in, to which it goes back when it is taken up again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.add_column("keyword", sa.Column("left_cluster_id", ID, nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("keyword", "left_cluster_id")
