"""What can go wrong when LINE is asked for something."""

from collections.abc import Sequence
from typing import ClassVar

from ..errors import KayoiError


class LineError(KayoiError):
    """LINE did not do what it was asked."""

    #: The same request will never succeed: don't repeat it.
    permanent: ClassVar[bool] = False
    #: The word for metrics.
    outcome: ClassVar[str] = "error"

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        details: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message)
        #: LINE's HTTP status; None if there was no answer.
        self.status = status
        #: LINE's (property, message) pairs; they name fields, never contents.
        self.details = tuple(details)

    def __str__(self) -> str:
        told = super().__str__()
        if self.status is not None:
            told = f"{told} (HTTP {self.status})"
        return told + "".join(f"; {where}: {what}" for where, what in self.details)


class ReplyTokenInvalid(LineError):
    """The reply token was used before or is too old."""

    permanent = True
    outcome = "reply_token_invalid"


class RateLimited(LineError):
    """Too many requests at once: wait, then repeat with the same retry key."""

    outcome = "rate_limited"


class MonthlyLimitReached(LineError):
    """The month's messages are used up: hold until the plan or the month changes."""

    outcome = "monthly_limit"


class LineRejected(LineError):
    """LINE refuses the request as it is."""

    permanent = True
    outcome = "rejected"


class InvalidMessages(LineRejected):
    """A message of ours is not one that LINE knows; it was not sent."""

    outcome = "invalid"


class LineUnavailable(LineError):
    """LINE could not be reached, took too long or had trouble of its own.

    `maybe_done` is False only where the request certainly never left: then even a reply may be
    tried again.
    """

    outcome = "unavailable"

    def __init__(
        self, message: str = "", *, status: int | None = None, maybe_done: bool = True
    ) -> None:
        super().__init__(message, status=status)
        self.maybe_done = maybe_done
