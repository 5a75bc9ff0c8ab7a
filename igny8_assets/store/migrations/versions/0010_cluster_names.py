"""The names of clusters as they are compared, so that no two of a site and market bear the same."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 5000
CLUSTER = sa.table("cluster", sa.column("id"), sa.column("name"), sa.column("name_compared"))


def upgrade() -> None:
    """Apply."""
    op.add_column("cluster", sa.Column("name_compared", sa.String(length=360), nullable=False, server_default=""))
    last = 0
    connection = op.get_bind()
    # By the program, since SQLite folds the letters of ASCII alone.
    change = (
        sa.update(CLUSTER).where(CLUSTER.c.id == sa.bindparam("of_row")).values(name_compared=sa.bindparam("compared"))
    )
    wanted = sa.select(CLUSTER.c.id, CLUSTER.c.name).order_by(CLUSTER.c.id).limit(ROWS_AT_ONCE)
    while rows := connection.execute(wanted.where(CLUSTER.c.id > last)).all():
        connection.execute(
            change, [{"of_row": row.id, "compared": " ".join(row.name.casefold().split())} for row in rows]
        )
        last = rows[-1].id
    op.create_index("ix_cluster_name", "cluster", ["site_id", "market", "name_compared"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_cluster_name", table_name="cluster")
    op.drop_column("cluster", "name_compared")
