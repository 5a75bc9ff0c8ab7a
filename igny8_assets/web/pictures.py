"""A picture as a browser takes it: the API and the page send the same."""

from fastapi import Response

from igny8_assets.errors import NotFound
from igny8_assets.settings import Settings
from igny8_assets.store.models import Image, ImageStatus

OTHER = "application/octet-stream"
KINDS = {"webp": "image/webp", "png": "image/png", "jpeg": "image/jpeg"}
"""What a picture may be; anything else is sent as bytes that no browser shows."""


def picture_of(image: Image, settings: Settings, *, seen: str | None = None) -> Response:
    """The answer that sends a picture, or says that the browser has it.

    Args:
        seen: the ETag of the picture that the browser has.

    Raises:
        NotFound: it is not made yet, or our copy is gone.
    """
    from igny8_assets.media.errors import MediaError
    from igny8_assets.media.library import ImageLibrary

    if image.status != ImageStatus.GENERATED or image.name is None:
        raise NotFound(f"image {image.id} is {image.status.value}; there is no picture of it")
    headers = {"ETag": f'"{image.sha256}"', "Cache-Control": "private, no-cache"}
    if seen == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    library = ImageLibrary(settings.images)
    try:
        data = library.get(image.name)
    except MediaError:
        if library.exists(image.name):
            raise
        raise NotFound(f"the picture of image {image.id} is not in the library any more; have it made again") from None
    return Response(data, headers=headers, media_type=KINDS.get(image.format or "", OTHER))
