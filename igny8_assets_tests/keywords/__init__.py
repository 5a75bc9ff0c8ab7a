"""Tests of reading keyword exports."""
