"""Checks on what must not reach a reader's browser: scripts, broken JSON-LD, placeholders and leaked prompts."""

import json
import re
from typing import NoReturn

from igny8_assets.quality.blocks import Body
from igny8_assets.quality.draft import DraftToCheck
from igny8_assets.quality.placeholders import placeholders_in
from igny8_assets.quality.report import Finding, Verdict, judged, quoted

# On the raw string, so that markup too broken for a parser is seen as well; text that shows tags has them escaped.
_ACTIVE = re.compile(
    r"<\s*(?:script|iframe|frame|object|embed|applet|base|meta|link|form)\b"
    r"|<[^<>]*[\s/\"']on[a-z]{3,30}\s*="
    r"|(?:href|src|action|formaction)\s*=\s*[\"']?\s*(?:javascript|vbscript|data\s*:\s*text/html)[^\"'>]*",
    re.IGNORECASE,
)
_LEAVES_JSON_LD = re.compile(r"</\s*script|<!--", re.IGNORECASE)


def check_active_content(draft: DraftToCheck) -> Finding:
    """Block a body with a script, a frame, an event handler or a javascript: link."""
    found = [" ".join(match.group().split()) for match in _ACTIVE.finditer(draft.html)]
    evidence = ", ".join(quoted(item) for item in found[:3]) if found else "no script, frame or event handler"
    return judged("active_content", not found, Verdict.BLOCK, evidence)


def check_json_ld(draft: DraftToCheck) -> Finding:
    """Block JSON-LD that does not parse as an object or a list, or would end the script element it stands in."""
    if not draft.json_ld.strip():
        return Finding("json_ld", Verdict.PASS, "none")
    escape = _LEAVES_JSON_LD.search(draft.json_ld)
    if escape:
        return Finding("json_ld", Verdict.BLOCK, f"holds {quoted(escape.group())}, which ends its script element")
    try:
        data = json.loads(draft.json_ld, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return judged("json_ld", False, Verdict.BLOCK, f"does not parse: {reason}")
    evidence = f"parses, {len(draft.json_ld)} characters" if isinstance(data, dict | list) else "is not an object"
    return judged("json_ld", isinstance(data, dict | list), Verdict.BLOCK, evidence)


def check_placeholders(draft: DraftToCheck, body: Body) -> Finding:
    """Block placeholder or leaked-prompt text in the body (code left out), the title, the meta texts or an alt text."""
    texts = [draft.title, draft.slug, draft.meta_title, draft.meta_description]
    texts += [image.alt_text for image in draft.images or ()]
    texts += [block.prose for block in body.blocks]
    found = placeholders_in("\n".join(texts), f"{draft.keyphrase}\n{draft.source_text}")
    evidence = f"{len(found)}: " + ", ".join(quoted(item) for item in found[:5]) if found else "none"
    return judged("placeholders", not found, Verdict.BLOCK, evidence)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
