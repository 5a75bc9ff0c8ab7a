"""The fingerprint that binds an approval to the exact text that was read."""

import hashlib
import json


def content_hash(title: str, slug: str, meta_title: str, meta_description: str, html: str, json_ld: str) -> str:
    """SHA-256 as 64 hex digits over all that will be published; any change of any part changes it.

    The parts are hashed as one JSON list, so that text can't move from one part to the next unseen.
    """
    parts = [title, slug, meta_title, meta_description, html, json_ld]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()
