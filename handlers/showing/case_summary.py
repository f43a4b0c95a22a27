"""What the cases of the last days are about, for whoever asks: a page, a command."""

from datetime import timedelta

from bot.store.heard import counting
from bot.store.heard.counting import HeardSpan
from rules.heard.cases import CaseReason
from rules.heard.summary import CaseSummary, sum_up

from ..club import Club


def summary_of(club: Club, *, days: int) -> list[tuple[CaseReason, CaseSummary]]:
    """The cases opened in the last `days`, by reason."""
    now = club.now()
    span = HeardSpan(now - timedelta(days=days), now + timedelta(days=1))
    with club.store.read() as uow:
        found = counting.case_times(uow, span, now)
    return sum_up(found)
