"""What staff should notice about somebody who came today: the moments that deserve a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..facts import Facts
from ..programme.badges import full_years
from ..programme.birthdays import has_come
from ..programme.programme import Programme
from ..programme.ranks import RankChange
from ..science.learned import ReturnModels
from .returning import long_absence

MomentKind = Literal[
    "rank_up", "rank_back", "first_visit", "came_back", "birthday", "anniversary", "badge",
]  # fmt: skip
#: What staff send a word for: a moment of today, or the friends that somebody brought.
PraiseKind = Literal[MomentKind, "referral"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing to notice."""

    kind: MomentKind
    #: The rank's or badge's id.
    target: str | None = None
    #: The years of an anniversary, or the days somebody was away.
    count: int = 0


def moments(
    programme: Programme,
    models: ReturnModels,
    facts: Facts,
    changes: Iterable[RankChange],
    day: date,
) -> tuple[Moment, ...]:
    """What is to be noticed about a visitor of business day `day`, the greatest first.

    `changes` are the member's steps on the ladder, of which those of `day` count; by `models` an
    absence was long or was not.
    """
    found: list[Moment] = []
    found += [
        Moment("rank_back" if change.reason == "revived" else "rank_up", change.after)
        for change in changes
        if change.on == day and change.is_up
    ]
    if facts.first_visit_on == day:
        found.append(Moment("first_visit"))
    if away := long_absence(models, programme.shop, facts, day):
        found.append(Moment("came_back", count=away))
    birthday = facts.birthday
    if birthday is not None and has_come(programme.profile, birthday, day):
        found.append(Moment("birthday"))
    years = full_years(facts.joined_on, day)
    if years and (facts.joined_on.month, facts.joined_on.day) == (day.month, day.day):
        found.append(Moment("anniversary", count=years))
    found += [Moment("badge", badge) for badge, on in facts.badges.items() if on == day]
    return tuple(found)


def worth_a_word(found: Iterable[Moment]) -> Moment | None:
    """The moment that staff may send a word for: praise, else thanks for a first visit."""
    moments = tuple(found)
    first = next((moment for moment in moments if moment.kind == "first_visit"), None)
    return worth_praise(moments) or first


def worth_praise(found: Iterable[Moment]) -> Moment | None:
    """The moment that staff may send a word of praise for; None for an ordinary visit."""
    praised = ("rank_up", "rank_back", "came_back", "anniversary")
    return next((m for m in found if m.kind in praised), None)
