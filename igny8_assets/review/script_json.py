"""JSON that may stand in a script element of an HTML page."""

import json
from typing import Any


def json_for_script(data: Any, *, indent: int | None = None) -> str:
    """The data as JSON in which no sign is left that could end the element or a line of a script."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(data, ensure_ascii=False, indent=indent, separators=separators)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
