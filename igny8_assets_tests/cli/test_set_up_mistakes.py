"""Mistakes in the set-up give one line that says how to mend them, and never a secret."""

from pathlib import Path

import pytest

from igny8_assets_tests.cli.conftest import Igny8, assert_refused

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg2://bob:S3cr@etPw@127.0.0.1/x",
        "postgresql+psycopg2://bob:S3cr@et:Pw99@127.0.0.1/x",
        "postgresql+psycopg2://bob:S3cretPw@127.0.0.1:abc/x",
    ],
)
@pytest.mark.parametrize("command", ["init", "site"])
def test_a_database_address_with_a_slip_never_shows_its_password(
    igny8: Igny8, monkeypatch: pytest.MonkeyPatch, address: str, command: str
) -> None:
    monkeypatch.setenv("IGNY8_DATABASE_URL", address)
    result = igny8("init") if command == "init" else igny8("site", "list")
    assert_refused(result, "IGNY8_DATABASE_URL")
    assert "Pw" not in result.err + result.out


def test_a_database_that_nobody_answers_for_is_a_mistake_of_the_set_up(
    igny8: Igny8, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_DATABASE_URL", "postgresql+psycopg2://bob@127.0.0.1:1/x")
    assert_refused(igny8("init"), "can't be reached")


def test_sqlite_has_its_place_in_the_home(igny8: Igny8, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_DATABASE_URL", "sqlite:///other.db")
    assert_refused(igny8("init"), "IGNY8_HOME")


def test_a_home_that_is_a_file_is_refused(igny8: Igny8, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("IGNY8_HOME", str(tmp_path / "file"))
    assert_refused(igny8("init"), "IGNY8_HOME")


def test_a_database_file_that_is_none_is_refused(igny8: Igny8, home: Path) -> None:
    (home / "igny8.db").write_bytes(b"this is no database" * 100)
    assert_refused(igny8("site", "list"), "igny8.db")


def test_a_settings_file_in_another_encoding_is_refused(igny8: Igny8) -> None:
    Path(".env").write_bytes("IGNY8_PROVIDER=offline\n".encode("utf-16"))
    assert_refused(igny8("site", "list"), ".env")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("IGNY8_PROVIDR=openai\n", "IGNY8_PROVIDR"),
        ("# mine\nOTHER=1\nIGNY8_PROVIDER openai\n", "line 3"),
        ("OTHER\nIGNY8_PROVIDER\n", "line 2"),
        ("IGNY8_UI_PORT=high\n", "IGNY8_UI_PORT"),
    ],
)
def test_a_slip_in_the_settings_file_is_refused_instead_of_ignored(igny8: Igny8, text: str, says: str) -> None:
    Path(".env").write_text(text)
    assert_refused(igny8("site", "list"), says)


def test_the_settings_file_may_begin_with_a_byte_order_mark(igny8: Igny8, tmp_path: Path) -> None:
    Path(".env").write_bytes(b"\xef\xbb\xbfIGNY8_UI_PORT=70000\n")
    assert_refused(igny8("site", "list"), "IGNY8_UI_PORT")


def test_an_endless_lease_is_refused(igny8: Igny8, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_LEASE_SECONDS", "inf")
    assert_refused(igny8("site", "list"), "IGNY8_LEASE_SECONDS")


def test_a_site_of_ones_own_is_not_taken_for_the_sample(igny8: Igny8) -> None:
    igny8("init")
    igny8("site", "add", "demo", "--name", "My shop")
    assert_refused(igny8("demo"), "not the sample")
    assert igny8("history", "demo", "--json").json["runs"] == []
