"""The README's table of settings tells the truth."""

from pathlib import Path

from igny8_assets.settings import Settings

README = Path(__file__).parent.parent / "README.md"


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


def test_every_picture_of_the_readme_is_there() -> None:
    for part in README.read_text(encoding="utf-8").split("](")[1:]:
        target = part.split(")")[0]
        if not target.startswith(("http", "#")):
            assert (README.parent / target).exists(), target
