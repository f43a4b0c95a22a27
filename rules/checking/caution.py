"""A caution: what is possible in a programme and yet unwise; and the law's limit on prizes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..base import Lang, LocalText
from ..wording.texts import say

#: Prizes to everybody (総付景品), yen: see `check`.
PRIZE_YEN, PRIZE_SHARE_FROM_YEN, PRIZE_SHARE_PERCENT = 200, 1_000, 20


@dataclass(frozen=True, slots=True)
class Caution:
    """Something unwise."""

    #: The place in the file.
    path: str
    #: Names its sentence in the texts: `check.<code>`, or `loss.<code>`.
    code: str
    #: What that sentence says.
    values: dict[str, Any] = field(default_factory=dict)
    section: ClassVar[str] = "check"

    def message(self, lang: Lang) -> str:
        """What it is and what to do, in one or two sentences."""
        shown = {
            name: value.in_(lang) if isinstance(value, LocalText) else value
            for name, value in self.values.items()
        }
        return say(lang, f"{self.section}.{self.code}", **shown)


def prize_limit(min_purchase_yen: int) -> int:
    """The most a prize to everybody may be worth, in yen, with a purchase of so many yen."""
    if min_purchase_yen < PRIZE_SHARE_FROM_YEN:
        return PRIZE_YEN
    return min_purchase_yen * PRIZE_SHARE_PERCENT // 100
