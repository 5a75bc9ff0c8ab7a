"""What goes wrong with images."""

from igny8_assets.errors import UserError


class MediaError(UserError):
    """An image can't be read, drawn, stored or fetched; the message says which and why, on one line."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="media", status=500)
