from pathlib import Path

import pytest

from igny8_assets.errors import UserError
from igny8_assets.media.errors import MediaError
from igny8_assets.media.library import ImageLibrary

NAME = "demo/how-to-descale-12-featured.webp"


@pytest.fixture(params=["folder", "file URL", "memory"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> ImageLibrary:
    folder = tmp_path / "größe & co" / "images"
    return ImageLibrary({"folder": str(folder), "file URL": folder.as_uri(), "memory": "memory://"}[request.param])


def test_what_is_put_is_got(library: ImageLibrary) -> None:
    library.put(NAME, b"bytes")

    assert library.get(NAME) == b"bytes"


def test_an_image_exists_once_it_is_put(library: ImageLibrary) -> None:
    before = library.exists(NAME)
    library.put(NAME, b"bytes")

    assert (before, library.exists(NAME)) == (False, True)


def test_putting_again_replaces_and_says_the_same_place(library: ImageLibrary) -> None:
    places = {library.put(NAME, data) for data in (b"one", b"one", b"two")}

    assert places == {library.location(NAME)}
    assert library.get(NAME) == b"two"


def test_a_missing_image_is_an_error_that_names_it(library: ImageLibrary) -> None:
    with pytest.raises(MediaError, match=NAME) as caught:
        library.get(NAME)

    assert len(str(caught.value).splitlines()) == 1


def test_the_location_of_a_file_is_its_path(tmp_path: Path) -> None:
    place = ImageLibrary(f"{tmp_path}/images/").put(NAME, b"bytes")

    assert place == str(tmp_path / "images" / NAME)
    assert Path(place).read_bytes() == b"bytes"


def test_a_relative_folder_gives_an_absolute_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert ImageLibrary("images").location(NAME) == str(tmp_path / "images" / NAME)


def test_nothing_but_the_image_is_left_in_the_folder(tmp_path: Path) -> None:
    ImageLibrary(str(tmp_path)).put(NAME, b"bytes")

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [NAME.split("/")[1]]


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("s3://bucket/images/", f"s3://bucket/images/{NAME}"),
        ("gs://bucket", f"gs://bucket/{NAME}"),
        ("memory://", f"memory://{NAME}"),
        ("memory:///", f"memory://{NAME}"),
    ],
)
def test_the_location_in_a_bucket_is_its_url(url: str, location: str) -> None:
    assert ImageLibrary(url).location(NAME) == location


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../a.webp", "a/../b.webp", "a//b", "a\\b", "a b", "a/", ".hidden", "a\n", "ä.webp"]
)
def test_a_name_that_could_lead_elsewhere_is_refused(library: ImageLibrary, name: str) -> None:
    for use in (library.get, library.exists, library.location, lambda refused: library.put(refused, b"")):
        with pytest.raises(MediaError, match="no image name"):
            use(name)


@pytest.mark.parametrize("url", ["http://example.com/images", "ftp://example.com", "", "file://"])
def test_a_place_of_another_kind_is_refused_with_the_setting_to_mend(url: str) -> None:
    with pytest.raises(UserError, match="IGNY8_IMAGES_URL"):
        ImageLibrary(url)


def test_a_folder_that_can_not_be_made_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(MediaError) as caught:
        ImageLibrary(str(tmp_path / "file" / "images")).put(NAME, b"bytes")

    assert len(str(caught.value).splitlines()) == 1


def test_a_password_in_the_url_is_not_in_the_message() -> None:
    with pytest.raises(MediaError) as caught:
        ImageLibrary("az://user:secret@account/container").put(NAME, b"bytes")

    assert "secret" not in str(caught.value)
