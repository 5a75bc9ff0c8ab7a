"""The page's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from igny8_assets.web.pages.rendering import texts


def names_in(words: Mapping[str, Any]) -> Iterator[str]:
    for name, value in words.items():
        yield name
        if isinstance(value, dict):
            yield from names_in(value)


def test_none_is_called_like_a_method_of_what_holds_them() -> None:
    # A template that asks for `words.get` is given the method.
    assert set(names_in(texts())) & set(dir(dict)) == set()
