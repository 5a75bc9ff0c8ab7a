"""What keys may do and for which sites they are, and the answers kept for repeated requests."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    check = sa.CheckConstraint("role in ('viewer', 'editor', 'admin')", name=op.f("ck_api_key_key_role"))
    op.add_column("api_key", sa.Column("role", sa.String(length=32), check, nullable=False, server_default="viewer"))
    op.add_column("api_key", sa.Column("is_limited", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "api_key_site",
        sa.Column("api_key_id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_api_key_site_api_key_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_api_key_site_site_id")),
        sa.PrimaryKeyConstraint("api_key_id", "site_id", name=op.f("pk_api_key_site")),
    )
    op.create_table(
        "kept_answer",
        sa.Column("api_key_id", ID, nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_kept_answer_api_key_id")),
        sa.PrimaryKeyConstraint("api_key_id", "idempotency_key", name=op.f("pk_kept_answer")),
    )
    op.create_index("ix_kept_answer_created_at", "kept_answer", ["created_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("kept_answer")
    op.drop_table("api_key_site")
    op.drop_column("api_key", "is_limited")
    op.drop_column("api_key", "role")
