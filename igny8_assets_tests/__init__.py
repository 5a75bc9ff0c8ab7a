"""Tests of the package, mirrored."""
