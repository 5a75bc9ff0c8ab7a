"""Clusters that wait for a name: those that a rebuild made, with the keyword after which they are called until then."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("head_keyword_id is not null")


def upgrade() -> None:
    """Apply."""
    op.add_column("cluster", sa.Column("head_keyword_id", ID, nullable=True))
    op.create_index("ix_cluster_unnamed", "cluster", ["site_id"], sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_cluster_unnamed", table_name="cluster")
    op.drop_column("cluster", "head_keyword_id")
