"""A "no" in words: why, what to do, and when it would be a yes."""

from datetime import datetime, timedelta

from rules.wording.texts import say

from .context import Turn


def refusal(turn: Turn, code: str, again_at: datetime | None = None) -> str:
    """The sentence of a refusal's code, with the moment from which it would be taken."""
    return say(
        turn.lang,
        f"refusal.{code}",
        visit=turn.programme.shop.visit_word,
        points=turn.programme.points.name.in_(turn.lang),
        again=moment(turn, again_at) if again_at else "",
    )


def moment(turn: Turn, at: datetime) -> str:
    """A moment to come as people say it, on the shop's clock: 「あす4:00から」."""
    here, there = turn.programme.shop.local(turn.now), turn.programme.shop.local(at)
    days = {here.date(): "today", here.date() + timedelta(days=1): "tomorrow"}
    which = days.get(there.date(), "later")
    return say(turn.lang, f"again.{which}", day=there.date(), time=there.time())
