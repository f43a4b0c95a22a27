"""The month's messages: what LINE's plan has, what is used and by what, how the month will end, and
what doesn't go out and why; and of months that are over, what was sent and what it cost.

Which month it is goes by the shop's day, as on every page: after midnight of the last it is still
that month until the shop's day ends. LINE's plan has a new month from midnight on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.figures import costs
from bot.store.messages import outbox_figures
from bot.store.messages.quota import QuotaState
from handlers.showing.month_quota import all_demands, quota_state
from rules.explaining.cost_words import yen
from rules.explaining.explain_journeys import journey_name
from rules.figures.periods import DaySpan
from rules.sending.policy import MONTH
from rules.sending.quota import (
    PLANS,
    JourneyMonth,
    MonthOutlook,
    Usage,
    month_begins,
    month_of,
    month_outlook,
    plan_for,
)
from rules.shop import add_months, month_start, next_month
from rules.wording.texts import month_name, month_word
from rules.wording.words import Words

from ...current import current_club, current_programme
from ...staff.frame.access import language, owner_page
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.choices import AskedChoice, AskedSelect
from ..frame.unsent import ended_text, waits_text

layout.place(44, "owner.quota")

#: So many months back one may look.
_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Unsent:
    """So many messages that haven't gone out, and why: the key of a text. `waits`: they may yet."""

    why: str
    messages: int
    waits: bool


@dataclass(frozen=True, slots=True)
class SentInMonth:
    """What one kind of message sent in a month that is over."""

    name: str
    sent: int
    yen: str


@pages.get("/quota", endpoint="quota")
@owner_page
def open_quota() -> ResponseReturnValue:
    club, shop = current_club(), current_programme().shop
    lines, here = month_of(shop, club.now()), month_start(shop.business_date(club.now()))
    months = [add_months(lines, -n) for n in range(_MONTHS)]
    choices = [AskedChoice(f"{each:%Y-%m}", month_name(language(), each)) for each in months]
    asked = request.args.get("month", "")
    month = next((each for each in months if f"{each:%Y-%m}" == asked), here)
    select = AskedSelect("month", "owner.quota.month", tuple(choices), f"{month:%Y-%m}")
    if month == lines:
        return _this_month(select)
    return _month_over(select, month, is_new=lines > here == month)


@dataclass(frozen=True, slots=True)
class MonthBefore:
    """What the month before sent and cost."""

    value: str
    name: str
    sent: int
    yen: str


def _before(words: Words, month: date) -> MonthBefore:
    last = add_months(month, -1)
    with current_club().store.read() as uow:
        sent = sum(costs.messages_sent(uow, _days_of(last)).values())
    cost = yen(words, sent * words.programme.sending.message_yen)
    return MonthBefore(f"{last:%Y-%m}", month_name(words.lang, last), sent, cost)


def _days_of(month: date) -> DaySpan:
    return DaySpan(month, next_month(month) - timedelta(days=1))


def _month_over(select: AskedSelect, month: date, *, is_new: bool) -> ResponseReturnValue:
    """A month for which the plan has no messages any more. `is_new`: the shop's day isn't over."""
    words = words_now()
    price = words.programme.sending.message_yen
    with current_club().store.read() as uow:
        sent = costs.messages_sent(uow, _days_of(month))
    found: Counter[str] = Counter()
    for journey, count in sent.items():
        found[journey_name(words, journey)] += count
    return layout.page(
        "quota_month",
        selects=(select,),
        month=select.said,
        rows=[
            SentInMonth(name, count, yen(words, count * price))
            for name, count in found.most_common()
        ],
        total=found.total(),
        cost=yen(words, found.total() * price),
        yen=f"{price:g}",
        is_new=is_new,
        newest=select.choices[0],
    )


def _this_month(select: AskedSelect) -> ResponseReturnValue:
    club, programme, words = current_club(), current_programme(), words_now()
    now, shop, policy = club.now(), programme.shop, programme.sending
    state, month = quota_state(club, now), month_of(programme.shop, now)
    with club.store.read() as uow:
        sent = outbox_figures.all_sent(uow, since=month_begins(shop, now))
        waiting = outbox_figures.waiting(uow)
        ended = outbox_figures.not_sent(uow, since=now - MONTH)
    usage = _usage(state)
    demands = all_demands(club, now)
    outlook = month_outlook(usage, sent, demands, reserve=policy.quota_reserve)
    return layout.page(
        "quota",
        selects=(select,),
        month=month_word(language(), month),
        before=_before(words, month),
        state=state,
        usage=usage,
        outlook=outlook,
        reserve=policy.quota_reserve,
        yen=policy.message_yen,
        rows=list(_by_name(words, outlook)),
        unsent=list(_unsent(waiting, ended)),
        plans=PLANS,
        enough=plan_for(outlook.used + policy.quota_reserve),
        verdict=_verdict(state, outlook),
        held_until=shop.local(state.hold_until) if state.hold_until else None,
    )


def _usage(state: QuotaState) -> Usage:
    """The more careful of both counts."""
    if state.plan is None or state.left is None:
        return Usage(None, state.used_line, state.used_own)
    return Usage(state.plan, state.plan - state.left, state.used_own)


def _by_name(words: Words, outlook: MonthOutlook) -> Iterator[JourneyMonth]:
    """Each under the name that people call it by; all broadcasts are one line."""
    found: dict[str, JourneyMonth] = {}
    for each in outlook.journeys:
        name = journey_name(words, each.journey)
        there = found.get(name, JourneyMonth(name, 0, 0, 0))
        found[name] = JourneyMonth(
            name,
            there.sent + each.sent,
            there.wanted + each.wanted,
            there.missing + each.missing,
        )
    yield from found.values()


def _verdict(state: QuotaState, outlook: MonthOutlook) -> str:
    """How the month will end, by the key of its sentence."""
    if state.held:
        return f"owner.quota.held.{state.held}"
    if state.plan is None:
        return "owner.quota.no_limit" if state.asked else "owner.quota.not_asked"
    return "owner.quota.short" if outlook.missing else "owner.quota.enough"


def _unsent(waiting: Mapping[str, int], ended: Mapping[tuple[str, str], int]) -> Iterator[Unsent]:
    """What waits, then what came to another end, the most frequent first."""
    found: Counter[tuple[str, bool]] = Counter()
    for reason, count in waiting.items():
        found[waits_text(reason), True] += count
    for (status, reason), count in ended.items():
        found[ended_text(status, reason), False] += count
    for (why, waits), count in sorted(found.items(), key=lambda each: (not each[0][1], -each[1])):
        yield Unsent(why, count, waits)
