"""The clusters as one HTML file that needs nothing else: no network, no other file."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from igny8_assets.review.cluster_map.difficulty_scale import SCALE, UNKNOWN, step_of
from igny8_assets.review.cluster_map.tiles import Tiles, choose_tiles
from igny8_assets.review.clusters import ClusterView
from igny8_assets.review.script_json import json_for_script

# Width to height, in a landscape and on a telephone.
_SHAPES = {"wide": (16, 11), "tall": (3, 4)}
_STEPS = (*SCALE, UNKNOWN)
# One after the other they are one script.
_SCRIPTS = ("figures.js", "map.js", "tables.js", "controls.js")
_FOLDER = Path(__file__).parent


def cluster_page(
    site_name: str, clusters: Sequence[ClusterView], cohesions: Sequence[float | None], at: datetime
) -> str:
    """The page: a treemap, a table, and the keywords of each cluster.

    Args:
        site_name: stands in the heading.
        clusters: all of the site's.
        cohesions: for each of them how alike its keywords are, -1 to 1; None for a single one.
        at: when they were read, shown on the page.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
    style, script = _text("page.css") + _colours(), "".join(map(_text, _SCRIPTS))
    return environment.get_template("page.html").render(
        site_name=site_name,
        at=at,
        cluster_count=len(clusters),
        keyword_count=sum(len(view.members) for view in clusters),
        steps=_STEPS,
        style=style,
        script=script,
        # Nothing but these two runs or counts, whatever a keyword holds.
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=json_for_script(_data(clusters, cohesions)),
    )


def _data(clusters: Sequence[ClusterView], cohesions: Sequence[float | None]) -> dict[str, Any]:
    volumes = choose_tiles([view.volume or 0 for view in clusters])
    counts = choose_tiles([len(view.members) for view in clusters])
    return {
        "clusters": [_cluster(view, cohesion) for view, cohesion in zip(clusters, cohesions, strict=True)],
        "layouts": {"volume": _layout(volumes), "keywords": _layout(counts)},
    }


def _cluster(view: ClusterView, cohesion: float | None) -> dict[str, Any]:
    return {
        "id": view.cluster.id,
        "name": view.cluster.name,
        "market": view.cluster.market,
        "keywords": len(view.members),
        "volume": view.volume,
        "difficulty": view.difficulty,
        "intent": view.cluster.intent,
        "cohesion": None if cohesion is None else round(cohesion, 2),
        "status": view.cluster.status.value,
        "failure": view.cluster.failure_reason,
        "step": _STEPS.index(step_of(view.difficulty)),
        "members": [[member.text, member.volume, member.difficulty, member.why] for member in view.members],
    }


def _layout(tiles: Tiles) -> dict[str, Any] | None:
    """Where each rectangle is, in percent of the map's width and height; None if there is nothing to draw."""
    if not tiles.sizes:
        return None
    return {
        "clusters": tiles.positions,
        "others": tiles.others,
        "leftOut": tiles.left_out,
        "shapes": {name: _percentages(tiles, *shape) for name, shape in _SHAPES.items()},
    }


def _percentages(tiles: Tiles, width: int, height: int) -> list[list[float]]:
    across, down = 100 / width, 100 / height
    return [
        [round(share, 3) for share in (part.left * across, part.top * down, part.width * across, part.height * down)]
        for part in tiles.layout(width, height)
    ]


def _colours() -> str:
    return "".join(
        f".step-{number} {{ background-color: {step.fill}; color: {step.ink}; }}\n"
        for number, step in enumerate(_STEPS)
    )


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
