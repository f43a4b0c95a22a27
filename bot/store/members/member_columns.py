"""What a member's row says beside its facts: columns that follow from these, for indexes."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from rules.facts import Facts
from rules.journeys.candidates import ACTED_ON, ACTIVE_ON, AWAY_SINCE, DRIFT_ON, IndexedDay
from rules.journeys.kinds import OWN_DAYS
from rules.judging.decide import next_boundary
from rules.judging.rest import is_at_rest
from rules.science.drift import Foresight

from . import subscribed

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)


def facts_json(facts: Facts) -> str:
    """The facts as a row keeps them."""
    return _FACTS.dump_json(facts).decode()


def facts_of(text: str) -> Facts:
    """What a row keeps as facts. ValueError where they can't be read."""
    return _FACTS.validate_json(text)


def _settle_on(facts: Facts) -> date | None:
    """The day on which an ended week or month must be judged; None while nothing can be lost."""
    return None if is_at_rest(facts) else next_boundary(facts.settled)


#: The columns that say what the facts alone say, each with what it says.
_OF_FACTS: dict[str, Callable[[Facts], Any]] = {
    "facts": facts_json,
    "membership": lambda facts: facts.membership,
    "source": lambda facts: facts.source,
    "balance": lambda facts: facts.balance,
    "visits": lambda facts: facts.visits,
    "rank": lambda facts: facts.rank.id,
    "last_visit_at": lambda facts: facts.last_visit_at,
    "settle_on": _settle_on,
    "birth_month": lambda facts: facts.birthday.month if facts.birthday else None,
    **subscribed.COLUMNS,
}
#: Days that journeys and the night's work ask for, besides.
DAYS = (AWAY_SINCE, ACTIVE_ON, ACTED_ON, DRIFT_ON, *OWN_DAYS)
#: Those that are worked out at once, without the models.
DAYS_AT_ONCE = tuple(day for day in DAYS if day is not DRIFT_ON)
#: An erased member is not looked at by any job any more.
_NEVER_DUE: dict[str, Any] = dict.fromkeys((
    "birth_month", "settle_on", *subscribed.COLUMNS,
    *(day.name for day in DAYS if day is not ACTIVE_ON),
))  # fmt: skip


def summary(
    facts: Facts, foresight: Foresight, *, erased: bool, days: Sequence[IndexedDay] = DAYS
) -> dict[str, Any]:
    """All columns that follow from the facts; of the days those asked for."""
    found = {name: of(facts) for name, of in _OF_FACTS.items()}
    found |= {day.name: day.of(facts, foresight) for day in days}
    return found | _NEVER_DUE if erased else found


#: The columns that `summary` says.
SUMMED = (*_OF_FACTS, *(day.name for day in DAYS))
