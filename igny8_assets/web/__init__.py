"""The HTTP API and the automation page."""
