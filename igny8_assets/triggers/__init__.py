"""What starts things in Dagster."""
