"""The facts of the site that the demo sets up."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True)
class DemoSite:
    """An invented shop for coffee gear; `colours` are two CSS hex colours, background first."""

    slug: str = "demo"
    name: str = "Copper Kettle"
    domain: str = "copper-kettle.example"
    language: str = "en"
    country: str = "us"
    time_zone: str = "America/New_York"
    brand_voice: str = (
        "Warm and practical, like a barista who explains one thing at a time. Plain words, short sentences, exact "
        "grams and minutes. Honest about what a cheaper tool does just as well."
    )
    colours: tuple[str, str] = ("#FBF3E9", "#6B2F14")

    @property
    def keywords_file(self) -> "Traversable":
        """The keyword export of the shop, inside the package; open it, or use `importlib.resources.as_file`."""
        from importlib.resources import files

        return files("igny8_assets.sample") / "coffee_shop_keywords.csv"


DEMO_SITE = DemoSite()
