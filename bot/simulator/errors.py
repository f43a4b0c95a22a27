"""What the platform, its chat and its page refuse."""


class SimulatorError(Exception):
    """The platform refuses what it was asked."""


class InvalidReplyToken(SimulatorError):
    """The reply token is unknown, used, or too old."""


class PlanUsedUp(SimulatorError):
    """The month's messages don't suffice for so many recipients."""


class AlreadyAccepted(SimulatorError):
    """A request with this retry key was accepted before; `sent` is None for a multicast."""

    def __init__(self, request_id: str, sent: list[dict[str, str]] | None) -> None:
        super().__init__(request_id)
        self.request_id = request_id
        self.sent = sent


class TooManyAliases(SimulatorError):
    """There are as many as LINE allows."""


class NotPossible(SimulatorError):
    """This customer can't do that now; the text says why."""


class PageRefusal(SimulatorError):
    """The page asked for something it can't have; the text is shown to the person."""
