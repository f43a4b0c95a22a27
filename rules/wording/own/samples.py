"""What typically stands where a text has a placeholder: for who writes such texts, and to see how
long they become. What is said in words stands in the texts (`owner.words.sampled`)."""

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from string import Formatter
from typing import Any, Final

from ...base import Lang
from ..texts import Text, fill, month_word, section
from .terms import Term

_DAY: Final = date(2026, 10, 31)

#: The shop's own words for things (`shop_terms`) as they typically are: every text may name
#: them, none must.
_TERMS: Final[Mapping[Lang, Mapping[str, Term]]] = {
    "ja": {"visit": Term("来店"), "points": Term("ポイント"), "counter": Term("カウンター"),
           "birthday": Term("お誕生日")},
    "en": {"visit": Term("visit"), "points": Term("points"), "counter": Term("the counter"),
           "birthday": Term("birthday month")},
}  # fmt: skip
TERMS: Final = frozenset(_TERMS["ja"])
_FIGURES: Final[Mapping[str, Any]] = {
    "age": 16, "all": 8, "count": 12, "days": 30, "every": 4, "had": 3, "left": 8, "minutes": 10,
    "months": 12, "most": 500, "n": 5, "needed": 10, "percent": 10, "places": 10, "sooner": 40,
    "times": 2,
    "visits": 20, "week": 2, "weeks": 4, "years": 3, "yen": 1_000,
    "start": time(10), "end": time(21), "time": time(14, 30),
    **dict.fromkeys(
        ("by", "day", "ends", "first", "gift_until", "last", "on", "opens", "starts", "until"), _DAY
    ),
}  # fmt: skip


def samples(lang: Lang, terms: Mapping[str, Term] | None = None) -> dict[str, Any]:
    """A value for each placeholder that a text may have, as `fill` takes it; `terms` are the shop's
    own words where a shop is known."""
    terms = terms or _TERMS[lang]
    told = section(lang, "owner.words.sampled")
    said = {name: fill(lang, text, terms) for name, text in told.items()}
    return {**said, **terms, **_FIGURES, "month": month_word(lang, _DAY)}


@cache
def _typical(lang: Lang) -> dict[str, Any]:
    return samples(lang)


def sample_filled(lang: Lang, text: Text, values: Mapping[str, Any] | None = None) -> str:
    """The text with a sample for each placeholder, or what is given; dots where nothing is known
    of it."""
    values = _typical(lang) if values is None else values
    forms = text.values() if isinstance(text, dict) else (text,)
    names = {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}
    return fill(lang, text, {name: values.get(name, "…") for name in (*names, "count")})
