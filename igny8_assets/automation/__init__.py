"""Whether a run may happen and where it stands."""
