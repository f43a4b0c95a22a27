"""The members' columns, as a database would index them: who is a candidate, without asking all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from rules.facts import Facts
from rules.journeys.candidates import (
    ACTED_ON,
    ACTIVE_ON,
    AWAY_SINCE,
    DRIFT_ON,
    JOINED_ON,
    LAST_VISIT_ON,
    Candidates,
    Span,
)
from rules.journeys.kinds import OWN_DAYS
from rules.science.drift import Foresight
from rules.shop import days

from .people import DAY, Person

#: Every day that a question may be led by.
_DAYS = (AWAY_SINCE, DRIFT_ON, JOINED_ON, LAST_VISIT_ON, ACTIVE_ON, ACTED_ON, *OWN_DAYS)
Row = dict[str, date | int | None]


def row_of(facts: Facts, foresight: Foresight) -> Row:
    """What stands on the row of a member with these facts, as far as it may lead a question."""
    return {
        "birth_month": facts.birthday.month if facts.birthday else None,
        "ranked": facts.rank.id is not None,
        **{day.name: day.of(facts, foresight) for day in _DAYS},
    }


class Index:
    """Members by each column that leads a question."""

    def __init__(self, foresight: Foresight) -> None:
        self._foresight = foresight
        self._people: dict[int, Person] = {}
        self._rows: dict[int, Row] = {}
        self._by: dict[str, dict[object, set[int]]] = defaultdict(lambda: defaultdict(set))

    def note(self, person: Person) -> None:
        """Writes the member's row anew."""
        self._people[person.number] = person
        old, row = self._rows.get(person.number), row_of(person.facts, self._foresight)
        for name, now in row.items():
            if old is not None and old[name] != now:
                self._by[name][old[name]].discard(person.number)
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
        if question.birth_month is not None:
            return list(self._by["birth_month"][question.birth_month])
        if question.ranked:
            return list(self._by["ranked"][True])
        assert question.span, "a question that no index answers"
        return self._within(question.span)

    def _within(self, span: Span) -> list[int]:
        by_day = self._by[span.day.name]
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
            and (not question.ranked or row["ranked"] is True)
            and question.birth_month in (None, row["birth_month"])
            and (question.away_by is None or facts.away_since <= question.away_by)
            and (question.span is None or self._covers(question.span, row))
        )

    @staticmethod
    def _covers(span: Span, row: Row) -> bool:
        day = row[span.day.name]
        return isinstance(day, date) and span.covers(day)
