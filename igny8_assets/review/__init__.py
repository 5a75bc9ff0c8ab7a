"""What people decide about drafts."""
