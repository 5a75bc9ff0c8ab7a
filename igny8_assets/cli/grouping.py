"""`igny8 clusters group`: a list in, a CSV out; nothing is stored."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from igny8_assets.cli.arguments import Out
from igny8_assets.cli.output import amount, say, write_csv
from igny8_assets.clustering.evidence import find_ties
from igny8_assets.clustering.grouping import Rules
from igny8_assets.clustering.levels import Known, Levels
from igny8_assets.clustering.models import chosen, comparing_by
from igny8_assets.clustering.naming import head_keyword
from igny8_assets.clustering.uncollected import uncollected
from igny8_assets.errors import UserError
from igny8_assets.keywords.layouts import WIDE_PARENTS
from igny8_assets.vocabulary import Granularity, KeywordModel
from igny8_assets.whole_files import refuse_inputs

if TYPE_CHECKING:
    import pandas as pd

    from igny8_assets.keywords.reading import Export

COLUMNS = ("keyword", "cluster")


@uncollected()
def group(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A keyword export, a CSV or a list, a keyword a line.")],
    granularity: Annotated[
        Granularity, typer.Option(help="How wide clusters are: what one page can rank for, a topic, or a theme.")
    ] = Granularity.PAGE,
    model: Annotated[
        KeywordModel, typer.Option(help="What compares texts; auto takes MiniLM for short lists where it is installed.")
    ] = KeywordModel.WORDLLAMA,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Also look at parent keywords and ranking pages that the file has.")
    ] = False,
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of search results to look at: keyword and url.")
    ] = None,
    shared_urls: Annotated[
        int, typer.Option(min=1, max=10, help="Results that two keywords share to be one cluster.")
    ] = Rules().shared_urls,
    out: Out = None,
) -> None:
    """Group the keywords of a file by their texts; other columns are looked at only when that is asked for."""
    from igny8_assets.clustering.levels import find_levels
    from igny8_assets.keywords.reading import read_export

    refuse_inputs(out, file, results)
    export = read_export(file)
    keywords = export.keywords.drop_duplicates("normalised")
    texts = keywords["normalised"].tolist()
    cuts, embed = comparing_by(chosen(model, len(texts)), texts)
    known = _known(file, export, keywords, results, shared_urls, evidence=evidence)
    levels = find_levels(texts, cuts, embed, known, until=granularity)
    numbers = levels.at(granularity)
    volumes = keywords["volume"].fillna(0).astype(int).tolist()
    names = _names(keywords["text"].tolist(), list(zip(texts, volumes, strict=True)), numbers, levels)
    shown = zip(keywords["text"].tolist(), numbers, strict=True)
    write_csv(({"keyword": text, "cluster": names[number]} for text, number in shown), COLUMNS, out)
    if out is not None:
        say(f"{amount(len(texts), 'keyword')} in {amount(len(names), 'cluster')}, written to {out}")
    merged = export.rows - len(texts) - len(export.rejects)
    if merged:
        rows = amount(export.rows, "row")
        typer.echo(f"{rows}, {merged:,} of which {_are(merged)} the same keyword as another", err=True)
    if len(export.rejects):
        first = export.rejects.iloc[0]
        left_out = amount(len(export.rejects), "row")
        typer.echo(f"left out {left_out} that can't be read; the first is line {first.line}: {first.reason}", err=True)


def _known(
    file: Path, export: "Export", keywords: "pd.DataFrame", results: Path | None, shared_urls: int, *, evidence: bool
) -> Known:
    """What the search engine says of the keywords, as far as it is to be looked at."""
    from igny8_assets.keywords.search_results import read_search_results

    found: dict[str, list[str]] = {}
    if results is not None:
        read = read_search_results(results)
        found = read.urls
        if left_out := read.left_out():
            typer.echo(f"{results.name}: {left_out}", err=True)
    if evidence and results is None:
        # The file itself may have a row for each result.
        with suppress(UserError):
            found = {text: urls for text, urls in read_search_results(file).urls.items() if len(urls) > 1}
    if evidence and not found and keywords["parent"].isna().all() and keywords["url"].isna().all():
        typer.echo(f"{file.name} has no column with parent keywords or ranking pages; texts alone decide", err=True)
    texts = keywords["normalised"].tolist()
    looked_at = evidence and export.layout not in WIDE_PARENTS
    ties = find_ties(
        texts,
        keywords["parent"].tolist() if looked_at else [None] * len(texts),
        [None if text in found else url for text, url in zip(texts, keywords["url"], strict=True)]
        if evidence
        else [None] * len(texts),
        [found.get(text, ()) for text in texts],
        shared_urls=shared_urls,
    )
    return Known(ties=[(tie.first, tie.second) for tie in ties])


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _names(
    shown: Sequence[str], texts_with_volume: Sequence[tuple[str, int]], numbers: Sequence[int], levels: Levels
) -> dict[int, str]:
    """Each cluster by a keyword that is short, central and, where the file tells volumes, much searched."""
    members: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        members[number].append(place)
    return {
        number: shown[places[head_keyword([texts_with_volume[place] for place in places], levels.centrality(places))]]
        for number, places in members.items()
    }
