"""Closed for once: days on which the shop, or one branch, stays shut come into force at once, and
go again, without a draft. Each is a version of the programme: history is judged by what held
then."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot import toml_text
from bot.store.history import drafts, programs
from bot.store.history.drafts import ProgrammeDraft
from bot.store.history.programs import NOTICE, PublishedText
from rules.checking.reading import InvalidProgramme, review
from rules.editing.closings import Periods, covers, meets, with_days, without_days
from rules.editing.parts import Part, values_of
from rules.shop import days

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from ..recording.work import Work

#: Nobody knows by now what is in more than two years.
AHEAD_DAYS_MAX = 730
#: What comes into force by then is taken as if it held: taps that follow each other fast are a
#: second apart there.
SOON = 2 * NOTICE
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closing:
    """Days, `last` included, on which a branch is shut: None is the whole shop."""

    store: str | None
    first: date
    last: date

    @property
    def part(self) -> Part:
        """Where the programme's file says it."""
        return Part("shop") if self.store is None else Part("stores", self.store)


def close(work: Work, closing: Closing) -> Acknowledgement:
    """Closes on those days, from some ten seconds on; a repeat of the key changes nothing.

    Refused with closing_past, closing_far, closing_order (the last day before the first),
    closing_known (they are closed already), closing_all (no branch would be open: that is the
    whole shop's to say), or not_allowed.
    """
    return _once(work, closing, _CLOSE)


def open_again(work: Work, closing: Closing) -> Acknowledgement:
    """Opens on those days after all: what is past of them stays. Refused with closing_gone, or
    not_allowed."""
    today = work.day
    left = replace(closing, first=max(closing.first, today))
    return _once(work, left, _OPEN)


def may_close(work: Work, store: str | None) -> bool:
    """Whether whoever acts may close that branch (None: the shop), and open it again."""
    desk = work.staff
    return desk.owns or (store is not None and desk.manages and desk.may_act_at(store))


@dataclass(frozen=True, slots=True)
class _Change:
    """What the log calls it, what the periods become by it, and why it can't be."""

    action: str
    become: Callable[[Periods, date, date], list[dict[str, date]]]
    why_not: Callable[[Work, Closing, Mapping[str, Any]], str | None]


def _once(work: Work, closing: Closing, wanted: _Change) -> Acknowledgement:
    def act() -> Acknowledgement:
        if not may_close(work, closing.store):
            return Acknowledgement("not_allowed")
        programs.lock(work.uow)
        versions = programs.published(work.uow)
        waiting = [each for each in versions if each.since > work.now + SOON]
        now = versions[-1 - len(waiting)]
        data = tomllib.loads(now.text)
        is_there = values_of(data, closing.part) is not None
        no = wanted.why_not(work, closing, data) if is_there else "store_unknown"
        if no is not None:
            return Acknowledgement(no)
        _publish(work, now, waiting, lambda text: _changed(text, closing, wanted))
        note(
            work,
            wanted.action,
            at_store=closing.store,
            first=closing.first.isoformat(),
            last=closing.last.isoformat(),
        )
        return Acknowledgement()

    asked = f"{wanted.action} {closing.store} {closing.first} {closing.last}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def _why_not_close(work: Work, closing: Closing, data: Mapping[str, Any]) -> str | None:
    today = work.day
    if closing.last < closing.first:
        return "closing_order"
    if closing.first < today:
        return "closing_past"
    if (closing.last - today).days > AHEAD_DAYS_MAX:
        return "closing_far"
    if covers(_periods_in(data, closing.part), closing.first, closing.last):
        return "closing_known"
    if closing.store is not None and _is_last_open(data, closing):
        return "closing_all"
    return None


def _why_not_open(_work: Work, closing: Closing, data: Mapping[str, Any]) -> str | None:
    periods = _periods_in(data, closing.part)
    return None if meets(periods, closing.first, closing.last) else "closing_gone"


def _is_last_open(data: Mapping[str, Any], closing: Closing) -> bool:
    """Whether no branch would be open on one of those days."""
    others = [each.get("closed", ()) for each in data["stores"] if each["id"] != closing.store]
    return any(
        all(covers(periods, day, day) for periods in others)
        for day in days(closing.first, closing.last + _DAY)
    )


def _periods_in(data: Mapping[str, Any], part: Part) -> Periods:
    """What that part of a programme's file says of closed days."""
    return list((values_of(data, part) or {}).get("closed", ()))


def _changed(text: str, closing: Closing, wanted: _Change) -> str:
    values = values_of(tomllib.loads(text), closing.part)
    if values is None:
        # A draft, or what waits for its moment, has no such branch any more.
        return text
    closed = wanted.become(values.get("closed", ()), closing.first, closing.last)
    values = {**values, "closed": closed}
    return toml_text.put(text, closing.part.section, values, entry=closing.part.id)


def _publish(
    work: Work, now: PublishedText, waiting: list[PublishedText], change: Callable[[str], str]
) -> None:
    """Changes what holds, what waits for its moment, and what is being written: each of them, or
    the next to come into force would take the change back."""
    uow = work.uow
    programs.withdraw_after(uow, work.now + SOON)
    first = programs.publish(uow, change(now.text), since=work.now + NOTICE)
    numbers = {now.number: first.number}
    for each in waiting:
        follows = programs.publish(uow, change(each.text), since=each.since)
        numbers[each.number] = follows.number
    draft = drafts.find(uow)
    if draft is not None:
        _carry_on(work, draft, numbers, change)


def _carry_on(
    work: Work, draft: ProgrammeDraft, numbers: dict[int, int], change: Callable[[str], str]
) -> None:
    """Puts the draft on the version that follows on the one it began with."""
    text = change(draft.text)
    if draft.base not in numbers or isinstance(review(text), InvalidProgramme):
        # Whoever writes it is told that it is behind, as of any other version.
        return
    drafts.keep(
        work.uow,
        replace(draft, text=text, base=numbers[draft.base], revision=draft.revision + 1),
    )


_CLOSE = _Change("shop_closed", with_days, _why_not_close)
_OPEN = _Change("shop_opened", without_days, _why_not_open)
