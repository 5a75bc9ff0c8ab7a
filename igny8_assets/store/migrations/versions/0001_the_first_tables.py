"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("balance_tenths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("writer_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("balance_tenths >= 0", name=op.f("ck_account_balance_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_key_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_api_key_key_sha256")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_account_id"), ["account_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("brand_voice", sa.String(), nullable=False),
        sa.Column("image_style", sa.String(), nullable=False),
        sa.Column("colour_background", sa.String(length=7), nullable=False),
        sa.Column("colour_accent", sa.String(length=7), nullable=False),
        sa.Column("in_article_images", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "archived", name="site_status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("in_article_images between 0 and 9", name=op.f("ck_site_in_article_images")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_site_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("slug", name=op.f("uq_site_slug")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_account_id"), ["account_id"], unique=False)

    op.create_table(
        "automation_config",
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "daily", "weekly", "monthly", name="frequency", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("scheduled_time", sa.Time(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=False),
        sa.Column("stage_1_batch_size", sa.Integer(), nullable=False),
        sa.Column("stage_2_batch_size", sa.Integer(), nullable=False),
        sa.Column("stage_3_batch_size", sa.Integer(), nullable=False),
        sa.Column("stage_4_batch_size", sa.Integer(), nullable=False),
        sa.Column("stage_5_batch_size", sa.Integer(), nullable=False),
        sa.Column("stage_6_batch_size", sa.Integer(), nullable=False),
        sa.Column("stage_1_cap", sa.Integer(), nullable=True),
        sa.Column("stage_2_cap", sa.Integer(), nullable=True),
        sa.Column("stage_3_cap", sa.Integer(), nullable=True),
        sa.Column("stage_4_cap", sa.Integer(), nullable=True),
        sa.Column("stage_5_cap", sa.Integer(), nullable=True),
        sa.Column("stage_6_cap", sa.Integer(), nullable=True),
        sa.Column("stop_after_stage", sa.Integer(), nullable=False),
        sa.Column("ideas_per_cluster", sa.Integer(), nullable=False),
        sa.Column("reopen_after", sa.Integer(), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("day_of_month between 1 and 31", name=op.f("ck_automation_config_day_of_month")),
        sa.CheckConstraint("ideas_per_cluster between 1 and 10", name=op.f("ck_automation_config_ideas_per_cluster")),
        sa.CheckConstraint("reopen_after >= 1", name=op.f("ck_automation_config_reopen_after")),
        sa.CheckConstraint(
            "stage_1_batch_size between 1 and 100", name=op.f("ck_automation_config_stage_1_batch_size")
        ),
        sa.CheckConstraint("stage_1_cap >= 1", name=op.f("ck_automation_config_stage_1_cap")),
        sa.CheckConstraint(
            "stage_2_batch_size between 1 and 100", name=op.f("ck_automation_config_stage_2_batch_size")
        ),
        sa.CheckConstraint("stage_2_cap >= 1", name=op.f("ck_automation_config_stage_2_cap")),
        sa.CheckConstraint(
            "stage_3_batch_size between 1 and 100", name=op.f("ck_automation_config_stage_3_batch_size")
        ),
        sa.CheckConstraint("stage_3_cap >= 1", name=op.f("ck_automation_config_stage_3_cap")),
        sa.CheckConstraint(
            "stage_4_batch_size between 1 and 100", name=op.f("ck_automation_config_stage_4_batch_size")
        ),
        sa.CheckConstraint("stage_4_cap >= 1", name=op.f("ck_automation_config_stage_4_cap")),
        sa.CheckConstraint(
            "stage_5_batch_size between 1 and 100", name=op.f("ck_automation_config_stage_5_batch_size")
        ),
        sa.CheckConstraint("stage_5_cap >= 1", name=op.f("ck_automation_config_stage_5_cap")),
        sa.CheckConstraint(
            "stage_6_batch_size between 1 and 100", name=op.f("ck_automation_config_stage_6_batch_size")
        ),
        sa.CheckConstraint("stage_6_cap >= 1", name=op.f("ck_automation_config_stage_6_cap")),
        sa.CheckConstraint("stop_after_stage between 1 and 7", name=op.f("ck_automation_config_stop_after_stage")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_automation_config_weekday")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_automation_config_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_automation_config")),
    )
    op.create_table(
        "automation_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum(
                "manual", "scheduled", "backfill", name="trigger", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "launcher",
            sa.Enum("daemon", "process", name="launcher", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("launch", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "paused",
                "completed",
                "failed",
                "canceled",
                "skipped",
                name="run_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_stage", sa.Integer(), nullable=False),
        sa.Column("last_stage", sa.Integer(), nullable=False),
        sa.Column("current_stage", sa.Integer(), nullable=False),
        sa.Column(
            "stop_request",
            sa.Enum("pause", "cancel", name="stop_request", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("lease_token", sa.Integer(), nullable=True),
        sa.Column("parent_run_id", sa.String(length=36), nullable=True),
        sa.Column("total_credits_tenths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "first_stage between 1 and 7 and last_stage between first_stage and 7",
            name=op.f("ck_automation_run_stages"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_automation_run_account_id")),
        sa.ForeignKeyConstraint(["parent_run_id"], ["automation_run.id"], name=op.f("fk_automation_run_parent_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_automation_run_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automation_run")),
    )
    with op.batch_alter_table("automation_run", schema=None) as batch_op:
        batch_op.create_index("ix_automation_run_history", ["site_id", "requested_at"], unique=False)
        batch_op.create_index(
            "uq_automation_run_active_site",
            ["site_id"],
            unique=True,
            sqlite_where=sa.text("status in ('queued', 'running', 'paused')"),
            postgresql_where=sa.text("status in ('queued', 'running', 'paused')"),
        )

    op.create_table(
        "keyword_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("layout", sa.String(length=60), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_keyword_file_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyword_file")),
        sa.UniqueConstraint("site_id", "sha256", name=op.f("uq_keyword_file_site_id_sha256")),
    )
    op.create_table(
        "page",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("keyphrase", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_page_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("site_id", "url", name=op.f("uq_page_site_id_url")),
    )
    op.create_table(
        "sector",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_sector_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector")),
        sa.UniqueConstraint("id", "site_id", name=op.f("uq_sector_id_site_id")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_sector_site_id_name")),
    )
    with op.batch_alter_table("sector", schema=None) as batch_op:
        batch_op.create_index(
            "uq_sector_one_default",
            ["site_id"],
            unique=True,
            sqlite_where=sa.text("is_default"),
            postgresql_where=sa.text("is_default"),
        )

    op.create_table(
        "site_counter",
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_counter_site_id")),
        sa.PrimaryKeyConstraint("site_id", "entity", "name", name=op.f("pk_site_counter")),
    )
    op.create_table(
        "ai_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("launch", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("work_key", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("prompt_version", sa.Integer(), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "sent",
                "answered",
                "failed",
                "unknown",
                name="call_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("cost_usd_pico", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("response", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_ai_call_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_ai_call_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_call")),
        sa.UniqueConstraint(
            "work_key",
            "function",
            "input_hash",
            "model",
            "prompt_version",
            "try_number",
            "launch",
            name=op.f("uq_ai_call_work_key_function_input_hash_model_prompt_version_try_number_launch"),
        ),
    )
    with op.batch_alter_table("ai_call", schema=None) as batch_op:
        batch_op.create_index("ix_ai_call_replay", ["work_key", "function", "input_hash"], unique=False)
        batch_op.create_index("ix_ai_call_run", ["run_id", "status"], unique=False)

    op.create_table(
        "cluster",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("market", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("root_keyword", sa.String(length=600), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("intent", sa.String(length=20), nullable=True),
        sa.Column("volume", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("keyword_count", sa.Integer(), nullable=False),
        sa.Column("uncovered_count", sa.Integer(), nullable=False),
        sa.Column("idea_rounds", sa.Integer(), nullable=False),
        sa.Column("ideas_pending", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "mapped", name="cluster_status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "keyword_count >= 0 and uncovered_count between 0 and keyword_count", name=op.f("ck_cluster_keyword_counts")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_cluster_run_id")),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_cluster_sector_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cluster_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("site_id", "market", "root_keyword", name=op.f("uq_cluster_site_id_market_root_keyword")),
    )
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.create_index("ix_cluster_pending", ["site_id", "ideas_pending"], unique=False)

    op.create_table(
        "credit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("item", sa.String(length=80), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "grant",
                "reserve",
                "charge",
                "release",
                "refund",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_tenths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credit_entry_account_id")),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_credit_entry_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_credit_entry_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entry")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_credit_entry_idempotency_key")),
    )
    with op.batch_alter_table("credit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_entry_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_credit_entry_run", ["run_id", "stage"], unique=False)

    op.create_table(
        "run_launch",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("launch", sa.Integer(), nullable=False),
        sa.Column("dagster_run_id", sa.String(length=36), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("process_started_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_run_launch_run_id")),
        sa.PrimaryKeyConstraint("run_id", "launch", name=op.f("pk_run_launch")),
        sa.UniqueConstraint("dagster_run_id", name=op.f("uq_run_launch_dagster_run_id")),
    )
    op.create_table(
        "site_lease",
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_site_lease_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_lease_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_lease")),
    )
    op.create_table(
        "stage_result",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.CheckConstraint("stage between 1 and 7", name=op.f("ck_stage_result_stage")),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_stage_result_run_id")),
        sa.PrimaryKeyConstraint("run_id", "stage", name=op.f("pk_stage_result")),
    )
    op.create_table(
        "content_idea",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cluster_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column(
            "content_type",
            sa.Enum(
                "blog post",
                "landing page",
                "product page",
                "category page",
                "case study",
                name="content_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "content_structure",
            sa.Enum(
                "how-to",
                "listicle",
                "comparison",
                "review",
                "tutorial",
                "pillar page",
                "case study",
                "round-up",
                "buyer's guide",
                "explainer",
                "news analysis",
                "FAQ",
                name="content_structure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("volume", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "in_progress",
                "completed",
                "held",
                "dropped",
                name="idea_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_reason", sa.String(), nullable=True),
        sa.Column("resembles", sa.String(), nullable=True),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_content_idea_cluster_id")),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_content_idea_run_id")),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_content_idea_sector_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_content_idea_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_idea")),
    )
    with op.batch_alter_table("content_idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_idea_cluster_id"), ["cluster_id"], unique=False)
        batch_op.create_index("ix_content_idea_status", ["site_id", "status"], unique=False)

    op.create_table(
        "keyword",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("normalised", sa.String(length=600), nullable=False),
        sa.Column("market", sa.String(length=8), nullable=False),
        sa.Column("volume", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("volume_kind", sa.String(length=12), nullable=True),
        sa.Column("difficulty", sa.Integer(), nullable=True),
        sa.Column("cpc_millis", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("intents", sa.String(length=80), nullable=False),
        sa.Column("parent", sa.String(length=600), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_line", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "mapped",
                "orphaned",
                "ignored",
                name="keyword_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cluster_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(status = 'mapped') = (cluster_id is not null)", name=op.f("ck_keyword_mapped_has_cluster")
        ),
        sa.CheckConstraint("difficulty between 0 and 100", name=op.f("ck_keyword_difficulty")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_keyword_cluster_id")),
        sa.ForeignKeyConstraint(
            ["sector_id", "site_id"], ["sector.id", "sector.site_id"], name=op.f("fk_keyword_sector_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyword")),
        sa.UniqueConstraint("site_id", "market", "normalised", name=op.f("uq_keyword_site_id_market_normalised")),
    )
    with op.batch_alter_table("keyword", schema=None) as batch_op:
        batch_op.create_index(
            "ix_keyword_cluster",
            ["cluster_id"],
            unique=False,
            sqlite_where=sa.text("cluster_id is not null"),
            postgresql_where=sa.text("cluster_id is not null"),
        )
        batch_op.create_index("ix_keyword_status", ["site_id", "status"], unique=False)

    op.create_table(
        "idea_keyword",
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("keyword_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["content_idea.id"], name=op.f("fk_idea_keyword_idea_id")),
        sa.ForeignKeyConstraint(["keyword_id"], ["keyword.id"], name=op.f("fk_idea_keyword_keyword_id")),
        sa.PrimaryKeyConstraint("idea_id", "keyword_id", name=op.f("pk_idea_keyword")),
    )
    with op.batch_alter_table("idea_keyword", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_keyword_keyword_id"), ["keyword_id"], unique=False)

    op.create_table(
        "planned_membership",
        sa.Column("keyword_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_planned_membership_cluster_id")),
        sa.ForeignKeyConstraint(["keyword_id"], ["keyword.id"], name=op.f("fk_planned_membership_keyword_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_planned_membership_site_id")),
        sa.PrimaryKeyConstraint("keyword_id", name=op.f("pk_planned_membership")),
    )
    with op.batch_alter_table("planned_membership", schema=None) as batch_op:
        batch_op.create_index("ix_planned_membership_group", ["site_id", "group_number", "position"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cluster_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idea_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column(
            "content_type",
            sa.Enum(
                "blog post",
                "landing page",
                "product page",
                "category page",
                "case study",
                name="content_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "content_structure",
            sa.Enum(
                "how-to",
                "listicle",
                "comparison",
                "review",
                "tutorial",
                "pillar page",
                "case study",
                "round-up",
                "buyer's guide",
                "explainer",
                "news analysis",
                "FAQ",
                name="content_structure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("word_target", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("volume", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "completed",
                "failed",
                "held",
                "dropped",
                name="task_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_reason", sa.String(), nullable=True),
        sa.Column("resembles", sa.String(), nullable=True),
        sa.Column("rejection_reason", sa.String(), nullable=True),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.CheckConstraint("word_target between 100 and 20000", name=op.f("ck_task_word_target")),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_task_cluster_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["content_idea.id"], name=op.f("fk_task_idea_id")),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_task_run_id")),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_task_sector_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_task_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_task_idea_id")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_cluster_id"), ["cluster_id"], unique=False)
        batch_op.create_index("ix_task_status", ["site_id", "status"], unique=False)

    op.create_table(
        "content",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_attempt", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("keyphrase", sa.String(length=200), nullable=False),
        sa.Column("meta_title", sa.String(length=150), nullable=False),
        sa.Column("meta_description", sa.String(length=400), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("json_ld", sa.String(), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "illustration",
            sa.Enum(
                "needs_prompts",
                "needs_images",
                "ready",
                name="illustration",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "approved",
                "rejected",
                "published",
                name="content_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reviewer", sa.String(length=120), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_hash", sa.String(length=64), nullable=True),
        sa.Column("review_reason", sa.String(), nullable=True),
        sa.Column("published_url", sa.String(length=2000), nullable=True),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_content_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_content_site_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_content_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content")),
        sa.UniqueConstraint("site_id", "slug", name=op.f("uq_content_site_id_slug")),
        sa.UniqueConstraint("task_id", "task_attempt", name=op.f("uq_content_task_id_task_attempt")),
    )
    with op.batch_alter_table("content", schema=None) as batch_op:
        batch_op.create_index("ix_content_status", ["site_id", "status", "illustration"], unique=False)

    op.create_table(
        "image",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("prompt", sa.String(length=1500), nullable=False),
        sa.Column("alt_text", sa.String(length=125), nullable=False),
        sa.Column("caption", sa.String(length=150), nullable=False),
        sa.Column("location", sa.String(length=2000), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("format", sa.String(length=10), nullable=True),
        sa.Column("provider", sa.String(length=20), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "generated",
                "failed",
                "removed",
                name="image_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_image_content_id")),
        sa.ForeignKeyConstraint(["run_id"], ["automation_run.id"], name=op.f("fk_image_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_image_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("content_id", "role", name=op.f("uq_image_content_id_role")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("image", schema=None) as batch_op:
        batch_op.create_index("ix_image_status", ["site_id", "status"], unique=False)

    op.create_table(
        "review_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "approved",
                "rejected",
                "published",
                "edited",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reviewer", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_review_decision_content_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
    )
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_decision_content_id"), ["content_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_decision_content_id"))

    op.drop_table("review_decision")
    with op.batch_alter_table("image", schema=None) as batch_op:
        batch_op.drop_index("ix_image_status")

    op.drop_table("image")
    with op.batch_alter_table("content", schema=None) as batch_op:
        batch_op.drop_index("ix_content_status")

    op.drop_table("content")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_status")
        batch_op.drop_index(batch_op.f("ix_task_cluster_id"))

    op.drop_table("task")
    with op.batch_alter_table("planned_membership", schema=None) as batch_op:
        batch_op.drop_index("ix_planned_membership_group")

    op.drop_table("planned_membership")
    with op.batch_alter_table("idea_keyword", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_keyword_keyword_id"))

    op.drop_table("idea_keyword")
    with op.batch_alter_table("keyword", schema=None) as batch_op:
        batch_op.drop_index("ix_keyword_status")
        batch_op.drop_index(
            "ix_keyword_cluster",
            sqlite_where=sa.text("cluster_id is not null"),
            postgresql_where=sa.text("cluster_id is not null"),
        )

    op.drop_table("keyword")
    with op.batch_alter_table("content_idea", schema=None) as batch_op:
        batch_op.drop_index("ix_content_idea_status")
        batch_op.drop_index(batch_op.f("ix_content_idea_cluster_id"))

    op.drop_table("content_idea")
    op.drop_table("stage_result")
    op.drop_table("site_lease")
    op.drop_table("run_launch")
    with op.batch_alter_table("credit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_entry_run")
        batch_op.drop_index(batch_op.f("ix_credit_entry_account_id"))

    op.drop_table("credit_entry")
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.drop_index("ix_cluster_pending")

    op.drop_table("cluster")
    with op.batch_alter_table("ai_call", schema=None) as batch_op:
        batch_op.drop_index("ix_ai_call_run")
        batch_op.drop_index("ix_ai_call_replay")

    op.drop_table("ai_call")
    op.drop_table("site_counter")
    with op.batch_alter_table("sector", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sector_one_default", sqlite_where=sa.text("is_default"), postgresql_where=sa.text("is_default")
        )

    op.drop_table("sector")
    op.drop_table("page")
    op.drop_table("keyword_file")
    with op.batch_alter_table("automation_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_automation_run_active_site",
            sqlite_where=sa.text("status in ('queued', 'running', 'paused')"),
            postgresql_where=sa.text("status in ('queued', 'running', 'paused')"),
        )
        batch_op.drop_index("ix_automation_run_history")

    op.drop_table("automation_run")
    op.drop_table("automation_config")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_account_id"))

    op.drop_table("site")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_account_id"))

    op.drop_table("api_key")
    op.drop_table("account")
