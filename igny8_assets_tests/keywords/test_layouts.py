import csv
import io
import zipfile
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from igny8_assets.keywords.layouts import header_name, recognise
from igny8_assets_tests.keywords.reading_files import read_bytes, read_text, row, values


def lines(separator: str, *rows: tuple[object, ...], end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    return text.getvalue()


PLANNER_HEADER = (
    *("Keyword", "Currency", "Segmentation", "Avg. monthly searches", "Three month change", "YoY change"),
    *("Competition", "Competition (indexed value)", "Top of page bid (low range)", "Top of page bid (high range)"),
    "Searches: May 2025",
)


def planner(separator: str, *volumes: tuple[str, object]) -> str:
    rows = [(keyword, "USD", "", volume, "0%", "∞", "Low", "67", "0.35", "1.20", "50") for keyword, volume in volumes]
    return lines(
        separator,
        ("Keyword Stats 2025-06-01 at 10_00_00",),
        ("May 1, 2024 - April 30, 2025",),
        PLANNER_HEADER,
        *rows,
        end="\r\n",
    )


def test_keyword_planner_in_utf_16_with_tabs_below_two_lines(tmp_path: Path) -> None:
    content = planner("\t", ("running shoes", 5000), ("chaussures d'été", 50), ("laufschuhe", ""))
    export = read_bytes(tmp_path, b"\xff\xfe" + content.encode("utf-16-le"))
    assert export.layout == "Google Keyword Planner"
    shoes = row(export, "running shoes")
    assert (shoes["volume"], shoes["volume_kind"], shoes["line"]) == (5000, "estimate", 4)
    assert row(export, "chaussures d'été")["volume"] == 50
    unknown = row(export, "laufschuhe")
    assert (unknown["volume"], unknown["volume_kind"]) == (None, None)


def test_the_competition_of_keyword_planner_is_never_difficulty_nor_its_bids_a_price(tmp_path: Path) -> None:
    shoes = row(read_text(tmp_path, planner(",", ("running shoes", 5000))), "running shoes")
    assert shoes["difficulty"] is None
    assert shoes["cpc_millis"] is None


def test_keyword_planner_with_commas_in_utf_8(tmp_path: Path) -> None:
    export = read_text(tmp_path, planner(",", ("a", 500), ("b", 0)))
    assert export.layout == "Google Keyword Planner"
    assert values(export, "volume") == [500, 0]
    assert set(values(export, "volume_kind")) == {"estimate"}


def test_keyword_planner_with_true_figures_is_exact(tmp_path: Path) -> None:
    export = read_text(tmp_path, planner(",", ("a", 480), ("b", 50)))
    assert set(values(export, "volume_kind")) == {"exact"}


QUERIES = 'Top queries,Clicks,Impressions,CTR,Position\nred shoes,12,"1,234",0.97%,8.2\nblue shoes,0,7,0%,30.5\n'


def test_search_console_as_csv(tmp_path: Path) -> None:
    export = read_text(tmp_path, QUERIES)
    assert export.layout == "Google Search Console"
    red = row(export, "red shoes")
    assert (red["volume"], red["volume_kind"]) == (1234, "impressions")


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_search_console_as_a_zip_of_several_tables(tmp_path: Path) -> None:
    content = zipped(
        {
            "Chart.csv": b"Date,Clicks,Impressions,CTR,Position\n2025-05-01,1,2,3%,4\n",
            "Pages.csv": b"Top pages,Clicks,Impressions,CTR,Position\nhttps://example.com/,1,2,3%,4\n",
            "Queries.csv": QUERIES.encode(),
        }
    )
    export = read_bytes(tmp_path, content, "example.com-Performance.zip")
    assert export.layout == "Google Search Console"
    assert values(export, "text") == ["red shoes", "blue shoes"]


def test_search_console_in_another_language_is_found_by_its_headers(tmp_path: Path) -> None:
    header = "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position\n"
    content = zipped(
        {
            "Seiten.csv": b"H\xc3\xa4ufigste Seiten,Klicks,Impressionen,CTR,Position\nhttps://example.com/,1,2,3%,4\n",
            "Suchanfragen.csv": (header + 'rote schuhe,3,40,"7,5 %","8,2"\n').encode(),
        }
    )
    export = read_bytes(tmp_path, content, "export.zip")
    assert export.layout == "Google Search Console"
    assert row(export, "rote schuhe")["volume"] == 40


AHREFS_HEADER = (
    *("#", "Keyword", "Country", "Difficulty", "Volume", "CPC", "CPS", "Parent Keyword", "Last Update"),
    *("SERP Features", "Global volume", "Traffic potential", "Intents"),
)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_ahrefs_keywords_explorer(tmp_path: Path, encoding: str) -> None:
    content = lines(
        "\t" if encoding == "utf-16" else ",",
        AHREFS_HEADER,
        (1, "ai tools", "US", 79, 30000, "1.60", "0.9", "best ai", "2025-07-01", "Sitelinks", 99000, 50000,
         "Informational,Non-branded,Non-local"),
        (2, "outils ia", "fr", "", 90, "", "", "", "", "", 900, "", ""),
    )  # fmt: skip
    export = read_bytes(tmp_path, content.encode(encoding))
    assert export.layout == "Ahrefs Keywords Explorer"
    tools = row(export, "ai tools")
    assert tools["volume"] == 30000
    assert tools["volume_kind"] == "exact"
    assert tools["difficulty"] == 79
    assert tools["cpc_millis"] == 1600
    assert tools["intents"] == "informational"
    assert tools["market"] == "us"
    assert tools["parent"] == "best ai"
    outils = row(export, "outils ia")
    assert outils["difficulty"] is None
    assert outils["market"] == "fr"
    assert outils["parent"] is None


def test_ahrefs_organic_keywords_with_true_and_false_columns(tmp_path: Path) -> None:
    content = lines(
        ",",
        (
            *("Keyword", "Volume", "KD", "CPC", "Current position", "Current URL", "Branded", "Local"),
            *("Informational", "Commercial", "Transactional", "Navigational"),
        ),
        ("buy shoes", 700, 12, "0.5", 3, "https://example.com/", "false", "true", "false", "true", "true", "false"),
    )
    export = read_text(tmp_path, content)
    assert export.layout == "Ahrefs Organic keywords"
    shoes = row(export, "buy shoes")
    assert shoes["intents"] == "commercial,transactional"
    assert shoes["difficulty"] == 12
    assert shoes["url"] == "https://example.com/"


MAGIC_HEADER = (
    *("Keyword", "Intent", "Volume", "Trend", "Keyword Difficulty", "CPC (USD)", "Competitive Density"),
    *("SERP Features", "Number of Results"),
)


def test_semrush_keyword_magic_as_csv_with_a_mark_at_its_start(tmp_path: Path) -> None:
    content = lines(
        ",",
        MAGIC_HEADER,
        ("seo tools", "Commercial, Informational", 27100, "0.5,0.6", 90, "3.96", "0.3", "Sitelinks, Reviews", 123456),
    )
    export = read_bytes(tmp_path, b"\xef\xbb\xbf" + content.encode())
    assert export.layout == "Semrush Keyword Magic"
    tools = row(export, "seo tools")
    assert (tools["volume"], tools["difficulty"], tools["cpc_millis"]) == (27100, 90, 3960)
    assert tools["intents"] == "commercial,informational"
    assert tools["market"] is None


def test_semrush_keyword_magic_as_a_workbook(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(MAGIC_HEADER)
    sheet.append(["seo tools", "Commercial", 27100, "0.5,0.6", 90, 3.125, 0.3, "Sitelinks", 123456])
    sheet.append([])
    sheet.append([1984, "Informational", 12100, "", None, 0, None, "", None])
    workbook.save(tmp_path / "made.xlsx")
    export = read_bytes(tmp_path, (tmp_path / "made.xlsx").read_bytes(), "keywords.csv")
    assert export.layout == "Semrush Keyword Magic"
    tools = row(export, "seo tools")
    assert (tools["volume"], tools["difficulty"], tools["cpc_millis"], tools["line"]) == (27100, 90, 3125, 2)
    year = row(export, "1984")
    assert (year["volume"], year["difficulty"], year["cpc_millis"], year["line"]) == (12100, None, 0, 4)


def test_semrush_strategy_builder(tmp_path: Path) -> None:
    content = lines(
        ",",
        (
            *("Database", "Keyword", "Seed keyword", "Page", "Topic", "Page type", "Tags"),
            *("Volume", "Keyword Difficulty", "CPC (USD)"),
        ),
        ("uk", "garden chairs", "garden", "Chairs", "Garden furniture", "Pillar", "", 4400, 31, "0.80"),
    )
    export = read_text(tmp_path, content)
    assert export.layout == "Semrush Strategy Builder"
    chairs = row(export, "garden chairs")
    assert (chairs["market"], chairs["parent"], chairs["volume"]) == ("gb", "Garden furniture", 4400)


def test_semrush_organic_positions_has_the_best_ranking_url(tmp_path: Path) -> None:
    header = "Keyword,Position,Previous position,Search Volume,Keyword Difficulty,CPC,URL,Keyword Intents\n"
    export = read_text(
        tmp_path,
        header
        + "seo tips,12,10,880,40,1.10,https://example.com/a,informational\n"
        + "seo tips,3,4,880,40,1.10,https://example.com/b,commercial\n",
    )
    assert export.layout == "Semrush Organic Positions"
    tips = row(export, "seo tips")
    assert (tips["url"], tips["intents"], tips["volume"]) == ("https://example.com/b", "commercial,informational", 880)
    assert export.merged == 1


def test_semrush_api_with_semicolons_and_numbers_for_intents(tmp_path: Path) -> None:
    export = read_text(
        tmp_path,
        "database;Keyword;Search Volume;Keyword Difficulty Index;Intent\r\n"
        "us;seo;110000;100;1,3\r\nus;buy seo;90;;0\r\n",
    )
    assert export.layout == "Semrush API"
    assert row(export, "seo")["intents"] == "informational,transactional"
    assert row(export, "buy seo")["intents"] == "commercial"
    assert row(export, "buy seo")["difficulty"] is None
    assert values(export, "market") == ["us", "us"]


def test_a_plain_list_has_one_keyword_a_line(tmp_path: Path) -> None:
    export = read_text(tmp_path, 'red shoes\n\n blue, green shoes \n"quoted shoes"\nsay "hi"\n', "list.txt")
    assert export.layout == "Plain list"
    assert values(export, "text") == ["red shoes", "blue, green shoes", "quoted shoes", 'say "hi"']
    assert values(export, "line") == [1, 3, 4, 5]
    assert values(export, "volume") == [None] * 4


def test_the_word_keyword_inside_a_plain_list_is_a_keyword(tmp_path: Path) -> None:
    assert values(read_text(tmp_path, "shoes\nkeyword\nboots\n"), "text") == ["shoes", "keyword", "boots"]


@pytest.mark.parametrize("header", ["keyword", "KEYWORDS", "Query", "search term", "Term"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_csv_with_a_keyword_column_is_read(tmp_path: Path, header: str, separator: str) -> None:
    export = read_text(tmp_path, lines(separator, ("id", header, "Volume"), (1, "shoes", 90)))
    assert export.layout == "CSV with a keyword column"
    assert row(export, "shoes")["volume"] == 90


def test_a_single_column_below_a_header_may_hold_commas(tmp_path: Path) -> None:
    assert values(read_text(tmp_path, "Keyword\nred, white shoes\nboots\n"), "text") == ["red, white shoes", "boots"]


def test_a_german_file_with_decimal_commas_and_dots_for_thousands(tmp_path: Path) -> None:
    export = read_text(tmp_path, "Keyword;Volume;CPC;Difficulty\nschuhe;12.100;3,96;57,4\nstiefel;90;1.250;\n")
    shoes = row(export, "schuhe")
    assert (shoes["volume"], shoes["cpc_millis"], shoes["difficulty"]) == (12100, 3960, 57)
    assert row(export, "stiefel")["cpc_millis"] == 1_250_000


def test_global_volume_is_not_the_volume(tmp_path: Path) -> None:
    assert row(read_text(tmp_path, "Keyword,Global volume\nshoes,9000\n"), "shoes")["volume"] is None


def test_ranges_make_estimates_in_any_layout(tmp_path: Path) -> None:
    export = read_text(tmp_path, "keyword,volume\nshoes,1K – 10K\nboots,720\n")
    assert values(export, "volume") == [5000, 720]
    assert values(export, "volume_kind") == ["estimate", "exact"]


def test_the_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    export = read_text(tmp_path, "volume,cpc,difficulty,keyword\n90,1.5,20,shoes\n")
    shoes = row(export, "shoes")
    assert (shoes["volume"], shoes["cpc_millis"], shoes["difficulty"]) == (90, 1500, 20)


@pytest.mark.parametrize(
    ("cell", "name"), [("CPC (USD)", "cpc"), ("\ufeffKeyword ", "keyword"), ("search_volume", "search volume")]
)
def test_headers_are_compared_without_currency_case_and_underscores(cell: str, name: str) -> None:
    assert header_name(cell) == name


def test_a_row_without_a_keyword_header_is_no_header() -> None:
    assert recognise(["Phrase", "Volume"], first=True) is None
