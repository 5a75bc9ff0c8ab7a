"""What a site has of its own goes before the installation's settings."""

import re
from pathlib import Path

import pytest

from igny8_assets.errors import UserError
from igny8_assets.settings import Settings, load_settings
from igny8_assets.site_settings import for_site, site_folder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "everyones")
    monkeypatch.setenv("IGNY8_OPENAI_API_KEY", "sk-everyones")
    return Settings(home=tmp_path)


def write(settings: Settings, text: str, slug: str = "shop") -> Path:
    folder = site_folder(settings, slug)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "settings.env"
    path.write_text(text)
    return path


def test_without_a_file_the_installations_settings_hold(settings: Settings) -> None:
    assert for_site(settings, "shop") is settings


def test_a_sites_own_settings_go_first_and_the_others_stay(settings: Settings) -> None:
    write(
        settings,
        "# the client's own account\n"
        "IGNY8_PROVIDER=openai\n"
        "IGNY8_OPENAI_API_KEY='sk-shop'\n"
        'IGNY8_TEXT_MODELS={"generate_ideas": "dear"}\n'
        "IGNY8_AI_ATTEMPTS=2\n"
        "IGNY8_TEXT_TEMPERATURE=\n",
    )
    own = for_site(settings, "shop")
    assert own.openai_api_key is not None
    assert own.openai_api_key.get_secret_value() == "sk-shop"
    assert (own.provider, own.text_models, own.ai_attempts) == ("openai", {"generate_ideas": "dear"}, 2)
    assert (own.text_model, own.home, own.text_temperature) == ("everyones", settings.home, None)
    assert for_site(settings, "other") is settings


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("IGNY8_HOME=/tmp", "IGNY8_HOME is not a setting that a site may have"),
        ("TEXT_MODEL=x", "TEXT_MODEL is not a setting"),
        ("IGNY8_AI_ATTEMPTS=many", "IGNY8_AI_ATTEMPTS has to be a whole number"),
        ("IGNY8_TEXT_MODELS=gpt", "IGNY8_TEXT_MODELS has to be a JSON object, written in { }"),
        ("IGNY8_TEXT_MODELS=" + "[" * 100_000, "IGNY8_TEXT_MODELS has to be a JSON object"),
        ('IGNY8_TEXT_MODELS={"generate_ideas": 1}', "`generate_ideas` of IGNY8_TEXT_MODELS has to be a text"),
        ("IGNY8_IMAGE_SIZE=large", "IGNY8_IMAGE_SIZE has to be a width and a height in pixels, written like 1536x1024"),
        ("IGNY8_TEXT_TEMPERATURE=9", "IGNY8_TEXT_TEMPERATURE has to be at most 2"),
        ("IGNY8_OPENAI_API_KEY=sk-secret\nIGNY8_PROVIDER=sk-secret", "IGNY8_PROVIDER has to be 'offline' or 'openai'"),
        ("# mine\nIGNY8_PROVIDER openai", "line 2 of"),
        ("\nIGNY8_PROVIDER", "line 2 of"),
        ("IGNY8_TEXT_MODEL=", "IGNY8_TEXT_MODEL has no value; write IGNY8_TEXT_MODEL=value"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_without_a_secret(settings: Settings, line: str, complaint: str) -> None:
    path = write(settings, line + "\n")
    with pytest.raises(UserError, match=re.escape(complaint)) as told:
        for_site(settings, "shop")
    assert str(path) in str(told.value)
    assert "sk-secret" not in str(told.value)


def test_nothing_is_printed_about_a_line_that_can_not_be_read(
    settings: Settings, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    write(settings, "what is this?\n")
    with pytest.raises(UserError, match="line 1 of"):
        for_site(settings, "shop")
    captured = capsys.readouterr()
    assert (captured.out, captured.err, caplog.text) == ("", "", "")


def test_a_folder_in_the_place_of_the_file_is_refused(settings: Settings) -> None:
    (site_folder(settings, "shop") / "settings.env").mkdir(parents=True)
    with pytest.raises(UserError, match="is a folder; it has to be a file"):
        for_site(settings, "shop")


def test_a_name_without_a_value_says_none_where_that_may_be(settings: Settings) -> None:
    warm = settings.model_copy(update={"text_temperature": 1.5, "embedding_model": "ours", "prices": Path("p.yaml")})
    write(settings, "IGNY8_TEXT_TEMPERATURE=\nIGNY8_EMBEDDING_MODEL=\nIGNY8_PRICES=\nIGNY8_OPENAI_API_KEY=\n")
    own = for_site(warm, "shop")
    assert (own.text_temperature, own.embedding_model, own.prices, own.openai_api_key) == (None, None, None, None)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("https://api.openai.com/v2", True),
        ("https://API.openai.com:443/v1", True),
        ("http://api.openai.com/v1", False),
        ("https://api.openai.com:8443/v1", False),
        ("https://api.openai.com.evil.example/v1", False),
        ("https://models.example/v1", False),
        ("https://[::1", False),
    ],
)
def test_the_installations_key_goes_to_the_installations_service_alone(
    settings: Settings, address: str, sent: bool
) -> None:
    write(settings, f"IGNY8_OPENAI_BASE_URL={address}\n")
    own = for_site(settings, "shop")
    assert (own.openai_api_key is not None) == sent
    write(settings, f"IGNY8_OPENAI_BASE_URL={address}\nIGNY8_OPENAI_API_KEY=sk-shop\n")
    own = for_site(settings, "shop")
    assert own.openai_api_key is not None
    assert own.openai_api_key.get_secret_value() == "sk-shop"


def test_a_setting_of_the_installation_without_a_value_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_TEXT_TEMPERATURE", "")
    (tmp_path / ".env").write_text('IGNY8_TEXT_MAX_TOKENS=\nIGNY8_TEXT_MODELS={"generate_ideas": "dear"}\n')
    settings = load_settings()
    assert (settings.text_temperature, settings.text_max_tokens) == (None, None)
    assert settings.text_models == {"generate_ideas": "dear"}


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("IGNY8_TEXT_MODELS", "gpt", "IGNY8_TEXT_MODELS has to be a JSON object, written in { }; mend it in the"),
        ("IGNY8_IMAGE_SIZE", "large", "IGNY8_IMAGE_SIZE has to be a width and a height in pixels"),
        ("IGNY8_UI_PORT", "70000", "IGNY8_UI_PORT has to be at most 65535"),
        ("IGNY8_LEASE_SECONDS", "inf", "IGNY8_LEASE_SECONDS has to be a number that is not infinite"),
        ("IGNY8_PROVIDER", "gpt", "IGNY8_PROVIDER has to be 'offline' or 'openai'"),
    ],
)
def test_a_wrong_setting_of_the_installation_is_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError) as told:
        load_settings()
    assert complaint in str(told.value)
