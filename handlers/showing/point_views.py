"""Points as a member reads them, in the chat and on their page: which of them go when, and what
they were given for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from rules.programme.points import ByInactivity, Lot, NoExpiry
from rules.wording.card import expiring, gone_on
from rules.wording.highlights import rule_name
from rules.wording.texts import long_date

from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class GoingPoints:
    """How many points go on one day, in words."""

    #: The last day with them.
    until: str
    amount: str


@dataclass(frozen=True, slots=True)
class PointsView:
    """A member's points."""

    #: Soonest to go first; none where points stay.
    going: tuple[GoingPoints, ...]
    #: What is said where nothing goes.
    empty: str
    #: How they are kept, or which go first; may be empty.
    hint: str


@dataclass(frozen=True, slots=True)
class LotView:
    """Points given together, in words."""

    name: str
    given: str
    left: str
    #: How many they were at first, where some are gone; else empty.
    of: str


@dataclass(frozen=True, slots=True)
class LotsOfDay:
    """The lots that go on one day; `until` says so where points stay, too."""

    until: str
    amount: str
    lots: tuple[LotView, ...]


def points_view(viewer: Viewer, lots: tuple[Lot, ...]) -> PointsView:
    """`lots` are those that still hold points."""
    words = viewer.words
    found = expiring(viewer.programme.points, viewer.facts, lots, day=viewer.day)
    empty = "chat.points.stay" if viewer.facts.balance else "chat.points.none"
    return PointsView(
        going=tuple(GoingPoints(_until(viewer, p.on), viewer.amount(p.points)) for p in found),
        empty=words.say(empty),
        hint=_hint(viewer),
    )


def lots_by_day(viewer: Viewer, lots: Iterable[tuple[Lot, str]]) -> tuple[LotsOfDay, ...]:
    """Lots that still hold points, each with the rule that gave it: soonest to go first, and those
    that stay last."""
    policy, facts, today = viewer.programme.points, viewer.facts, viewer.day
    dated = [
        (gone_on(policy, facts, lot, day=today) or date.max, lot, rule)
        for lot, rule in lots
        if lot.left
    ]
    dated.sort(key=lambda each: (each[0], each[1].given_on, each[1].no))
    return tuple(
        _lots_of_day(viewer, on, [(lot, rule) for _, lot, rule in those])
        for on, those in groupby(dated, key=lambda each: each[0])
    )


def _lots_of_day(viewer: Viewer, on: date, lots: list[tuple[Lot, str]]) -> LotsOfDay:
    stays = viewer.words.say("member_page.points.stays")
    return LotsOfDay(
        stays if on == date.max else _until(viewer, on),
        viewer.amount(sum(lot.left for lot, _ in lots)),
        tuple(_lot(viewer, lot, rule) for lot, rule in lots),
    )


def _lot(viewer: Viewer, lot: Lot, rule: str) -> LotView:
    return LotView(
        name=rule_name(viewer.words, rule),
        given=long_date(viewer.lang, lot.given_on),
        left=viewer.amount(lot.left),
        of=viewer.words.say("member_page.points.of", amount=viewer.amount(lot.points))
        if lot.left < lot.points
        else "",
    )


def _until(viewer: Viewer, gone: date) -> str:
    last = long_date(viewer.lang, gone - timedelta(days=1))
    return viewer.words.say("chat.points.until", day=last)


def _hint(viewer: Viewer) -> str:
    expiry = viewer.programme.points.expiry
    if isinstance(expiry, ByInactivity):
        return viewer.words.say("chat.points.by_inactivity", count=expiry.months)
    if isinstance(expiry, NoExpiry) or not viewer.facts.balance:
        return ""
    return viewer.words.say("chat.points.oldest_first")
