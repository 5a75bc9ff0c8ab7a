"""The map of a site's clusters."""
