"""Cases: what a member said that somebody of the shop answers, by when, and in which words.

A complaint, a low score, a suggestion or a question opens one; whatever they write about it then,
and whatever is answered, belongs to it until it is closed.
"""

from datetime import datetime, timedelta
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field, field_validator

from ..base import Id, Impossible, LocalText, Strict
from ..shop import SPAN_DAYS_MAX, Shop

#: Why there is a case. `absence`: the answer to being asked why they stay away; `leaving`: why they
#: left the club, which nobody has to answer.
CaseReason = Literal["complaint", "low_score", "suggestion", "question", "absence", "leaving"]
#: open: the member waits; answered: the shop has spoken last; closed: it is over.
CaseState = Literal["open", "answered", "closed"]
#: What somebody of the shop did for a member, or heard of them then. `refused`: they want no more
#: calls.
ContactKind = Literal[
    "answered", "closed", "helped", "not_helped",
    "called", "called_no_answer", "called_refused", "mailed", "spoken", "noted",
]  # fmt: skip
#: Ways by which somebody may not want to be turned to (「電話・DMは不要」).
Way = Literal["phone", "mail"]

#: These are to be answered first.
URGENT: frozenset[CaseReason] = frozenset({"complaint", "low_score"})
#: What is written so long after the last word is about something else.
SAME_CASE = timedelta(days=14)
#: What may stand in a prepared answer: the member's name with its 様, the shop, who answers.
PLACEHOLDERS = ("name", "shop", "staff")
_DAY = timedelta(days=1)


class PreparedAnswer(Strict):
    """An answer that staff begin with, and change as they like."""

    id: Id
    #: How the staff choose it.
    name: LocalText
    #: May hold PLACEHOLDERS.
    text: LocalText

    @field_validator("text")
    @classmethod
    def _fills_in(cls, value: LocalText) -> LocalText:
        for text in (value.ja, value.en):
            try:
                named = [part for part in Formatter().parse(text) if part[1] is not None]
            except ValueError as problem:
                raise Impossible("braces") from problem
            for _, name, spec, conversion in named:
                if name not in PLACEHOLDERS or spec or conversion:
                    raise Impossible(
                        "placeholder", name=f"{{{name}}}", allowed=", ".join(PLACEHOLDERS)
                    )
        return value


class CasePolicy(Strict):
    """How soon members are answered, and with which words staff may begin."""

    #: Hours of the shop's open days.
    answer_within_hours: Annotated[int, Field(ge=1, le=720)] = 24
    #: The same of a complaint or a low score.
    urgent_within_hours: Annotated[int, Field(ge=1, le=720)] = 8
    answers: Annotated[tuple[PreparedAnswer, ...], Field(max_length=30)] = ()

    def due(self, shop: Shop, at: datetime, reason: CaseReason) -> datetime:
        """By when what was said at `at` is to be answered: days on which the shop is closed don't
        count."""
        hours = self.urgent_within_hours if reason in URGENT else self.answer_within_hours
        left, since, day = timedelta(hours=hours), at, shop.business_date(at)
        for _ in range(SPAN_DAYS_MAX):
            ends = shop.opens(day + _DAY)
            if shop.is_open(day):
                if since + left <= ends:
                    return since + left
                left -= ends - since
            since, day = ends, day + _DAY
        return since


def prepared(answer: PreparedAnswer, lang: Literal["ja", "en"], **values: str) -> str:
    """The prepared answer with its placeholders filled in."""
    return answer.text.in_(lang).format_map(values)


def goes_on(state: CaseState, last_at: datetime, at: datetime) -> bool:
    """Whether what is written at `at` belongs to a case of which the last word was at `last_at`."""
    return state == "open" or (state == "answered" and at - last_at <= SAME_CASE)
