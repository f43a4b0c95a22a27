"""A "no" in the words that staff read: why, and what to do next."""

from dataclasses import dataclass

from ..base import Lang
from .texts import say


@dataclass(frozen=True, slots=True)
class No:
    """`why` it wasn't done, and what to do `then`: a sentence each."""

    why: str
    then: str


def no(lang: Lang, code: str, *, points: str, count: int = 0) -> No:
    """The refusal `code` of an undo or an adjustment; `points` is what the shop calls them, and
    `count` how many it is about. KeyError for another code."""
    values = {"points": points, "count": count}
    return No(say(lang, f"no.{code}.why", **values), say(lang, f"no.{code}.then", **values))
