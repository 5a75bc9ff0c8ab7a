"""What the operations about images take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from igny8_assets.review.image_prompts import LONGEST
from igny8_assets.store.models import Image, ImageStatus
from igny8_assets.web.shapes import Body, Kept


class ImageChanges(Body):
    """What to change of an image; what is not named, or null, stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"alt_text": "A coffee grinder beside a cup"}]})

    prompt: Annotated[str, Kept, Field(min_length=1, max_length=LONGEST["prompt"])] | None = None
    alt_text: Annotated[str, Kept, Field(min_length=1, max_length=LONGEST["alt_text"])] | None = None


class ImageFacts(BaseModel):
    """A picture of a text."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    content_id: int
    role: str = Field(examples=["featured"])
    status: ImageStatus
    prompt: str
    alt_text: str
    caption: str
    name: str | None = Field(description="Its name in the image library.")
    width: int | None
    height: int | None
    format: str | None
    provider: str | None
    sha256: str | None
    attempt: int
    failure_reason: str | None
    run_id: str | None
    created_at: datetime

    @classmethod
    def of(cls, image: Image) -> "ImageFacts":
        """The facts of a row."""
        return cls.model_validate(image)
