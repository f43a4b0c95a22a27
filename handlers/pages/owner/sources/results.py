"""What sources brought in the days that a page asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import request

from bot.store import UnitOfWork
from bot.store.figures import source_reading
from bot.store.members import sources
from bot.store.members.sources import MemberSource
from rules.activity import Source
from rules.figures.periods import PERIODS, DaySpan, Period, period
from rules.figures.sources import UNNAMED, SourceCost, SourceResult, result, young_since

from ...current import current_club, current_programme
from ...staff.frame.access import signed


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, or who came without one by how they joined, in the days asked for and before."""

    #: None where there was none.
    source: MemberSource | None
    #: How they joined, where there was no source.
    way: Source | None
    now: SourceResult
    #: None where the club wasn't there yet.
    before: SourceResult | None
    costs: tuple[SourceCost, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRows:
    """All that came in a period."""

    period: Period
    #: Those that are listed, and those that are off the list of which somebody came still.
    named: tuple[SourceRow, ...]
    #: Who came without; none for who sees one store alone.
    unnamed: tuple[SourceRow, ...]

    @property
    def paid(self) -> SourceResult:
        """Of those sources of which the cost is known."""
        known = (each.now for each in self.named if each.now.cost is not None)
        return sum(known, SourceResult())

    @property
    def all_named(self) -> SourceResult:
        return sum((each.now for each in self.named), SourceResult())

    @property
    def joined(self) -> int:
        return sum(each.now.joined for each in (*self.named, *self.unnamed))


def today() -> date:
    return current_programme().shop.business_date(current_club().now())


def period_asked() -> Period:
    """The period that the address names; a year, where it names none."""
    name = request.args.get("period", "")
    return period(next((each for each in PERIODS if each == name), "year"), today())


def store_seen() -> str | None:
    """The one store that the reader sees; None: all."""
    return None if signed().everywhere else signed().desk.store


def may_see(source: MemberSource) -> bool:
    store = store_seen()
    return store is None or source.store == store


def rows_of(uow: UnitOfWork, of: Period, listed: list[MemberSource]) -> SourceRows:
    """What each of those brought; who came without one, for who sees all stores."""
    ids = [each.id for each in listed]
    wanted = None if store_seen() is None else ids
    now, before, young = (
        source_reading.sums(uow, span, source_ids=wanted)
        for span in (of.whole, of.before, _young(of.whole))
    )
    paid = _by_source(sources.costs(uow, ids))
    began = _has_begun(uow, of)

    def row(source_id: int, source: MemberSource | None) -> SourceRow:
        costs = paid.get(source_id, ())
        old = result(before.get(source_id, {}), costs, of.before, 0)
        return SourceRow(
            source,
            UNNAMED.get(source_id),
            result(
                now.get(source_id, {}), costs, of.whole, young.get(source_id, {}).get("joined", 0)
            ),
            old if began else None,
            costs,
        )

    found = _shown(row(each.id, each) for each in listed)
    # Those that go on first, and of these who brought the most.
    named = tuple(sorted(found, key=lambda each: (_is_over(each.source), -each.now.joined)))
    others = tuple(
        other for n in UNNAMED if (other := row(n, None)).now.joined or _joined(other.before)
    )
    return SourceRows(of, named, others if wanted is None else ())


def _shown(rows: Iterator[SourceRow]) -> Iterator[SourceRow]:
    """What is off the list is shown as long as somebody comes by it, or it cost something."""
    for each in rows:
        is_off = each.source is not None and each.source.dropped_at is not None
        if not is_off or each.now.joined or each.now.cost is not None:
            yield each


def _is_over(source: MemberSource | None) -> bool:
    return source is None or not source.is_open


def _joined(result: SourceResult | None) -> int:
    return result.joined if result else 0


def _young(span: DaySpan) -> DaySpan:
    """Those of the span whose first sixty days aren't over."""
    return DaySpan(max(span.first, young_since(today())), span.last)


def _has_begun(uow: UnitOfWork, of: Period) -> bool:
    """Whether the club was there when what it is compared with began."""
    return source_reading.has_begun_by(uow, of.before.first)


def _by_source(costs: list[SourceCost]) -> dict[int, tuple[SourceCost, ...]]:
    found: dict[int, tuple[SourceCost, ...]] = {}
    for each in costs:
        found[each.source_id] = (*found.get(each.source_id, ()), each)
    return found
