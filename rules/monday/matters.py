"""What matters most this week: what there is to be said, weighed by what it concerns, and of it the
three that weigh most.

A weight is in yen, so that what concerns people and what concerns money stand on one scale: about
what the shop would lose by leaving it, in visits of what a visit earns.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ..base import LocalText

Code = Literal[
    "night", "overdue", "waiting", "drifting", "quota", "codes", "out_of_reach", "trial", "test",
    "flags",
]  # fmt: skip
#: So many are told at the most.
MOST = 3
#: Of people no more are counted than so many: of whom there are a thousand, no exact figure helps.
COUNTED_MAX = 1_000
#: What a visit earns where nobody said, yen.
VISIT_YEN = 500
#: What never waits.
_FIRST = float("inf")
#: How many visits are at stake: with who is left without an answer for too long, with who waits for
#: one, with who begins to stay away, with who can't have a reward, …
_ANGRY, _WAITING, _DRIFTING, _REWARD, _UNDECIDED, _FLAG = 10, 3, 2, 20, 10, 5
#: … and with a message that doesn't go out: of a hundred about eight would bring somebody.
_UNSENT = 0.08
#: With fewer codes left than this a reward is soon not to be had.
CODES_FEW = 10


@dataclass(frozen=True, slots=True)
class Drifting:
    """How many members drift away, of `COUNTED_MAX` at the most."""

    people: int = 0
    #: Who began to within a week.
    new: int = 0
    #: Who were away for two months or longer, and who came once in their life.
    lapsed: int = 0
    once: int = 0

    @property
    def is_counted(self) -> bool:
        """Whether they are as many, and not more."""
        return self.people < COUNTED_MAX


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is known by which something may matter."""

    #: What a visit earns, yen; None where nobody said.
    visit_yen: int | None = None
    #: Whether the night's work of the business day is overdue.
    night_is_late: bool = False
    #: Cases that wait for an answer, and of those how many should have had it.
    waiting: int = 0
    overdue: int = 0
    drifting: Drifting = Drifting()
    #: So many messages won't go out this month.
    unsent: int = 0
    #: By name, how many codes are left of the rewards that go by them.
    codes: tuple[tuple[LocalText, int], ...] = ()
    #: The names of rewards that nobody ever got, and nobody has the points for.
    out_of_reach: tuple[LocalText, ...] = ()
    #: The names of journeys whose test has shown something, and of broadcasts that wait for a word.
    tests: tuple[str, ...] = ()
    trials: tuple[tuple[int, str], ...] = ()
    #: What was unusual at the counter and nobody looked at.
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that matters (`owner.monday.matter.<code>` in the texts)."""

    code: Code
    weight: float
    #: What its sentence says; lists of names are tuples.
    values: dict[str, Any] = field(default_factory=dict)
    #: Which one it is of, where its page is one of many.
    of: str = ""


def matters(stakes: Stakes, codes: Collection[Code] | None = None) -> tuple[Matter, ...]:
    """The three that weigh most, the heaviest first; of those codes alone, where some are given.
    None where nothing needs anybody."""
    wanted = [each for each in _all(stakes) if codes is None or each.code in codes]
    return tuple(sorted(wanted, key=lambda each: -each.weight)[:MOST])


def _all(stakes: Stakes) -> Iterator[Matter]:
    visit = stakes.visit_yen or VISIT_YEN
    yield from _of_people(stakes, visit)
    yield from _of_the_shop(stakes, visit)


def _of_people(stakes: Stakes, visit: int) -> Iterator[Matter]:
    """Whoever waits for an answer, stays away, or won't hear."""
    if stakes.overdue:
        weight = visit * (_ANGRY * stakes.overdue + _WAITING * (stakes.waiting - stakes.overdue))
        yield Matter("overdue", weight, {"count": stakes.overdue, "waiting": stakes.waiting})
    elif stakes.waiting:
        yield Matter("waiting", visit * _WAITING * stakes.waiting, {"count": stakes.waiting})
    if stakes.drifting.new:
        told = {"count": stakes.drifting.new, "all": stakes.drifting.people}
        yield Matter("drifting", visit * _DRIFTING * stakes.drifting.new, told)
    if stakes.unsent:
        yield Matter("quota", visit * _UNSENT * stakes.unsent, {"count": stakes.unsent})


def _of_the_shop(stakes: Stakes, visit: int) -> Iterator[Matter]:
    """What is broken, missing, undecided or unlooked at."""
    if stakes.night_is_late:
        yield Matter("night", _FIRST)
    for name, left in stakes.codes:
        if left < CODES_FEW:
            yield Matter("codes", visit * _REWARD, {"name": name, "count": left})
    if stakes.out_of_reach:
        yield Matter("out_of_reach", visit * _UNDECIDED, _named(stakes.out_of_reach))
    for number, title in stakes.trials:
        yield Matter("trial", visit * _UNDECIDED, {"name": title}, of=str(number))
    if stakes.tests:
        weight = visit * _UNDECIDED * len(stakes.tests)
        yield Matter("test", weight, _named(stakes.tests))
    if stakes.flags:
        yield Matter("flags", visit * _FLAG * stakes.flags, {"count": stakes.flags})


def _named(names: tuple[str | LocalText, ...]) -> dict[str, Any]:
    return {"names": names, "count": len(names)}
