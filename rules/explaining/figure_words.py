"""Figures in words: what each is called and means, how much it is, and how it moved."""

from dataclasses import dataclass
from datetime import date

from ..figures.definitions import Definition
from ..figures.periods import DaySpan, Period
from ..figures.sums import SECOND_DAYS
from ..programme.rewards import worth_yen
from ..wording.texts import long_date, month_word, show
from ..wording.words import Words

#: So much at the least a figure moves that is told to have moved.
_MOVED = 0.005
#: Of fewer there is no percentage: six instead of one is not "500 % more".
_FEW = 20


@dataclass(frozen=True, slots=True)
class FigureWords:
    """What a figure is called, and by which definition."""

    name: str
    means: str
    without: str


def figure_words(words: Words, figure: Definition) -> FigureWords:
    def said(part: str) -> str:
        return words.say(f"owner.figures.{figure.id}.{part}", days=SECOND_DAYS)

    return FigureWords(said("name"), said("means"), said("without"))


def plain(words: Words, figure: Definition, value: float) -> float:
    """The figure as a number without a unit, as rows of a table have it."""
    match figure.unit:
        case "worth":
            rewards = words.programme.rewards
            return worth_yen(rewards, round(value))
        case "share":
            return round(100 * value, 1)
        case "per_person":
            return round(value, 2)
        case "days" | "yen":
            return round(value)
        case _:
            return value


def amount(words: Words, figure: Definition, value: float | None) -> str:
    """So much, with its unit; "–" where there is nothing to tell it of."""
    if value is None:
        return words.say("owner.figures.none")
    number = plain(words, figure, value)
    if figure.unit == "points":
        return words.amount(round(number))
    said = f"{number:,.1f}" if figure.unit in ("share", "per_person") else round(number)
    return words.say(f"owner.figures.unit.{figure.unit}", count=said)


def points_otherwise(words: Words, figure: Definition, value: float | None) -> str:
    """Points that are told in points, in yen; those told in yen, in points. Nothing of what is
    neither."""
    if value is None or figure.unit not in ("points", "worth"):
        return ""
    points = round(value)
    if figure.unit == "worth":
        return words.say("owner.figures.in_points", amount=words.amount(points))
    worth = worth_yen(words.programme.rewards, points)
    return words.say("owner.figures.in_yen", yen=worth)


@dataclass(frozen=True, slots=True)
class Move:
    """How a figure stands beside what it was."""

    #: "up", "down" or "same"; None where it can't be told.
    way: str | None
    #: Whether that is good; None where it depends, or nothing moved.
    is_good: bool | None
    #: In words; empty where it can't be told.
    said: str


def move(words: Words, figure: Definition, now: float | None, before: float | None) -> Move:
    if now is None or before is None:
        return Move(None, None, "")
    by = now - before
    if abs(by) <= _MOVED * abs(before):
        return Move("same", None, words.say("owner.figures.move.same"))
    way = "up" if by > 0 else "down"
    good = None if figure.more_is_better is None else figure.more_is_better == (by > 0)
    if figure.unit == "share":
        said = words.say(f"owner.figures.move.{way}_points", count=f"{abs(100 * by):,.1f}")
    elif before > _FEW or (figure.unit == "per_person" and before):
        said = words.say(f"owner.figures.move.{way}", count=f"{abs(100 * by / before):,.0f}")
    else:
        said = words.say(f"owner.figures.move.{way}_by", much=amount(words, figure, abs(by)))
    return Move(way, good, said)


def step_word(words: Words, period: Period, step: DaySpan) -> str:
    """A day or a month of the period, short enough for an axis."""
    if not period.by_month:
        return show(words.lang, step.first)
    if step.first.day > 1:
        return words.say("owner.figures.from_day", day=show(words.lang, step.first))
    return month_word(words.lang, step.first)


def span_line(words: Words, span: DaySpan) -> str:
    """From which day to which."""
    first, last = (long_date(words.lang, day) for day in (span.first, span.last))
    return words.say("owner.figures.span", first=first, last=last)


def day_word(words: Words, day: date) -> str:
    return long_date(words.lang, day)
