"""What is said of a programme: a problem, which can't be so; a caution, which is unwise; and the
law's limit on prizes."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from ..base import Lang, LocalText
from ..wording.texts import say

#: Prizes to everybody (総付景品), yen: see `check`.
PRIZE_YEN, PRIZE_SHARE_FROM_YEN, PRIZE_SHARE_PERCENT = 200, 1_000, 20


@dataclass(frozen=True, slots=True)
class Remark(ABC):
    """Something to be said of a programme."""

    #: The place in the file (`earning[2] "visit" .award.points`); lists count from 0.
    path: str
    #: Names its sentence in the texts.
    code: str
    #: What that sentence says.
    values: dict[str, Any] = field(default_factory=dict)

    @abstractmethod
    def message(self, lang: Lang) -> str:
        """The sentence, filled in."""

    def shown(self, lang: Lang) -> dict[str, Any]:
        """The values, with the shop's own words in `lang`."""
        return {
            name: value.in_(lang) if isinstance(value, LocalText) else value
            for name, value in self.values.items()
        }


@dataclass(frozen=True, slots=True)
class Problem(Remark):
    """Something that can't be so (`problem.<code>` in the texts)."""

    def message(self, lang: Lang) -> str:
        """What may be there instead."""
        return say(lang, f"problem.{self.code}", **self.shown(lang))

    def line(self, lang: Lang) -> str:
        """Where it is, and what may be there instead."""
        return f"{self.path}: {self.message(lang)}"


@dataclass(frozen=True, slots=True)
class Caution(Remark):
    """Something unwise (`check.<code>`)."""

    def message(self, lang: Lang) -> str:
        """What it is and what to do, in one or two sentences."""
        return say(lang, f"check.{self.code}", **self.shown(lang))


def prize_limit(min_purchase_yen: int) -> int:
    """The most a prize to everybody may be worth, in yen, with a purchase of so many yen."""
    if min_purchase_yen < PRIZE_SHARE_FROM_YEN:
        return PRIZE_YEN
    return min_purchase_yen * PRIZE_SHARE_PERCENT // 100
