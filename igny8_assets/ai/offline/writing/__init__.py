"""Outline drafts: what goes into them, in which order and in which words."""
