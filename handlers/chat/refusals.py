"""A "no" as the chat says it."""

from datetime import datetime

from rules.wording.refusals import Circumstances, refusal_text

from .context import Turn


def refusal(turn: Turn, code: str, again_at: datetime | None = None) -> str:
    """Why, what to do, and where that is known when it would be a yes."""
    about = Circumstances(now=turn.now, again_at=again_at)
    return refusal_text(turn.words, code, "member", about).whole
