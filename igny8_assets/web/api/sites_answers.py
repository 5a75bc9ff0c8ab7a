"""What the operations about sites take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from igny8_assets.automation.sites import LONGEST_VOICE
from igny8_assets.store.models import Site, SiteStatus
from igny8_assets.web.shapes import SLUG_PATTERN, Body, Kept

Name = Annotated[str, Kept, Field(min_length=1, max_length=120, examples=["My shop"])]
Domain = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$", examples=["www.example.com"])]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", examples=["en"])]
Country = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="Market of keywords without one.", examples=["us"])]
TimeZone = Annotated[str, Kept, Field(min_length=1, max_length=64, examples=["Europe/Berlin"])]
Prose = Annotated[str, Kept, Field(max_length=LONGEST_VOICE, examples=["friendly, never pushy"])]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#14323f"])]
Images = Annotated[int, Field(ge=0, le=9, description="Pictures per text beside the featured one.")]


class SiteChanges(Body):
    """What to change of a site; what is not named, or null, stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "My shop", "in_article_images": 1}]})

    name: Name | None = None
    domain: Domain | None = None
    language: Language | None = None
    country: Country | None = None
    time_zone: TimeZone | None = None
    brand_voice: Prose | None = None
    image_style: Prose | None = None
    colour_background: Colour | None = None
    colour_accent: Colour | None = None
    in_article_images: Images | None = None


class SiteToAdd(SiteChanges):
    """A site to add; what is not named has the product's default."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"slug": "my-shop", "domain": "www.example.com"}]})

    slug: Annotated[str, Field(pattern=SLUG_PATTERN, examples=["my-shop"])]


class SiteFacts(BaseModel):
    """All that is known of a site."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    name: str
    domain: str
    language: str
    country: str
    time_zone: str
    brand_voice: str
    image_style: str
    colour_background: str
    colour_accent: str
    in_article_images: int
    status: SiteStatus
    created_at: datetime

    @classmethod
    def of(cls, site: Site) -> "SiteFacts":
        """The facts of a row."""
        return cls.model_validate(site)
