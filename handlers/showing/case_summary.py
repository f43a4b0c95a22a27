"""What the cases of the last days are about, for whoever asks: a page, a command."""

from datetime import timedelta

from bot.store.heard import cases
from rules.heard.summary import CaseTimes, ReasonSummary, sum_up

from ..club import Club


def summary_of(club: Club, *, days: int) -> list[ReasonSummary]:
    """The cases opened in the last `days`, by reason."""
    now = club.now()
    with club.store.read() as uow:
        found = cases.opened(uow, since=now - timedelta(days=days), until=now + timedelta(days=1))
    return sum_up(
        CaseTimes(
            case.reason,
            case.state,
            case.opened_at,
            case.answered_at,
            case.is_overdue(now),
            case.helped,
        )
        for case in found
    )
