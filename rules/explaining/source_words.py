"""What sources brought and cost, in words."""

from dataclasses import dataclass
from typing import Literal

from ..figures.sources import EARLY_DAYS, SourceResult
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
