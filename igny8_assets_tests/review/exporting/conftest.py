"""A text with two pictures in a library, ready to be exported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from igny8_assets.media.library import ImageLibrary
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, Site
from igny8_assets_tests.factories import make_content, make_site


@pytest.fixture
def library(tmp_path: Path) -> ImageLibrary:
    """An empty image library in a folder."""
    return ImageLibrary(str(tmp_path / "library"))


@pytest.fixture
def site_and_text(store: Store, library: ImageLibrary) -> Iterator[tuple[Site, Content]]:
    """A site and one of its texts, whose pictures are files in the library."""
    with store.write() as session:
        site = make_site(session, name="Coffee & Co")
        content = make_content(session, site, images=2, slug="how-to-descale", provenance={"note": "made offline"})
        for image in content.images:
            image.location = library.put(image.name or "", b"RIFF picture " + image.role.encode())
        yield site, content
