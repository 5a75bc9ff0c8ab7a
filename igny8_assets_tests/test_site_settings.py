"""What a site has of its own goes before the installation's settings."""

from pathlib import Path

import pytest

from igny8_assets.errors import UserError
from igny8_assets.settings import Settings
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
        ("IGNY8_AI_ATTEMPTS=many", "IGNY8_AI_ATTEMPTS: "),
        ("IGNY8_TEXT_MODELS=gpt", "IGNY8_TEXT_MODELS: "),
        ("IGNY8_OPENAI_API_KEY=sk-secret\nIGNY8_PROVIDER=sk-secret", "IGNY8_PROVIDER: "),
    ],
)
def test_a_mistake_is_told_with_its_place_and_without_a_secret(settings: Settings, line: str, complaint: str) -> None:
    path = write(settings, line + "\n")
    with pytest.raises(UserError, match=complaint) as told:
        for_site(settings, "shop")
    assert str(path) in str(told.value)
    assert "sk-secret" not in str(told.value)
