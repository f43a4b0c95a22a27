"""The guided order: of the ways to earn, the next one worth trying, one at a time.

The order is that of deepening: buying shows what the programme is worth, the profile makes it
personal, a review and a share give a voice, an invitation makes an ambassador.
"""

from dataclasses import dataclass
from datetime import date

from ..activity import Trigger
from ..facts import Facts
from ..profile.steps import told
from ..programme.earning import EarningRule
from ..programme.programme import Programme

#: What somebody can set out to do, in the order in which it is suggested.
ORDER: tuple[Trigger, ...] = (
    "purchase", "profile", "review", "share", "referral", "eco", "feedback", "newsletter",
)  # fmt: skip
#: So many ways are enough to begin with; the next one comes in once one of them was used.
AT_ONCE = 3
#: What can be done before the first visit.
_FROM_HOME = frozenset[Trigger]({"profile", "newsletter"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a member's turn to be suggested something came to."""

    #: None: the turn was let pass, since nothing else was left than what was suggested before.
    way: Trigger | None
    on: date


def suggest(
    programme: Programme, facts: Facts, day: date, last: Suggestion | None
) -> Suggestion | None:
    """What to suggest on business day `day`, after the `last` suggestion that the member has read;
    None for nothing: they had one today, or have used every way. Never the same twice in a row."""
    if last is not None and last.on >= day:
        return None
    ways = [way for way in ORDER if _is_new(programme, facts, way)][:AT_ONCE]
    if not ways:
        return None
    others = [way for way in ways if last is None or way != last.way]
    place = ORDER.index(last.way) if last and last.way in ORDER else -1
    following = [way for way in others if ORDER.index(way) > place]
    return Suggestion(next(iter(following or others), None), day)


def rule_of(programme: Programme, facts: Facts, way: Trigger) -> EarningRule | None:
    """The first rule by which that way earns this member something; None where none does."""
    return next((rule for rule in programme.earning_on(way) if _is_for(rule, facts)), None)


def _is_new(programme: Programme, facts: Facts, way: Trigger) -> bool:
    """Whether they may try it now, and never have."""
    return (
        facts.membership == "active"
        and not facts.counts.get(way)
        and (facts.visits > 0 or way in _FROM_HOME)
        and rule_of(programme, facts, way) is not None
    )


def _is_for(rule: EarningRule, facts: Facts) -> bool:
    is_left = rule.step is None or rule.step not in told(facts)
    return is_left and (not rule.ranks or facts.rank.id in rule.ranks)
