"""Who is logged in to the page: a row for each login, gone with its end."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "page_login",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("api_key_id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_page_login_api_key_id")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_page_login")),
    )
    op.create_index("ix_page_login_created_at", "page_login", ["created_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("page_login")
