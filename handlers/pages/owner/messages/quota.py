"""The month's messages: what LINE's plan has, what is used and by what, how the month will end, and
what doesn't go out and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from bot.store.messages import outbox_figures
from bot.store.messages.quota import QuotaState
from handlers.showing.month_quota import all_demands, quota_state
from rules.explaining.explain_journeys import journey_name
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
from rules.wording.texts import month_word
from rules.wording.words import Words

from ...current import current_club, current_programme
from ...staff.frame.access import language, owner_page
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.unsent import ended_text, waits_text

layout.place(44, "owner.quota")


@dataclass(frozen=True, slots=True)
class Unsent:
    """So many messages that haven't gone out, and why: the key of a text. `waits`: they may yet."""

    why: str
    messages: int
    waits: bool


@pages.get("/quota", endpoint="quota")
@owner_page
def open_quota() -> ResponseReturnValue:
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
        month=month_word(language(), month),
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
