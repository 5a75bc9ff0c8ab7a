"""The README's table of settings tells the truth."""

from pathlib import Path

import dagster as dg
import pytest

from igny8_assets.definitions import defs
from igny8_assets.settings import Settings

README = Path(__file__).parent.parent / "README.md"
OPERATING = README.parent / "docs" / "operating.md"


def settings_table() -> str:
    """The table as it should stand in the README."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "–" if field.default is None else f"`{field.default}`"
        rows.append(f"| `IGNY8_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def test_the_readme_names_every_setting_with_its_default() -> None:
    text = README.read_text(encoding="utf-8")
    table = text.split("<!-- settings -->\n")[1].split("\n<!-- /settings -->")[0]
    assert table == settings_table()


@pytest.mark.parametrize("page", [README, OPERATING])
def test_everything_that_a_page_links_to_is_there(page: Path) -> None:
    for part in page.read_text(encoding="utf-8").split("](")[1:]:
        target = part.split(")")[0]
        if not target.startswith(("http", "#")):
            assert (page.parent / target).exists(), target


def test_the_page_on_operating_names_every_schedule_and_sensor() -> None:
    definitions: dg.Definitions = defs()
    names = {one.name for one in (*(definitions.schedules or ()), *(definitions.sensors or ()))}
    table = OPERATING.read_text(encoding="utf-8").split("## Schedules")[0]
    assert names == {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
