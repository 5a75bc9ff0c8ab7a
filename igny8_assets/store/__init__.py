"""What is remembered: models, migrations, ledger, lease, counters."""
