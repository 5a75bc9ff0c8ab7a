"""The number of a cluster that was merged away is never given to another; PostgreSQL keeps to that anyway."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    make_anew(never_again=True)


def downgrade() -> None:
    """Undo."""
    make_anew(never_again=False)


def make_anew(*, never_again: bool) -> None:
    """Make SQLite's table anew, for it changes nothing about a primary key that exists.

    Under its own name and with its rows back in place before the transaction ends, so that what points to them
    points to them again.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    table = columns_and_constraints()
    names = ", ".join(part.name for part in table if isinstance(part, sa.Column))
    connection.exec_driver_sql("pragma defer_foreign_keys = on")
    connection.exec_driver_sql("create temporary table cluster_before as select * from cluster")
    op.drop_table("cluster")
    op.create_table("cluster", *table, sqlite_autoincrement=never_again)
    connection.exec_driver_sql(f"insert into cluster ({names}) select {names} from cluster_before order by id")  # noqa: S608
    connection.exec_driver_sql("drop table cluster_before")
    connection.exec_driver_sql("pragma defer_foreign_keys = off")
    op.create_index("ix_cluster_pending", "cluster", ["site_id", "ideas_pending"])


def columns_and_constraints() -> tuple[sa.schema.SchemaItem, ...]:
    """The table as it is at this version."""
    status = sa.Enum("active", "mapped", name="cluster_status", native_enum=False, create_constraint=True, length=32)
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("sector_id", sa.Integer(), nullable=False),
        sa.Column("market", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("root_keyword", sa.String(length=600), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("intent", sa.String(length=20), nullable=True),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column("keyword_count", sa.Integer(), nullable=False),
        sa.Column("uncovered_count", sa.Integer(), nullable=False),
        sa.Column("idea_rounds", sa.Integer(), nullable=False),
        sa.Column("ideas_pending", sa.Boolean(), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.Column("named_by_person", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.CheckConstraint(
            "keyword_count >= 0 and uncovered_count between 0 and keyword_count", name=op.f("ck_cluster_keyword_counts")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_cluster_run_id")),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_cluster_sector_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cluster_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("site_id", "market", "root_keyword", name=op.f("uq_cluster_site_id_market_root_keyword")),
    )
