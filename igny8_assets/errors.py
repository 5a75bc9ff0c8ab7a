"""The errors that a user sees as one line."""


class UserError(Exception):
    """A mistake that the user can mend; its message says what, where and how, on one line.

    `code` is a stable word for programs; the command line exits with 2, HTTP answers `status`.
    """

    def __init__(self, message: str, *, code: str = "invalid", status: int = 400) -> None:
        super().__init__(" ".join(message.split()))
        self.code = code
        self.status = status


class SettingRefused(UserError):
    """A value that a setting can't have: its field's name, the value as it was given, and what it has to be."""

    def __init__(self, field: str, value: str, complaint: str) -> None:
        super().__init__(f"{field}={value} is not allowed; it {complaint}")
        self.field, self.value, self.complaint = field, value, complaint


class NotFound(UserError):
    """Something was named that does not exist."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_found", status=404)


class Refusal(UserError):
    """The one door does not let a run in; `code` says why."""

    def __init__(self, message: str, *, code: str, status: int = 409) -> None:
        super().__init__(message, code=code, status=status)
