"""What is queued to be said of an issue of the newsletter."""

from typing import Literal

from rules.base import LocalText

from .say_kind import SayKind


class _SayOfIssue(SayKind):
    """An issue, by its id: what it is called, and what is said of it."""

    issue: str
    title: LocalText
    lead: LocalText
    #: Width and height of its picture, "1024:682"; empty for none.
    picture: str = ""


class SayNewsletter(_SayOfIssue):
    """To who asked for it."""

    kind: Literal["newsletter"] = "newsletter"


class SayNewsletterTrial(_SayOfIssue):
    """To somebody of the shop who tries it on themselves."""

    kind: Literal["newsletter_trial"] = "newsletter_trial"
