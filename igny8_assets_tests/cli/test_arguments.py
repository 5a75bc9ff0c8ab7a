"""What no argument may hold."""

import pytest

from igny8_assets.cli.arguments import refuse_unreadable
from igny8_assets.errors import UserError
from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused

UNREADABLE = ["sh\0op", "sh\udcffop"]
COMMANDS = [
    ("overview", "TEXT"),
    ("account", "add", "TEXT"),
    ("sector", "add", "shop", "TEXT"),
    ("keywords", "ignore", "shop", "TEXT"),
    ("review", "reject", "shop", "1", "--reason", "TEXT"),
    ("site", "add", "other", "--brand-voice", "TEXT"),
    ("keywords", "import", "shop", "TEXT"),
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_argument_that_no_database_stores_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="argument 2"):
        refuse_unreadable(["site", text])


def test_every_script_is_readable() -> None:
    refuse_unreadable(["site", "add", "кофе", "咖啡", "☕", ""])


def test_no_command_stumbles_over_it(igny8: Igny8, site: Site) -> None:
    for arguments in COMMANDS:
        for text in UNREADABLE:
            assert_refused(igny8(*(text if argument == "TEXT" else argument for argument in arguments)))


def test_a_database_that_is_not_there_is_one_clear_line(
    igny8: Igny8, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.delenv("IGNY8_DATABASE_URL", raising=False)
    monkeypatch.setenv("IGNY8_HOME", f"{tmp_path}/elsewhere")
    assert_refused(igny8("account", "list"), "igny8 init")


@pytest.mark.parametrize("given", [["--out", ""], ["--out="]])
def test_a_file_to_write_has_a_name(igny8: Igny8, given: list[str]) -> None:
    assert_refused(igny8("clusters", "export", "shop", *given), "--out is empty; name the file to write")


@pytest.mark.parametrize(("number", "says"), [("abc", "has to be a whole number"), ("0", "has to be at least 1")])
def test_a_number_that_is_none_is_refused_in_plain_words(igny8: Igny8, number: str, says: str) -> None:
    assert_refused(igny8("clusters", "rename", "shop", number, "Mills"), f"Invalid value for 'ID': it {says}; ")
