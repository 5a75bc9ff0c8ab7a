"""Who decides which keywords belong together, and that a language model may be why a keyword is in its cluster."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BEFORE = ("words", "urls", "parent", "likeness", "person")
REASONS = {"keyword": "ck_keyword_keyword_reason", "planned_membership": "ck_planned_membership_planned_reason"}
"""The tables that hold a reason, and the name of each one's check."""


def upgrade() -> None:
    """Apply."""
    check = sa.CheckConstraint(
        "cluster_strategy in ('vectors', 'llm')", name=op.f("ck_automation_config_cluster_strategy")
    )
    op.add_column(
        "automation_config",
        sa.Column("cluster_strategy", sa.String(length=32), check, nullable=False, server_default="vectors"),
    )
    allow((*BEFORE, "model"))


def downgrade() -> None:
    """Undo; what a language model put together has no reason then."""
    op.drop_column("automation_config", "cluster_strategy")
    for table in REASONS:
        op.execute(f"update {table} set reason = null where reason = 'model'")  # noqa: S608
    allow(BEFORE)


def allow(words: tuple[str, ...]) -> None:
    """Let the reasons be these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    for table, name in REASONS.items():
        if op.get_bind().dialect.name == "sqlite":
            # SQLite changes no check of a column that exists, so a column with another takes its place.
            check = sa.CheckConstraint(f"reason_now in ({listed})", name=op.f(name))
            op.add_column(table, sa.Column("reason_now", sa.String(length=32), check, nullable=True))
            op.execute(f"update {table} set reason_now = reason where reason is not null")  # noqa: S608
            op.drop_column(table, "reason")
            op.alter_column(table, "reason_now", new_column_name="reason")
        else:
            op.drop_constraint(op.f(name), table)
            op.create_check_constraint(op.f(name), table, f"reason in ({listed})")
