"""What Dagster shows."""
