"""Tests of the checks on a draft."""
