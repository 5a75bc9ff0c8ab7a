"""What a call cost and reserved, what services take, daily costs and caps, briefs, and what a person found distinct."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CALL_COLUMNS = (
    sa.Column("service", sa.String(length=400), nullable=False, server_default=""),
    sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
    sa.Column("expected_tokens", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("tokens_cached", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("images", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("reserved_usd_pico", ID, nullable=False, server_default="0"),
    sa.Column("price_version", sa.String(length=40), nullable=True),
)
CAPS = ("daily_credits_cap_tenths", "daily_usd_cap_pico")
CAPPED = ("account", "automation_config")
TASK_COLUMNS = (
    sa.Column("brief", sa.JSON(), nullable=True),
    sa.Column("brief_edited_by", sa.String(length=120), nullable=True),
    sa.Column("report", sa.JSON(), nullable=True),
)


def upgrade() -> None:
    """Apply."""
    for column in CALL_COLUMNS:
        op.add_column("ai_call", column)
    op.create_index("ix_ai_call_site_day", "ai_call", ["site_id", "created_at"])
    op.create_index("ix_ai_call_pace", "ai_call", ["service", "created_at"])
    in_flight = sa.text("status = 'sent'")
    op.create_index(
        "ix_ai_call_in_flight",
        "ai_call",
        ["service", "deadline"],
        sqlite_where=in_flight,
        postgresql_where=in_flight,
    )
    op.create_table(
        "ai_service",
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("schema_dialect", sa.String(length=20), nullable=True),
        sa.Column("limit_parameter", sa.String(length=30), nullable=True),
        sa.Column("width_thousandths", sa.Integer(), nullable=True),
        sa.Column("narrowed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ai_service")),
    )
    op.create_table(
        "daily_cost",
        sa.Column("site_id", ID, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("known_usd_pico", ID, nullable=False),
        sa.Column("possible_usd_pico", ID, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_daily_cost_site_id")),
        sa.PrimaryKeyConstraint("site_id", "day", name=op.f("pk_daily_cost")),
    )
    op.create_table(
        "text_vector",
        sa.Column("service", sa.String(length=400), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("service", "digest", name=op.f("pk_text_vector")),
    )
    op.drop_index("ix_credit_entry_account_id", "credit_entry")
    op.create_index("ix_credit_entry_account_day", "credit_entry", ["account_id", "created_at"])
    op.create_index("ix_credit_entry_site_day", "credit_entry", ["site_id", "created_at"])
    for table in CAPPED:
        for cap in CAPS:
            op.add_column(table, sa.Column(cap, ID, nullable=True))
    op.add_column(
        "automation_config", sa.Column("review_briefs", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for table in ("content_idea", "task"):
        op.add_column(table, sa.Column("is_distinct", sa.Boolean(), nullable=False, server_default=sa.false()))
    for column in TASK_COLUMNS:
        op.add_column("task", column)


def downgrade() -> None:
    """Undo."""
    for column in reversed(TASK_COLUMNS):
        op.drop_column("task", column.name)
    for table in ("task", "content_idea"):
        op.drop_column(table, "is_distinct")
    op.drop_column("automation_config", "review_briefs")
    for table in CAPPED:
        for cap in CAPS:
            op.drop_column(table, cap)
    op.drop_index("ix_credit_entry_site_day", "credit_entry")
    op.drop_index("ix_credit_entry_account_day", "credit_entry")
    op.create_index("ix_credit_entry_account_id", "credit_entry", ["account_id"])
    op.drop_table("text_vector")
    op.drop_table("daily_cost")
    op.drop_table("ai_service")
    for index in ("ix_ai_call_in_flight", "ix_ai_call_pace", "ix_ai_call_site_day"):
        op.drop_index(index, "ai_call")
    for column in reversed(CALL_COLUMNS):
        op.drop_column("ai_call", column.name)
