"""The slot of a scheduled run, an index for what is due, and what recovery remembers of a run."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("automation_run", sa.Column("slot", sa.DateTime(timezone=True), nullable=True))
    for name in ("recovered_progress", "idle_launches"):
        op.add_column("automation_run", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
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
    for name in ("idle_launches", "recovered_progress", "slot"):
        op.drop_column("automation_run", name)
