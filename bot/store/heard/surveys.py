"""Surveys: when members were asked which, and what they answered."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, select, update

from rules.heard.surveys import SurveyAnswer, SurveyRound

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import survey_answers, survey_rounds
from . import stores


@dataclass(frozen=True, slots=True)
class MemberRound:
    """One time at which a member was asked the questions of a survey."""

    member_id: int
    survey: str
    round: SurveyRound
    #: The journey that asked; empty where they began by themselves.
    asked_by: str
    #: The question that a typed text would answer.
    asking: str | None = None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer, and in whose round of which survey it was given."""

    member_id: int
    survey: str
    n: int
    answer: SurveyAnswer


def ask(
    uow: UnitOfWork, cards: Sequence[int], survey: str, *, at: datetime, by: str
) -> MemberRound:
    """The next round of the survey of the first of these cards, all one person's, who is locked;
    `by` a journey, or "" themselves."""
    member_id = cards[0]
    n = next_number(uow, survey_rounds.c.n, member_id=member_id, survey=survey)
    row = {
        "member_id": member_id, "survey": survey, "n": n, "asked_at": at, "asked_by": by,
        "store": stores.came_last(uow, cards, at),
    }  # fmt: skip
    uow.insert_new(survey_rounds, [row])
    return MemberRound(member_id, survey, SurveyRound(n, at), by)


def last(uow: UnitOfWork, cards: Collection[int], survey: str) -> MemberRound | None:
    """The latest round of the survey with one of these cards."""
    mine = survey_rounds.c.member_id.in_(cards) & (survey_rounds.c.survey == survey)
    newest = (survey_rounds.c.asked_at.desc(), survey_rounds.c.n.desc())
    row = uow.run(select(survey_rounds).where(mine).order_by(*newest).limit(1)).first()
    return _round(row) if row else None


def unfinished(uow: UnitOfWork, cards: Collection[int]) -> list[MemberRound]:
    """What these cards haven't finished, whatever was put to them last in front."""
    mine = survey_rounds.c.member_id.in_(cards) & survey_rounds.c.finished_at.is_(None)
    latest = func.coalesce(survey_rounds.c.touched_at, survey_rounds.c.asked_at)
    order = (latest.desc(), survey_rounds.c.survey)
    return [_round(row) for row in uow.run(select(survey_rounds).where(mine).order_by(*order))]


def put_question(uow: UnitOfWork, which: MemberRound, question: str, *, at: datetime) -> None:
    """Notes that the question was put to the member: a typed text would answer it."""
    begun = func.coalesce(survey_rounds.c.begun_at, at)
    _change(uow, which, begun_at=begun, touched_at=at, asking=question)


def finish(uow: UnitOfWork, which: MemberRound, *, at: datetime) -> None:
    """Nothing is left to ask."""
    _change(uow, which, finished_at=at, asking=None)


def answers(uow: UnitOfWork, which: MemberRound) -> dict[str, SurveyAnswer]:
    """What was answered in that round, by question."""
    rows = uow.run(select(survey_answers).where(_in(survey_answers, which)))
    return {row.question: _answer(row) for row in rows}


def put(uow: UnitOfWork, which: MemberRound, answer: SurveyAnswer) -> None:
    """Writes an answer, in place of what was answered to the question before."""
    values = {name: getattr(answer, name) for name in SurveyAnswer.__dataclass_fields__}
    its = {"member_id": which.member_id, "survey": which.survey, "n": which.round.n}
    if not uow.insert_new(survey_answers, [its | values]):
        mine = _in(survey_answers, which) & (survey_answers.c.question == answer.question)
        uow.run(update(survey_answers).where(mine).values(values))


def by_key(uow: UnitOfWork, key: str) -> GivenAnswer | None:
    """The answer that was typed under that outside key."""
    row = uow.run(select(survey_answers).where(survey_answers.c.key == key)).first()
    return _given(row) if row else None


def get(uow: UnitOfWork, given: GivenAnswer) -> MemberRound | None:
    """The round in which that answer was given."""
    mine = (
        (survey_rounds.c.member_id == given.member_id)
        & (survey_rounds.c.survey == given.survey)
        & (survey_rounds.c.n == given.n)
    )
    row = uow.run(select(survey_rounds).where(mine)).first()
    return _round(row) if row else None


def take_back(uow: UnitOfWork, key: str) -> None:
    """Lets go of the answer that was typed under that outside key."""
    uow.run(delete(survey_answers).where(survey_answers.c.key == key))


def of_cards(uow: UnitOfWork, cards: Collection[int], *, limit: int) -> list[GivenAnswer]:
    """What was answered with these cards, the newest first."""
    mine = select(survey_answers).where(survey_answers.c.member_id.in_(cards))
    newest = (survey_answers.c.at.desc(), survey_answers.c.survey, survey_answers.c.question)
    return [_given(row) for row in uow.run(mine.order_by(*newest).limit(limit))]


def rounds_of(uow: UnitOfWork, survey: str, *, since: datetime) -> list[MemberRound]:
    """All rounds of a survey that were asked since then, the oldest first."""
    its = (survey_rounds.c.survey == survey) & (survey_rounds.c.asked_at >= since)
    order = (survey_rounds.c.asked_at, survey_rounds.c.member_id, survey_rounds.c.n)
    return [_round(row) for row in uow.run(select(survey_rounds).where(its).order_by(*order))]


def answers_to(uow: UnitOfWork, survey: str, *, since: datetime) -> Iterator[GivenAnswer]:
    """All that was answered to a survey since then, the oldest first."""
    its = (survey_answers.c.survey == survey) & (survey_answers.c.at >= since)
    order = (survey_answers.c.at, survey_answers.c.member_id, survey_answers.c.n)
    yield from (_given(row) for row in uow.run(select(survey_answers).where(its).order_by(*order)))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Keeps of somebody who is erased the numbers, which tell nobody apart."""
    mine = survey_answers.c.member_id.in_(member_ids)
    uow.run(delete(survey_answers).where(mine, survey_answers.c.number.is_(None)))
    uow.run(update(survey_answers).where(mine).values(key=None))
    theirs = survey_rounds.c.member_id.in_(member_ids)
    uow.run(update(survey_rounds).where(theirs).values(asking=None))


def _in(table: Table, which: MemberRound) -> ColumnElement[bool]:
    return (
        (table.c.member_id == which.member_id)
        & (table.c.survey == which.survey)
        & (table.c.n == which.round.n)
    )


def _change(uow: UnitOfWork, which: MemberRound, **values: Any) -> None:
    uow.run(update(survey_rounds).where(_in(survey_rounds, which)).values(values))


def _round(row: Row[Any]) -> MemberRound:
    found = SurveyRound(row.n, row.asked_at, row.begun_at, row.finished_at)
    return MemberRound(row.member_id, row.survey, found, row.asked_by, row.asking)


def _given(row: Row[Any]) -> GivenAnswer:
    return GivenAnswer(row.member_id, row.survey, row.n, _answer(row))


def _answer(row: Row[Any]) -> SurveyAnswer:
    return SurveyAnswer(**{name: getattr(row, name) for name in SurveyAnswer.__dataclass_fields__})
