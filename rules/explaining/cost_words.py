"""What things cost, in words: sources of members, a message's visitor, the next ninety days."""

from dataclasses import dataclass
from math import log10
from typing import Literal

from ..figures.sources import EARLY_DAYS, SourceResult
from ..journeys.costs import Spent
from ..journeys.results import Comparison
from ..outlook.ahead import AHEAD_DAYS, ExpectedCost
from ..programme.rewards import best_for_points, yen_of_a_point
from ..science.worth import yen_per_visitor
from ..wording.words import Words

#: What is told of a source, in this order.
SourceValue = Literal[
    "joined", "first", "second", "stays", "visits", "yen", "cost", "per_member", "per_visit",
    "sales_per_yen", "visits_all", "yen_all",
]  # fmt: skip
#: What is compared with the days before: what goes on growing isn't.
_COMPARED = frozenset({
    "joined", "first", "second", "stays", "visits", "yen", "cost", "per_member", "per_visit",
    "sales_per_yen",
})  # fmt: skip
#: What a shop without purchases has nothing of.
_OF_PURCHASES = frozenset({"yen", "sales_per_yen", "yen_all"})
ALL_VALUES: tuple[SourceValue, ...] = (
    "joined", "first", "second", "stays", "visits", "yen", "cost", "per_member", "per_visit",
    "sales_per_yen", "visits_all", "yen_all",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A figure of a source, as it is read."""

    name: str
    means: str
    now: str
    #: In the days before; empty where it isn't compared.
    before: str


def values_told(words: Words) -> tuple[SourceValue, ...]:
    """What is told of sources in this shop."""
    has_purchases = words.programme.purchase is not None
    return tuple(each for each in ALL_VALUES if has_purchases or each not in _OF_PURCHASES)


def source_lines(
    words: Words, now: SourceResult, before: SourceResult | None
) -> tuple[SourceLine, ...]:
    """All that is told of a source; `before` is None where there was no club yet."""
    return tuple(
        SourceLine(
            value_name(words, each),
            words.say(f"owner.sources.means.{each}", days=EARLY_DAYS),
            value_said(words, now, each),
            value_said(words, before, each) if before and each in _COMPARED else "",
        )
        for each in values_told(words)
    )


def value_name(words: Words, value: SourceValue) -> str:
    return words.say(f"owner.sources.value.{value}", days=EARLY_DAYS)


def value_said(words: Words, result: SourceResult, value: SourceValue) -> str:
    """So much, with its unit; what isn't known is said not to be."""
    number: float | None = getattr(result, value)
    if value == "cost" and number is None:
        return words.say("owner.sources.no_cost")
    if number is None:
        return words.say("owner.sources.none")
    match value:
        case "cost" | "yen" | "yen_all" | "per_member" | "per_visit":
            return words.say("owner.sources.unit.yen", count=round(number))
        case "sales_per_yen":
            return words.say("owner.sources.unit.yen_for_yen", count=f"{number:,.1f}")
        case "visits" | "visits_all":
            return words.say("owner.sources.unit.times", count=int(number))
        case "second" | "stays" | "first" if result.joined:
            share = f"{100 * number / result.joined:.0f}"
            return words.say("owner.sources.unit.of_joined", count=int(number), share=share)
        case _:
            return words.say("owner.sources.unit.people", count=int(number))


def plain_value(result: SourceResult, value: SourceValue) -> str:
    """The same as a number, as rows of a table have it; empty where it isn't known."""
    number: float | None = getattr(result, value)
    if number is None:
        return ""
    return f"{number:.2f}" if isinstance(number, float) else str(number)


def yen(words: Words, amount: float | None) -> str:
    """So much; "–" where nobody knows."""
    if amount is None:
        return words.say("owner.costs.none")
    return words.say("owner.costs.yen", count=round(amount))


def roughly(amount: float) -> float:
    """An estimate, as exactly as it may be told: by its first three figures."""
    return amount if amount < 1 else round(amount, 2 - int(log10(amount)))


def point_yen(words: Words) -> str:
    """What a point is taken to be worth, as a number."""
    return f"{yen_of_a_point(words.programme.rewards):.2f}".rstrip("0").rstrip(".")


def point_rate(words: Words) -> str:
    """What a point is taken to be worth, and by which reward."""
    best = best_for_points(words.programme.rewards)
    each = point_yen(words)
    if best is None or not best.cost:
        return words.say("owner.costs.rate_without", yen=each)
    told = {"reward": words.name(best.name), "amount": words.amount(best.cost)}
    return words.say("owner.costs.rate", yen=each, worth=yen(words, best.value_yen), **told)


def spent_said(words: Words, its: Spent) -> str:
    """What messages cost, and the gifts of those who came, at the most."""
    told = {"count": its.messages, "yen": yen(words, its.yen), "gifts": yen(words, its.gifts_yen)}
    return words.say(f"owner.results.spent.{its.gifts}", **told)


def yen_range(words: Words, low: float, high: float) -> str:
    if round(low) == round(high):
        return yen(words, low)
    return words.say("owner.costs.range", low=yen(words, low), high=yen(words, high))


@dataclass(frozen=True, slots=True)
class VisitorCost:
    """What one more visitor costs in messages."""

    #: In a few words, and with its range in a sentence.
    short: str
    sentence: str


def visitor_cost(words: Words, seen: Comparison | None) -> VisitorCost:
    """By what messages brought against sending nothing; what can't be told yet is said so."""

    def said(name: str, short: str, **values: object) -> VisitorCost:
        return VisitorCost(short, words.say(f"owner.costs.visitor.{name}", **values))

    effect = seen.effect if seen else None
    unknown = words.say("owner.costs.cannot_tell")
    if effect is None:
        return said("early", unknown)
    about = effect.about if effect.likely is None else effect.likely
    about = max(effect.low, min(effect.high, about))
    found = yen_per_visitor(
        words.programme.sending.message_yen, about=about, low=effect.low, high=effect.high
    )
    if found.low is None:
        return said("none", words.say("owner.costs.brings_none"))
    least = yen(words, found.low)
    if found.high is None or found.about is None:
        return said("unknown", unknown, least=least)
    likely, most = yen(words, found.about), yen(words, found.high)
    short = words.say("owner.costs.about", yen=likely)
    return said("known", short, likely=likely, least=least, most=most)


@dataclass(frozen=True, slots=True)
class AheadLine:
    """A row of the next ninety days."""

    id: str
    name: str
    means: str
    likely: str
    range: str
    most: str


def ahead_line(words: Words, ahead: ExpectedCost, **counted: object) -> AheadLine:
    known = ahead.low is not None and ahead.high is not None
    return AheadLine(
        ahead.id,
        words.say(f"owner.costs.ahead.{ahead.id}.name"),
        words.say(f"owner.costs.ahead.{ahead.id}.means", days=AHEAD_DAYS, **counted),
        words.say("owner.costs.cannot_tell") if ahead.likely is None else yen(words, ahead.likely),
        yen_range(words, ahead.low or 0, ahead.high or 0) if known else "",
        yen(words, ahead.most),
    )
