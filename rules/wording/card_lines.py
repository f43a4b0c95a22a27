"""What stands below the card's picture and isn't on it: the month's stamps, the streak, the gift
that ends first."""

from dataclasses import dataclass
from datetime import date

from ..facts import Facts
from ..outlook.next_step import NextStep, month_visits
from ..programme.programme import Programme
from ..programme.ranks import CalendarMonth
from ..programme.rewards import NOTHING_WITHHELD, Withheld
from ..programme.streaks import state_of
from .reward_views import promised_views, voucher_views
from .words import Words


@dataclass(frozen=True, slots=True)
class Stamps:
    """The visits of the month."""

    had: int
    #: Places for them, if a rank asks for so many a month: those of the step that the card names.
    places: int


@dataclass(frozen=True, slots=True)
class CardLine:
    """One thing, and small print below it."""

    icon: str
    text: str
    note: str = ""


def stamps(programme: Programme, facts: Facts, step: NextStep, day: date) -> Stamps:
    had, ladder = month_visits(facts, day), programme.ranks
    if ladder is None or ladder.measure != "visits":
        return Stamps(had, had)
    held, above = ladder.get(facts.rank.id), ladder.above(facts.rank.id)
    goal = held if step.kind == "keep_rank" or above is None else above
    monthly = isinstance(ladder.window, CalendarMonth)
    return Stamps(had, max(had, goal.at) if goal and monthly else had)


def streak_line(words: Words, facts: Facts, day: date) -> CardLine | None:
    """The longest run of weeks, and how many weeks off are left, if any; None below two weeks."""
    running = [(state_of(each, facts, day), each) for each in words.programme.streaks]
    state, streak = max(running, key=lambda each: each[0].weeks, default=(None, None))
    if state is None or streak is None or state.weeks < 2:
        return None
    name = words.name(streak.name)
    left = words.say("card.line.freezes", count=state.freezes) if state.freezes else ""
    return CardLine("🔥", words.say("card.line.streak", name=name, count=state.weeks), left)


def gift_line(
    words: Words,
    facts: Facts,
    step: NextStep,
    day: date,
    withheld: Withheld = NOTHING_WITHHELD,
) -> CardLine | None:
    """The gift that ends first, in hand or promised, but for the one that `step` names; None
    without one."""
    programme, lang = words.programme, words.lang
    held = voucher_views(programme, facts, day=day, lang=lang, withheld=withheld)
    promised = promised_views(programme, facts, day=day, lang=lang)
    named = step.target if step.kind == "voucher" else None
    found = [
        *((each.until, each.reward, each.name) for each in held if not each.missing),
        *((each.until, "", each.gift) for each in promised),
    ]
    gifts = [gift for gift in found if gift[1] != named]
    if not gifts:
        return None
    until, reward, name = min(gifts)
    key = "card.line.gift" if reward else "card.line.promised"
    more = words.say("card.line.more", count=len(gifts) - 1) if len(gifts) > 1 else ""
    return CardLine("🎁", name, words.say(key, until=until) + more)
