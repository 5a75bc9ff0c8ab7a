"""Texts and pictures made on this machine, from the site's own data, without a language model."""
