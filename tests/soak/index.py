"""The members' columns, as a database would index them: who is a candidate, without asking all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.facts import Facts
from rules.journeys.candidates import Candidates, Span
from rules.shop import Shop, days

from .people import DAY, Person


@dataclass(frozen=True, slots=True)
class Columns:
    """What stands on a member's row beside the facts."""

    birth_month: int | None
    gap_days: int | None
    ranked: bool
    away_since: date
    last_visit_on: date | None
    joined_on: date
    active_on: date
    acted_on: date
    close_until: date | None
    rank_lost_on: date | None
    holds_until: date | None


_SPANS = (
    "away_since", "last_visit_on", "joined_on", "active_on", "acted_on", "close_until",
    "rank_lost_on", "holds_until",
)  # fmt: skip


def columns(shop: Shop, facts: Facts) -> Columns:
    """The row of a member with these facts."""
    days = (facts.joined_on, facts.last_visit_on, facts.last_earned_on)
    held = [voucher.until for voucher in facts.vouchers] + [o.until for o in facts.offers]
    return Columns(
        birth_month=facts.birthday.month if facts.birthday else None,
        gap_days=facts.usual_gap,
        ranked=facts.rank.id is not None,
        away_since=facts.away_since,
        last_visit_on=facts.last_visit_on,
        joined_on=facts.joined_on,
        active_on=max(day for day in days if day),
        acted_on=shop.business_date(facts.last_at),
        close_until=facts.close_until,
        rank_lost_on=facts.rank.lost_on,
        holds_until=min(held, default=None),
    )


class Index:
    """Members by each column that leads a question."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._people: dict[int, Person] = {}
        self._rows: dict[int, Columns] = {}
        self._by: dict[str, dict[object, set[int]]] = defaultdict(lambda: defaultdict(set))

    def note(self, person: Person) -> None:
        """Writes the member's row anew."""
        self._people[person.number] = person
        old, row = self._rows.get(person.number), columns(self._shop, person.facts)
        if old == row:
            return
        for name in (*_SPANS, "birth_month", "gap_days", "ranked"):
            before, now = getattr(old, name, None), getattr(row, name)
            if old is not None and before != now:
                self._by[name][before].discard(person.number)
            self._by[name][now].add(person.number)
        self._rows[person.number] = row

    def asked(self, questions: Iterable[Candidates]) -> Iterator[Person]:
        """Everybody whom one of the questions names, each once."""
        found = {number for question in questions for number in self._leads(question)}
        for number in sorted(found):
            yield self._people[number]

    def _leads(self, question: Candidates) -> Iterator[int]:
        for number in self._by_index(question):
            if self.matches(question, self._people[number]):
                yield number

    def _by_index(self, question: Candidates) -> Iterable[int]:
        if question.gap_days is not None:
            return list(self._by["gap_days"][question.gap_days])
        if question.birth_month is not None:
            return list(self._by["birth_month"][question.birth_month])
        if question.ranked:
            return list(self._by["ranked"][True])
        for name in _SPANS:
            span = getattr(question, name)
            if span is not None:
                return self._within(name, span)
        raise AssertionError("a question that no index answers")

    def _within(self, name: str, span: Span) -> list[int]:
        by_day = self._by[name]
        length = (span.last - span.first).days + 1
        if length < len(by_day):
            within: Iterable[object] = days(span.first, span.last + DAY)
        else:
            within = [day for day in by_day if isinstance(day, date) and span.covers(day)]
        return [number for day in within for number in by_day.get(day, ())]

    def matches(self, question: Candidates, person: Person) -> bool:
        """Whether everything that is given holds for the member."""
        row, facts = self._rows[person.number], person.facts
        return (
            facts.membership in question.states
            and question.visits_min <= facts.visits
            and (question.visits_max is None or facts.visits <= question.visits_max)
            and (not question.ranks or facts.rank.id in question.ranks)
            and (not question.languages or person.language in question.languages)
            and facts.balance >= question.balance_min
            and (not question.ranked or row.ranked)
            and question.birth_month in (None, row.birth_month)
            and question.gap_days in (None, row.gap_days)
            and all(
                span is None or span.covers(getattr(row, name))
                for name in _SPANS
                if (span := getattr(question, name)) or span is None
            )
        )
