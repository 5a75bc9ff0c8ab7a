"""`igny8 clusters group`: a list in, a CSV out; nothing is stored."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from igny8_assets.cli.arguments import Out
from igny8_assets.cli.output import amount, say, write_csv
from igny8_assets.clustering.granularity import CUTS
from igny8_assets.clustering.models import Model, chosen, embed_of
from igny8_assets.clustering.naming import head_keyword
from igny8_assets.vocabulary import Granularity

COLUMNS = ("keyword", "cluster")


def group(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A keyword export, a CSV or a list, a keyword a line.")],
    granularity: Annotated[
        Granularity, typer.Option(help="How wide clusters are: what one page can rank for, a topic, or a theme.")
    ] = Granularity.PAGE,
    model: Annotated[
        Model, typer.Option(help="What compares texts; auto takes MiniLM for short lists where it is installed.")
    ] = Model.WORDLLAMA,
    out: Out = None,
) -> None:
    """Group the keywords of a file by their texts alone; other columns are not looked at."""
    from igny8_assets.clustering.levels import find_levels
    from igny8_assets.keywords.reading import read_export

    export = read_export(file)
    keywords = export.keywords.drop_duplicates("normalised")
    texts = keywords["normalised"].tolist()
    used = chosen(model, len(texts))
    numbers = find_levels(texts, CUTS[used.value], embed_of(used)).at(granularity)
    names = _names(texts, numbers)
    shown = zip(keywords["text"].tolist(), numbers, strict=True)
    write_csv(({"keyword": text, "cluster": names[number]} for text, number in shown), COLUMNS, out)
    if out is not None:
        say(f"{amount(len(texts), 'keyword')} in {amount(len(names), 'cluster')}, written to {out}")
    if len(export.rejects):
        first = export.rejects.iloc[0]
        left_out = amount(len(export.rejects), "row")
        typer.echo(f"left out {left_out} that can't be read; the first is line {first.line}: {first.reason}", err=True)


def _names(texts: Sequence[str], numbers: Sequence[int]) -> dict[int, str]:
    """Each cluster by its shortest keyword, since nothing but the texts is known."""
    members: dict[int, list[str]] = defaultdict(list)
    for text, number in zip(texts, numbers, strict=True):
        members[number].append(text)
    return {
        number: group[head_keyword([(text, 0) for text in group], [1.0] * len(group))]
        for number, group in members.items()
    }
