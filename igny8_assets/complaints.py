"""What is wrong with a value that a person gave, in plain words instead of those of the library that found it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is unknown here; leave it out",
    "string_type": "has to be a text",
    "string_unicode": "holds characters that can't be stored",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "decimal_type": "has to be a number",
    "decimal_parsing": "has to be a number",
    "finite_number": "has to be a number that is not infinite",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "greater_than": "has to be more than {gt}",
    "greater_than_equal": "has to be at least {ge}",
    "less_than": "has to be less than {lt}",
    "less_than_equal": "has to be at most {le}",
    "literal_error": "has to be {expected}",
    "enum": "has to be {expected}",
    "dict_type": "has to be a JSON object, written in { }",
    "model_type": "has to be a JSON object, written in { }",
    "list_type": "has to be a list, written in [ ]",
    "tuple_type": "has to be a list, written in [ ]",
    "path_type": "has to be a path",
    "model_attributes_type": "has to be a JSON object, written in { }",
    "date_type": "has to be a date, written like 2026-01-31",
    "date_parsing": "has to be a date, written like 2026-01-31",
    "date_from_datetime_parsing": "has to be a date, written like 2026-01-31",
    "date_from_datetime_inexact": "has to be a date, written like 2026-01-31",
    "time_type": "has to be a time, written like 02:00",
    "time_parsing": "has to be a time, written like 02:00",
    "string_pattern_mismatch": "has to match {pattern}",
}
_COUNTED = {
    "string_too_short": ("has to have at least", "min_length", "character"),
    "string_too_long": ("may have at most", "max_length", "character"),
    "too_short": ("has to have at least", "min_length", "entry"),
    "too_long": ("may have at most", "max_length", "entry"),
    "decimal_max_places": ("may have at most", "decimal_places", "decimal"),
    "decimal_max_digits": ("may have at most", "max_digits", "digit"),
    "decimal_whole_digits": ("may have at most", "whole_digits", "digit before its point"),
}
_PLURALS = {"entry": "entries", "digit before its point": "digits before its point"}


def first_complaint(error: "ValidationError") -> tuple[tuple[int | str, ...], str]:
    """Where the first mistake is, and what is wrong there: "has to be at least 1"."""
    first: Any = error.errors(include_input=False, include_url=False)[0]
    return first["loc"], plain_words(first)


def place_of(location: tuple[int | str, ...]) -> str:
    """A place in something nested: `level` of entry 1 of `outline`; empty for the whole."""
    return " of ".join(f"entry {part + 1}" if isinstance(part, int) else f"`{part}`" for part in reversed(location))


def plain_words(found: "Mapping[str, Any]") -> str:
    """What is wrong with a value, of one mistake that pydantic found: "has to be at least 1"."""
    kind, facts = found["type"], found.get("ctx", {})
    if kind in _COUNTED:
        verb, bound, noun = _COUNTED[kind]
        number = facts[bound]
        return f"{verb} {number:,} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"
    if kind in _WORDS:
        words = _WORDS[kind]
        for name, value in facts.items():
            words = words.replace("{" + name + "}", str(value))
        return words
    return str(found["msg"]).removeprefix("Value error, ")
