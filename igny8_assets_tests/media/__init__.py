"""Tests of images: cards, encoding, names and the place where they live."""
