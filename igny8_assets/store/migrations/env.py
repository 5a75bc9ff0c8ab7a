"""Run by Alembic: migrations take place on the connection that store/schema.py hands over."""

from alembic import context

from igny8_assets.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table="igny8_version",
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
