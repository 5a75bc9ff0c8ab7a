"""Texts as files that other programs take: HTML pages, Markdown, CSV, WordPress."""
