"""Tests of keywords to topics."""
