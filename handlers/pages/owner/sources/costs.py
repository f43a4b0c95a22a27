"""What it all costs: a period's costs, what is owed and likely to be used, what one more visitor
costs in messages, friends brought, and what was sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask.typing import ResponseReturnValue

from bot.store.figures import costs, keeping
from handlers.showing.journey_counts import kept_results
from handlers.showing.tables import Cell
from rules.explaining.cost_words import (
    AheadLine,
    ahead_line,
    point_rate,
    point_yen,
    roughly,
    visitor_cost,
    yen,
    yen_range,
)
from rules.explaining.explain_journeys import journey_name
from rules.explaining.figure_words import day_word, span_line
from rules.figures.sources import EARLY_DAYS
from rules.outlook.ahead import AHEAD_DAYS
from rules.wording.explain_points import points_sentences
from rules.wording.words import Words

from ...current import current_club, current_programme
from ...staff.frame.access import owner_page
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import period_select
from ..frame.files import table_file
from .costing import AheadCosts, PeriodCosts, ahead_costs, costs_so_far, friend_costs, period_costs
from .results import period_asked, today

layout.place(68, "owner.costs")

#: What a period cost, in this order.
_PAID = ("advertising", "points", "vouchers", "perks", "messages", "whole")


@dataclass(frozen=True, slots=True)
class CostLine:
    """A row of what a period cost."""

    id: str
    name: str
    means: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class MessageLine:
    """What one kind of message sent in the period."""

    name: str
    sent: int
    before: int | None
    yen: str


@dataclass(frozen=True, slots=True)
class OwedLine:
    """What members have in hand, of one kind."""

    id: str
    name: str
    count: str
    yen: str


@pages.get("/costs", endpoint="costs")
@owner_page
def show_costs() -> ResponseReturnValue:
    words, of, programme = words_now(), period_asked(), current_programme()
    with current_club().store.read() as uow:
        now = costs_so_far(uow, programme, of)
        before = period_costs(uow, programme, of.before)
        ahead = ahead_costs(uow, programme, today())
        friends = friend_costs(uow, programme, of.whole)
        kept = kept_results(uow, programme)
        sent = costs.messages_sent(uow, of.whole)
        sent_before = costs.messages_sent(uow, of.before) if before else None
        is_behind = keeping.is_behind(uow)
        counted_until = costs.last_day_counted(uow)
    results = [each for each in kept.results.journeys if each.whole and each.counted.first_at]
    return layout.page(
        "costs",
        of=of,
        selects=(period_select(of),),
        span=span_line(words, of.whole),
        before=span_line(words, of.before) if before else "",
        is_behind=is_behind,
        lines=list(_lines(words, now, before)),
        whole=yen(words, now.whole),
        per_visit=yen(words, now.per_visit),
        share=_percent(now.share),
        ahead=_ahead(words, ahead),
        together=_whole(words, ahead),
        ahead_yen=_likely(words, ahead),
        birthdays=_birthdays(words, ahead),
        owed=list(_owed(words, ahead)),
        owed_how=_owed_how(words, ahead),
        owed_yen=yen(words, ahead.points_yen),
        rate=point_rate(words),
        expiry=list(points_sentences(words)),
        counted_on=day_word(words, ahead.counted_on) if ahead.counted_on else "",
        days=AHEAD_DAYS,
        early_days=EARLY_DAYS,
        message_yen=f"{programme.sending.message_yen:g}",
        visitor=visitor_cost(words, kept.results.together),
        journeys=[
            (journey_name(words, each.journey.id), each.journey.id, visitor_cost(words, each.whole))
            for each in results
        ],
        friends=friends,
        friends_yen=yen(words, friends.yen),
        sent=list(_sent(words, sent, sent_before)),
        sent_until=_sent_until(words, counted_until),
    )


@pages.get("/costs/table.csv", endpoint="costs_file")
@owner_page
def costs_file() -> ResponseReturnValue:
    """What the period cost, what is ahead, and what was sent, a row each."""
    words, of, programme = words_now(), period_asked(), current_programme()
    with current_club().store.read() as uow:
        now = costs_so_far(uow, programme, of)
        before = period_costs(uow, programme, of.before)
        ahead = ahead_costs(uow, programme, today())
        sent = costs.messages_sent(uow, of.whole)

    def head(*names: str) -> list[str]:
        return [words.say(f"owner.costs.head.{each}") for each in names]

    rows: list[Sequence[Cell]] = []
    for name in _told(now):
        was = getattr(before, name) if before else None
        rows.append((words.say(f"owner.costs.paid.{name}.name"), getattr(now, name), was))
    rows.append(head("ahead", "likely", "low", "high", "most"))
    for each in (*ahead.parts, ahead.whole):
        name = words.say(f"owner.costs.ahead.{each.id}.name")
        if each.is_part:
            name = words.say("owner.costs.is_part", name=name)
        rows.append((name, each.likely, each.low, each.high, each.most))
    rows.append(head("message", "sent"))
    rows += [(line.name, line.sent) for line in _sent(words, sent, None)]
    return table_file(f"costs-{of.name}", head("cost", "now", "before"), rows)


def _lines(words: Words, now: PeriodCosts, before: PeriodCosts | None) -> Iterator[CostLine]:
    for name in _told(now):
        yield CostLine(
            name,
            words.say(f"owner.costs.paid.{name}.name"),
            words.say(f"owner.costs.paid.{name}.means", days=AHEAD_DAYS),
            yen(words, getattr(now, name)),
            yen(words, getattr(before, name)) if before else "",
        )


def _told(now: PeriodCosts) -> list[str]:
    """What is a row: lower prices only where there are any."""
    return [name for name in _PAID if name != "perks" or now.perks is not None]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:,.1f}"


def _ahead(words: Words, ahead: AheadCosts) -> list[AheadLine]:
    counted = {
        "vouchers": ahead.vouchers,
        "ends_soon": ahead.ends_soon,
        "amount": words.amount(ahead.points),
    }
    own = [each for each in ahead.parts if not each.is_part]
    return [ahead_line(words, each, **counted) for each in (*own, ahead.whole)]


def _birthdays(words: Words, ahead: AheadCosts) -> str:
    """What birthdays take of that: no row, as it stands in others; nothing where it is nothing."""
    most = next((each.most for each in ahead.parts if each.id == "birthdays"), None)
    if not most:
        return ""
    told = {"count": ahead.birthdays, "yen": yen(words, most)}
    return words.say("owner.costs.ahead.birthdays.means", **told)


def _owed(words: Words, ahead: AheadCosts) -> Iterator[OwedLine]:
    """What members have in hand, and all of it."""
    in_hand = ahead.vouchers_yen
    amounts = {
        "points": (words.amount(ahead.points), ahead.points_yen),
        "vouchers": (words.say("owner.costs.sheets", count=ahead.vouchers), in_hand),
        "all": ("", ahead.points_yen + in_hand),
    }
    for name, (count, worth) in amounts.items():
        yield OwedLine(name, words.say(f"owner.costs.owed.{name}"), count, yen(words, worth))


def _owed_how(words: Words, ahead: AheadCosts) -> str:
    """How many points that is, and at how much a point."""
    told = {"amount": words.amount(ahead.points), "yen": point_yen(words)}
    return words.say("owner.costs.tile.owed_how", **told)


def _likely(words: Words, ahead: AheadCosts) -> str:
    """What all of it is likely to come to; what can't be told is said so."""
    if ahead.whole.likely is None:
        return words.say("owner.costs.cannot_tell")
    return words.say("owner.costs.about", yen=yen(words, roughly(ahead.whole.likely)))


def _whole(words: Words, ahead: AheadCosts) -> str:
    """The range of all together; nothing where it can't be told."""
    low, high = ahead.whole.low, ahead.whole.high
    if low is None or high is None:
        return ""
    return words.say(
        "owner.costs.tile.ahead_range", range=yen_range(words, low, high), days=AHEAD_DAYS
    )


def _sent(
    words: Words, sent: dict[str, int], before: dict[str, int] | None
) -> Iterator[MessageLine]:
    """What was sent, by the names that people call it by, the most first."""
    now, was = _by_name(words, sent), _by_name(words, before or {})
    for name in sorted(now.keys() | was.keys(), key=lambda each: -now.get(each, 0)):
        count = now.get(name, 0)
        cost = yen(words, count * words.programme.sending.message_yen)
        yield MessageLine(name, count, was.get(name, 0) if before is not None else None, cost)


def _sent_until(words: Words, counted: date | None) -> str:
    """Up to which day messages are counted; nothing where that is today."""
    if counted is None:
        return words.say("owner.costs.sent_none")
    if counted >= today():
        return ""
    return words.say("owner.costs.sent_until", day=day_word(words, counted))


def _by_name(words: Words, sent: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for journey, count in sent.items():
        name = journey_name(words, journey)
        found[name] = found.get(name, 0) + count
    return found
