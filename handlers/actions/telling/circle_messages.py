"""What is queued to be said of the inner circle."""

from typing import Literal

from .say_kind import SayKind


class SayCircleInvite(SayKind):
    """The shop would like to have them in its circle."""

    kind: Literal["circle_invite"] = "circle_invite"
