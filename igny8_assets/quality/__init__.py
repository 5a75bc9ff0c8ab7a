"""Checks on a draft before a person sees it: completeness, search and reading rules, likeness to other texts."""
