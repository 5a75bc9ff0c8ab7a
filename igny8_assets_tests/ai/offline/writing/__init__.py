"""Tests of the drafts that are written offline."""
