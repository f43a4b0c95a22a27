"""What is owed in points, as the first page has it."""

from dataclasses import dataclass

from bot.store import UnitOfWork
from bot.store.figures import reading, week
from handlers.showing.monday import WeekAsked
from rules.figures.definitions import Summed
from rules.figures.periods import DaySpan
from rules.figures.sums import ALL
from rules.programme.rewards import worth_yen
from rules.wording.texts import long_date

from ...staff.frame.words import words_now

_KEPT = "outstanding"


@dataclass(frozen=True, slots=True)
class Owed:
    """The points that members have, what they are worth, and when the first of them run out."""

    yen: str
    points: str
    ends: str


def owed(uow: UnitOfWork, asked: WeekAsked) -> Owed:
    """As of this moment: what is owed has no yesterday."""
    words, today = words_now(), DaySpan(asked.day, asked.day)
    sums = reading.sums(uow, frozenset({_KEPT}), today, store=ALL, rank=ALL)
    points = sums.term(Summed(_KEPT, "level"), today)
    yen = worth_yen(asked.programme.rewards, points)
    ends = week.next_expiry(uow, asked.day)
    return Owed(
        words.say("owner.figures.unit.yen", count=f"{yen:,}"),
        words.amount(points),
        words.say("owner.monday.owed_ends", day=long_date(words.lang, ends))
        if ends
        else words.say("owner.monday.owed_stays"),
    )
