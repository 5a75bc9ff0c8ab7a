"""The slot of a scheduled run, and an index for what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("automation_run", sa.Column("slot", sa.DateTime(timezone=True), nullable=True))
    op.create_index("uq_automation_run_slot", "automation_run", ["site_id", "slot"], unique=True)
    op.create_index(
        "ix_automation_config_due",
        "automation_config",
        ["next_run_at"],
        sqlite_where=sa.text("is_enabled"),
        postgresql_where=sa.text("is_enabled"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_automation_config_due", "automation_config")
    op.drop_index("uq_automation_run_slot", "automation_run")
    op.drop_column("automation_run", "slot")
