"""Real servers that the tests start."""
