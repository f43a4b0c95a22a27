"""Surveys: what members are asked, question by question, and when they may be asked again.

Satisfaction and loyalty are asked in surveys of their own kinds, and never become one figure.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..base import Id, Impossible, LocalText, Strict

#: expectation: what somebody hopes for before their first visit; experience: how it was then,
#: beside what they had hoped; satisfaction: after a visit; nps: whether they would recommend the
#: shop; monitor: for those who are asked for their opinion of something.
SurveyKind = Literal["expectation", "experience", "satisfaction", "nps", "monitor"]
QuestionKind = Literal["scale", "choice", "words"]

#: A message of LINE's suggests thirteen answers at most; one of them is "later".
CHOICES_MAX = 12
#: The one scale that makes a Net Promoter Score (Reichheld, "The One Number You Need to Grow",
#: Harvard Business Review, December 2003).
NPS_SCALE = (0, 10)
#: What is hoped for is told once. Who is asked for their loyalty more often than every quarter
#: tells of the last visit.
_DAYS_APART = {
    "expectation": None, "experience": None, "satisfaction": 30, "nps": 90, "monitor": 30,
}  # fmt: skip
#: An answer of these kinds may be low enough that somebody of the shop should speak with them.
_TELLS_HOW_IT_WAS: frozenset[SurveyKind] = frozenset({"experience", "satisfaction", "nps"})
#: Of an NPS these are far below the detractors' upper end (6): many in Japan choose the middle
#: without meaning anything bad.
_LOW_NPS = 4
#: The lower two of five, and as much of other scales.
_LOW_SHARE = 0.4


class SurveyChoice(Strict):
    """One answer to choose."""

    id: Id
    name: LocalText


class Question(Strict):
    """One question: a message of its own."""

    id: Id
    kind: QuestionKind
    text: LocalText
    #: The ends of a scale, both included, and what they mean.
    least: Annotated[int, Field(ge=0, le=1)] = 1
    most: Annotated[int, Field(ge=3, le=10)] = 5
    least_means: LocalText | None = None
    most_means: LocalText | None = None
    choices: Annotated[tuple[SurveyChoice, ...], Field(max_length=CHOICES_MAX)] = ()
    #: What is agreed to before it is answered, kept word for word: for what may tell of somebody's
    #: health. None where nothing is.
    consent: LocalText | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ids = [choice.id for choice in self.choices]
        if self.kind == "choice" and len(ids) < 2:
            raise Impossible("question_choices")
        if self.kind != "choice" and ids:
            raise Impossible("question_no_choices")
        if len({*ids}) < len(ids):
            raise Impossible("question_choices_twice")
        scale = {"least", "most", "least_means", "most_means"} & self.model_fields_set
        if self.kind != "scale" and scale:
            raise Impossible("question_no_scale")
        return self

    @property
    def scale(self) -> tuple[int, int]:
        return self.least, self.most

    @property
    def values(self) -> range:
        """What can be answered on its scale."""
        return range(self.least, self.most + 1)

    def choice(self, choice: str) -> SurveyChoice | None:
        return next((each for each in self.choices if each.id == choice), None)


class Survey(Strict):
    """Questions that are asked together, one after another."""

    id: Id
    kind: SurveyKind
    title: LocalText
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=12)]
    #: The expectation that an experience is held beside, by its id.
    of: Id | None = None
    #: Who may answer, by rank; all, where none is named.
    ranks: tuple[Id, ...] = ()
    #: Asked so long after it was asked last. None: as its kind has it.
    days_apart: Annotated[int, Field(ge=1, le=730)] | None = None
    #: For so long it can be answered, and taken up again.
    valid_days: Annotated[int, Field(ge=1, le=60)] = 14
    #: Who finishes it has given feedback, whatever they answered.
    is_feedback: bool = False

    @model_validator(mode="after")
    def _by_the_book(self) -> Self:
        ids = [question.id for question in self.questions]
        if len({*ids}) < len(ids):
            raise Impossible("questions_twice")
        first = self.questions[0]
        if self.kind == "nps" and (first.kind != "scale" or first.scale != NPS_SCALE):
            raise Impossible("nps_scale")
        if self.kind == "nps" and any(each.kind == "scale" for each in self.questions[1:]):
            raise Impossible("nps_one_scale")
        if (self.kind == "experience") != (self.of is not None):
            raise Impossible("experience_of")
        return self

    @property
    def rest_days(self) -> int | None:
        """Asked so long after it was asked last; None: once only."""
        return self.days_apart if self.days_apart is not None else _DAYS_APART[self.kind]

    @property
    def opens_at_a_wish(self) -> bool:
        """Whether somebody may begin it unasked: the others are about a visit, or would be a choice
        of those who like to answer."""
        return self.kind in ("expectation", "monitor")

    def question(self, question: str) -> Question | None:
        return next((each for each in self.questions if each.id == question), None)

    def is_low(self, question: Question, number: int) -> bool:
        """Whether that answer is so low that somebody of the shop should speak with them: of an NPS
        4 or less, of other scales the lowest two fifths (2 of 5)."""
        if self.kind not in _TELLS_HOW_IT_WAS or question.kind != "scale":
            return False
        if self.kind == "nps":
            return number <= _LOW_NPS
        least, most = question.scale
        return number - least + 1 <= _LOW_SHARE * (most - least + 1)


@dataclass(frozen=True, slots=True)
class SurveyRound:
    """One time at which a member was asked the questions of a survey: their `n`-th."""

    n: int
    asked_at: datetime
    begun_at: datetime | None = None
    finished_at: datetime | None = None

    def is_valid(self, survey: Survey, now: datetime) -> bool:
        """Whether it still can be answered, or changed."""
        return now < self.asked_at + timedelta(days=survey.valid_days)

    def is_open(self, survey: Survey, now: datetime) -> bool:
        """Whether there is something left to answer."""
        return self.finished_at is None and self.is_valid(survey, now)


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What was answered to one question. None of number, choice and words: it was passed over."""

    question: str
    at: datetime
    number: int | None = None
    #: The ends of its scale; None where there is no number.
    least: int | None = None
    most: int | None = None
    choice: str | None = None
    words: str | None = None
    #: The outside key of a typed answer.
    key: str | None = None

    @property
    def scale(self) -> tuple[int | None, int | None]:
        return self.least, self.most


def may_ask(survey: Survey, last: SurveyRound | None, now: datetime) -> bool:
    """Whether a new round may begin after the member's `last` one."""
    if last is None:
        return True
    rest = survey.rest_days
    return rest is not None and now >= last.asked_at + timedelta(days=rest)


@dataclass(frozen=True, slots=True)
class Respondent:
    """What of a member says whether they may be asked."""

    rank: str | None
    joined_on: date
    first_visit_on: date | None


def not_for(survey: Survey, who: Respondent, today: date) -> str | None:
    """Why somebody like them isn't asked (`chat.questions.<reason>`); None when they are. What is
    hoped for of the first visit can be told until then, and that whole day by who joined on it: at
    the till both are a minute apart."""
    if survey.ranks and who.rank not in survey.ranks:
        return "other_rank"
    if survey.kind != "expectation" or who.first_visit_on is None:
        return None
    is_first_day = who.first_visit_on == who.joined_on == today
    return None if is_first_day else "came_already"
