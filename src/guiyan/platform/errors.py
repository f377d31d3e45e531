"""The four ways in which Guiyan says no; each carries words for the person who asked."""

from guiyan.kernel.findings import Refusal as Refusal  # its home; rules may stand without Django
from guiyan.platform.wording import Values, said


class Refused(Exception):
    """A rule stands against the wish; nothing was written."""

    def __init__(self, code: str, message: str, values: Values | None = None) -> None:
        super().__init__(message)
        self.refusal = Refusal(code, message)
        self.values = values

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def message(self) -> str:
        """In the reader's language: rules give constant texts, and %(names)s are filled in here."""
        return said(self.refusal.message, self.values)


class NotFound(Exception):
    """There is no such thing, or it lies outside the actor's scope; the two look the same."""


class Forbidden(Exception):
    """The actor sees the thing but does not hold the permission for this act."""


class Conflict(Exception):
    """The same key came with another body, or somebody else changed the record first."""


def refuse(refusal: Refusal | None) -> None:
    """Raise Refused when a rule has given a reason against; do nothing otherwise."""
    if refusal is not None:
        raise Refused(refusal.code, refusal.message)


class ComeLater(Exception):
    """Too many at once: this caller is told after how many seconds to come again."""

    def __init__(self, retry_s: int) -> None:
        super().__init__(retry_s)
        self.retry_s = retry_s
