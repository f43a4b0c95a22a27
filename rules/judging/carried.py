"""What an activity holds of a member whose history another one took over."""

from dataclasses import replace

from pydantic import TypeAdapter

from ..activity import Absorbed
from ..facts import Facts, changed
from ..programme.earning import Grant

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)


def facts_json(facts: Facts) -> str:
    """Facts as an activity holds them."""
    return _FACTS.dump_json(facts).decode()


def facts_in(absorbed: Absorbed) -> Facts:
    """What was known of the other member when they were merged."""
    return _FACTS.validate_json(absorbed.facts)


def forgetting(absorbed: Absorbed) -> Absorbed:
    """Without the day and the year of birth: the month, by which points came, stays."""
    facts = facts_in(absorbed)
    if facts.birthday is None:
        return absorbed
    born = replace(facts.birthday, day=1, year=None)
    return replace(absorbed, facts=facts_json(changed(facts, birthday=born)))


def grants(absorbed: Absorbed) -> tuple[Grant, ...]:
    """The points that came over: one grant for each lot, in their order, so that each keeps its own
    end and can be taken back by itself."""
    return tuple(Grant(f"merged:{n}", lot.points) for n, lot in enumerate(absorbed.lots, 1))
