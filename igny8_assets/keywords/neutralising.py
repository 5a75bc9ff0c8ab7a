"""Cells of our own exports that a spreadsheet must not take for formulas."""

import re

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*%?")


def neutralise(value: str) -> str:
    """Return `value` with `'` before it if a spreadsheet could run it; numbers such as -5 are left alone.

    The starts are those of OWASP's page on CSV injection.
    """
    if value.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value
