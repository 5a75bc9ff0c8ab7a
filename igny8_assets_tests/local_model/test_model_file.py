"""The name of the packaged model, and that of a file."""

from pathlib import Path

from igny8_assets.ai.prices import Usage, load_prices
from igny8_assets.local_model.model_file import PACKAGED_NAME, find_model


def test_the_packaged_model_is_free_under_the_name_by_which_it_is_asked() -> None:
    price = load_prices(None).price_of(PACKAGED_NAME)
    assert price is not None
    assert price.cost(Usage(1_000_000, 1_000_000)) == 0


def test_a_file_is_asked_for_by_its_name_without_ending(tmp_path: Path) -> None:
    path = tmp_path / "My-model.Q4_1.gguf"
    path.write_bytes(b"GGUF")
    found = find_model(path)
    assert (found.path, found.name) == (path, "My-model.Q4_1")
