"""How wide a site's clusters are, and why a keyword is in one."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REASONS = ("words", "urls", "parent", "likeness", "person")


def words(column: str, name: str, allowed: tuple[str, ...], *, default: str | None = None) -> sa.Column[str]:
    """A text column that holds one of these words; the check stands in the column, for SQLite adds no other."""
    listed = ", ".join(f"'{word}'" for word in allowed)
    check = sa.CheckConstraint(f"{column} in ({listed})", name=op.f(name))
    return sa.Column(column, sa.String(length=32), check, nullable=default is None, server_default=default)


def reason_columns(name: str) -> tuple[sa.Column[Any], ...]:
    """Why a keyword is in a cluster."""
    return (
        words("reason", name, REASONS),
        sa.Column("reason_keyword_id", ID, nullable=True),
        sa.Column("reason_amount", sa.Integer(), nullable=True),
    )


def upgrade() -> None:
    """Apply."""
    op.add_column("cluster", sa.Column("named_by_person", sa.Boolean(), nullable=False, server_default=sa.false()))
    for column in (*reason_columns("ck_keyword_keyword_reason"), sa.Column("ranking_urls", sa.JSON(), nullable=True)):
        op.add_column("keyword", column)
    for column in reason_columns("ck_planned_membership_planned_reason"):
        op.add_column("planned_membership", column)
    op.add_column(
        "automation_config",
        words("granularity", "ck_automation_config_granularity", ("page", "topic", "theme"), default="page"),
    )
    op.add_column(
        "automation_config", sa.Column("separate_intents", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        "automation_config",
        sa.Column(
            "shared_urls",
            sa.Integer(),
            sa.CheckConstraint("shared_urls between 1 and 10", name=op.f("ck_automation_config_shared_urls")),
            nullable=False,
            server_default="4",
        ),
    )


def downgrade() -> None:
    """Undo."""
    for name in ("shared_urls", "separate_intents", "granularity"):
        op.drop_column("automation_config", name)
    for name in ("reason_amount", "reason_keyword_id", "reason"):
        op.drop_column("planned_membership", name)
    for name in ("ranking_urls", "reason_amount", "reason_keyword_id", "reason"):
        op.drop_column("keyword", name)
    op.drop_column("cluster", "named_by_person")
