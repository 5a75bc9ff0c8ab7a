"""Versions of what people edit: the ETag says which one was read, If-Match which one a change is for."""

import hashlib
import json
from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel

from igny8_assets.errors import UserError

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description="The ETag of what was read and is now changed."),
]


def etag_of(shown: BaseModel) -> str:
    """The ETag of a thing as it is shown."""
    told: dict[str, Any] = shown.model_dump(mode="json")
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def refuse_another_version(if_match: str | None, shown: BaseModel, *, required: bool = True) -> None:
    """Refuse a change of what is not as it was read; call it where nobody else can change it any more.

    Args:
        if_match: the versions that the change is for.
        shown: the thing as it is now.
        required: whether a change that names no version is refused.

    Raises:
        UserError: 428 or 412.
    """
    if if_match is None:
        if required:
            raise UserError(
                "say by If-Match which version this change is for: the ETag of what was read",
                code="if_match_missing",
                status=428,
            )
        return
    if if_match.strip() != "*" and etag_of(shown) not in [one.strip() for one in if_match.split(",")]:
        raise UserError(
            "it was changed since it was read; read it again and repeat the change", code="changed", status=412
        )
