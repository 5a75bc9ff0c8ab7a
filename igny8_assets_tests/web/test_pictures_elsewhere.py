"""Pictures from elsewhere in a text, as the review shows them."""

import pytest

from igny8_assets.quality.sanitising import sanitise
from igny8_assets.web.pages.pictures_elsewhere import told


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<p>a<img src="https://x.test/b.png?c=1&d" alt="e > f">g</p>',
         '<p>a<span class="note">[Elsewhere: https://x.test/b.png?c=1&amp;d]</span>g</p>'),
        ("<p><img alt='\"' src='https://x.test/%3Cb%3E.png'></p>",
         '<p><span class="note">[Elsewhere: https://x.test/%3Cb%3E.png]</span></p>'),
        ("<img src='data:image/png,x'>", '<span class="note">[Elsewhere: ]</span>'),
        ("<p>&lt;img src=&quot;a&quot;&gt;</p>", '<p>&lt;img src="a"&gt;</p>'),
    ],
)  # fmt: skip
def test_each_is_told_by_its_address(written: str, shown: str) -> None:
    assert told(sanitise(written), "Elsewhere:") == shown
