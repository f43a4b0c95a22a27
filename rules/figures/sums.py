"""What one person adds to the sums, day by day, and on which day each figure last counted them.

All of it adds up over people, so that a change in one life corrects the sums by a difference. A
figure that is a level (members there are, people who came in four weeks) is kept as its steps up
and down: it is the sum of all days until then.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from .life import NO_RANK, Happened, Life

#: Of any change in what `sums` or `marks` gives for a life: then all are made anew.
VERSION = 4
#: All stores, and all ranks.
ALL = ""
#: A month of four weeks; a year; so long somebody new has for their second day.
FOUR_WEEKS, YEAR, SECOND_DAYS = 28, 365, 60
#: What is added up as it happened.
_PLAIN = {"rewards", "purchases", "yen", "given", "used", "expired", "up", "down"}


#: What is told of no single rank stands on a sheet of its own, in the place of one.
Sheet = Literal["*cohorts", "*items", "*tenure", "*grid", "*core", "*ranked", "*rhythmic"]


class Key(NamedTuple):
    """A day's figure, of a store and a rank, or ALL of them."""

    store: str
    #: Or a sheet.
    rank: str
    figure: str
    day: int


class Mark(NamedTuple):
    """The last day on which a figure counted somebody, and the rank they held then."""

    day: date
    rank: str
    #: Of a cohort: in which of the months after it they came, a bit for each.
    months: int = 0


def sums(life: Life) -> Counter[Key]:
    """What a person adds."""
    found: Counter[Key] = Counter()
    visits = [each for each in life if each.kind == "visit"]
    for each in (*visits, *(other for other in life if other.kind in _PLAIN)):
        figure = "visits" if each.kind == "visit" else each.kind
        _add(found, figure, each, each.amount)
    _add_days(found, visits)
    _add_firsts(found, visits)
    _add_membership(found, life, visits)
    _add_held(found, life)
    return Counter({key: value for key, value in found.items() if value})


def places(each: Happened) -> Iterator[tuple[str, str]]:
    """The stores and ranks that something counts for."""
    for store in {ALL, each.store}:
        yield store, ALL
        yield store, each.rank


def _add(found: Counter[Key], figure: str, each: Happened, amount: int) -> None:
    day = each.day.toordinal()
    for store, rank in places(each):
        found[Key(store, rank, figure, day)] += amount


def _add_days(found: Counter[Key], visits: Iterable[Happened]) -> None:
    """Days with a visit, and for how long one counts as somebody who came."""
    days: dict[tuple[str, str], set[int]] = {}
    for each in visits:
        for place in places(each):
            days.setdefault(place, set()).add(each.day.toordinal())
    for (store, rank), on in days.items():
        for day in on:
            found[Key(store, rank, "visit_days", day)] += 1
        for start, end in _spans(sorted(on), FOUR_WEEKS):
            found[Key(store, rank, "came_28", start)] += 1
            found[Key(store, rank, "came_28", end)] -= 1


def _spans(days: list[int], length: int) -> Iterator[tuple[int, int]]:
    """The spans in which there was one of `days` less than `length` before; ends exclusive."""
    start = end = days[0]
    for day in days:
        if day > end:
            yield start, end
            start = day
        end = day + length
    yield start, end


def turns_of(visits: Iterable[Happened]) -> list[Happened]:
    """The first visit of each day with one, in order."""
    firsts: dict[date, Happened] = {}
    for each in visits:
        firsts.setdefault(each.day, each)
    return sorted(firsts.values(), key=lambda each: each.day)


def _add_firsts(found: Counter[Key], visits: Iterable[Happened]) -> None:
    turns = turns_of(visits)
    for figure, each in zip(("first", "second"), turns, strict=False):
        _add(found, figure, each, 1)
    if len(turns) > 1 and (turns[1].day - turns[0].day).days <= SECOND_DAYS:
        # By the first day: of those who first came then, so many came again.
        _add(found, "first_back", turns[0], 1)


def _add_membership(found: Counter[Key], life: Life, visits: Iterable[Happened]) -> None:
    joined = next((each for each in life if each.kind == "joined"), None)
    if joined is not None:
        _add(found, "joined", joined, 1)
    turns = turns_of(visits)
    for each in leavings(life):
        left = _where(each, turns)
        _add(found, "left", left, 1)
        if is_quiet(left, turns):
            _add(found, "left_quiet", left, 1)
        if joined is not None:
            _add(found, "left_days", left, (left.day - joined.day).days)
    for rank, day, step in _membership_steps(life):
        found[Key(ALL, ALL, "members", day)] += step
        found[Key(ALL, rank, "members", day)] += step


def leavings(life: Life) -> Iterator[Happened]:
    """When the membership ended; who has left can't leave."""
    has_left = False
    for each in life:
        if each.kind == "left" and not has_left:
            yield each
        if each.kind in ("left", "back"):
            has_left = each.kind == "left"


def _where(left: Happened, turns: list[Happened]) -> Happened:
    """A leaving, at the store where the person came last."""
    before = bisect_right([each.day for each in turns], left.day)
    return left._replace(store=turns[before - 1].store if before else ALL)


def is_quiet(left: Happened, turns: list[Happened]) -> bool:
    """Whether somebody who left had not come once in the year before."""
    days = [each.day.toordinal() for each in turns]
    day = left.day.toordinal()
    return bisect_right(days, day) == bisect_left(days, day - YEAR)


def _membership_steps(life: Life) -> Iterator[tuple[str, int, int]]:
    """Each day on which somebody began or ceased to be a member with a rank: the rank, the day,
    and 1 or -1."""
    state: str | None = None
    rank, is_member = NO_RANK, False
    for each in life:
        match each.kind:
            case "rank":
                rank = each.rank
            case "joined" | "back":
                is_member = True
            case "left":
                is_member = False
            case _:
                continue
        now = rank if is_member else None
        if now == state:
            continue
        day = each.day.toordinal()
        if state is not None:
            yield state, day, -1
        if now is not None:
            yield now, day, 1
        state = now


def _add_held(found: Counter[Key], life: Life) -> None:
    """Points outstanding: nobody can use any more what somebody had who was erased."""
    balance = 0
    for each in life:
        if each.kind == "held":
            balance += each.amount
            found[Key(ALL, ALL, "outstanding", each.day.toordinal())] += each.amount
    gone = next((each for each in life if each.kind == "erased"), None)
    if gone is not None:
        found[Key(ALL, ALL, "outstanding", gone.day.toordinal())] -= balance


#: The figures whose people can be looked at: by the kind of what happened.
_MARKED = {
    "visit": "visits", "joined": "joined", "given": "given", "used": "used", "expired": "expired",
    "rewards": "rewards", "yen": "yen", "up": "up", "down": "down",
}  # fmt: skip


def marks(life: Life) -> dict[tuple[str, str], Mark]:
    """By figure and store (or ALL), when it last counted somebody; nothing of who was erased."""
    found: dict[tuple[str, str], Mark] = {}
    if any(each.kind == "erased" for each in life):
        return found
    for figure, each in _marked(life):
        for store in {ALL, each.store}:
            known = found.get((figure, store))
            if known is None or known.day <= each.day:
                found[figure, store] = Mark(each.day, each.rank)
    return found


def _marked(life: Life) -> Iterator[tuple[str, Happened]]:
    for each in life:
        if each.kind in _MARKED and each.amount > 0:
            yield _MARKED[each.kind], each
    turns = turns_of(each for each in life if each.kind == "visit")
    yield from zip(("first", "second"), turns, strict=False)
    for each in leavings(life):
        left = _where(each, turns)
        yield "left", left
        if is_quiet(left, turns):
            yield "left_quiet", left
