"""What members said, counted: cases by reason and topic, stars, and what scales of surveys got."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select, tuple_

from rules.heard.cases import CaseReason
from rules.heard.summary import CaseTimes
from rules.heard.topics import CaseTopic

from ..engine.db import UnitOfWork
from ..tables import CASE_IS_OPEN, cases, inbox, members, reviews, survey_answers, survey_rounds
from .cases import Case, CaseName, case_of_row


@dataclass(frozen=True, slots=True)
class HeardSpan:
    """What is counted: of the half-open span, and of one store, or of all (None)."""

    since: datetime
    until: datetime
    store: str | None = None


@dataclass(frozen=True, slots=True)
class HeardWords:
    """A letter, with the case that it stands in."""

    id: int
    text: str
    at: datetime
    case: Case


@dataclass(frozen=True, slots=True)
class ScaleCount:
    """How many gave this number to a question in one of the steps asked for, each member by their
    latest answer there; `latest`: those of whom it is the latest of all."""

    question: str
    step: int
    store: str | None
    number: int
    scale: tuple[int | None, int | None]
    count: int
    latest: int


def open_cases(uow: UnitOfWork, store: str | None, *, skip: int, limit: int) -> list[Case]:
    """Who waits for an answer, the one who is to have it first in front."""
    found = select(cases).where(CASE_IS_OPEN, *_at(cases.c.store, store))
    ordered = found.order_by(cases.c.due_at, cases.c.member_id, cases.c.number)
    return [case_of_row(row) for row in uow.run(ordered.offset(skip).limit(limit))]


def open_by_store(uow: UnitOfWork, now: datetime) -> dict[str | None, tuple[int, int]]:
    """How many wait, and of these how many for longer than they should, by store."""
    late = func.sum(case((cases.c.due_at < now, 1), else_=0))
    found = select(cases.c.store, func.count(), late).where(CASE_IS_OPEN).group_by(cases.c.store)
    return {store: (int(count), int(overdue)) for store, count, overdue in uow.run(found)}


def case_times(uow: UnitOfWork, span: HeardSpan, now: datetime) -> list[CaseTimes]:
    """Of each case that was opened then, what is counted."""
    its = cases.c
    found = select(
        its.reason, its.state, its.opened_at, its.answered_at, its.due_at, its.last_at, its.helped,
        its.store,
    ).where(*_opened(span))  # fmt: skip
    return [_times(row, now) for row in uow.run(found)]


def _times(row: Row[tuple[object, ...]], now: datetime) -> CaseTimes:
    return CaseTimes(
        row.reason,
        row.state,
        row.opened_at,
        row.answered_at,
        row.state == "open" and row.due_at < now,
        row.helped,
        row.last_at if row.state == "closed" and row.answered_at is not None else None,
        row.store,
    )


def topic_counts(
    uow: UnitOfWork, span: HeardSpan
) -> dict[tuple[CaseReason, CaseTopic | None], int]:
    """How many cases were opened then, by reason and topic."""
    found = select(cases.c.reason, cases.c.topic, func.count()).where(*_opened(span))
    grouped = found.group_by(cases.c.reason, cases.c.topic)
    return {(reason, topic): int(count) for reason, topic, count in uow.run(grouped)}


def star_counts(uow: UnitOfWork, span: HeardSpan) -> dict[int, int]:
    """How many reviews were told then, by their stars; none whose stars nobody has seen yet."""
    found = select(reviews.c.stars, func.count()).where(
        reviews.c.at >= span.since,
        reviews.c.at < span.until,
        reviews.c.status == "counted",
        *_at(reviews.c.store, span.store),
    )
    return {int(stars): int(count) for stars, count in uow.run(found.group_by(reviews.c.stars))}


def words_of(
    uow: UnitOfWork, span: HeardSpan, among: Sequence[ColumnElement[bool]], *, skip: int, limit: int
) -> list[HeardWords]:
    """What was written in the cases that were opened then, the newest first."""
    found = (
        select(cases, inbox.c.id, inbox.c.text, inbox.c.at)
        .join(
            inbox,
            and_(inbox.c.member_id == cases.c.member_id, inbox.c.case_number == cases.c.number),
        )
        .where(*_opened(span), *among)
        .order_by(cases.c.opened_at.desc(), inbox.c.id.desc())
    )
    rows = uow.run(found.offset(skip).limit(limit))
    return [HeardWords(row.id, row.text, row.at, case_of_row(row)) for row in rows]


def about(
    reason: CaseReason | None, topic: CaseTopic | None, *, unsorted: bool
) -> list[ColumnElement[bool]]:
    """Cases with that reason and topic, where they are asked for; or those that nobody sorted."""
    asked = [] if reason is None else [cases.c.reason == reason]
    if unsorted:
        asked.append(cases.c.topic.is_(None))
    elif topic is not None:
        asked.append(cases.c.topic == topic)
    return asked


def scale_counts(uow: UnitOfWork, survey: str, steps: Sequence[datetime]) -> list[ScaleCount]:
    """What the scales of a survey got since the first of `steps`, each the beginning of one; with
    whichever of their cards a member answered."""
    keeper, above = members.alias("keeper"), members.alias("above")
    who = func.coalesce(above.c.merged_into, keeper.c.merged_into, survey_answers.c.member_id)
    its = survey_answers.c
    step = case(
        *[(its.at < end, literal(n)) for n, end in enumerate(steps[1:])], else_=len(steps) - 1
    )
    newest = (its.at.desc(), its.n.desc())
    given: Select[tuple[object, ...]] = (
        select(
            its.question, step.label("step"), survey_rounds.c.store, its.number, its.least,
            its.most,
            func.row_number().over(partition_by=(its.question, who, step), order_by=newest)
            .label("nth_of_step"),
            func.row_number().over(partition_by=(its.question, who), order_by=newest).label("nth"),
        )
        .join(
            survey_rounds,
            and_(
                survey_rounds.c.member_id == its.member_id,
                survey_rounds.c.survey == its.survey,
                survey_rounds.c.n == its.n,
            ),
        )
        .join(keeper, keeper.c.id == its.member_id)
        .outerjoin(above, above.c.id == keeper.c.merged_into)
        .where(its.survey == survey, its.number.is_not(None), its.at >= steps[0])
    )  # fmt: skip
    latest = given.subquery("latest")
    of = latest.c
    grouped = (
        select(
            of.question, of.step, of.store, of.number, of.least, of.most, func.count(),
            func.sum(case((of.nth == 1, 1), else_=0)),
        )
        .where(of.nth_of_step == 1)
        .group_by(of.question, of.step, of.store, of.number, of.least, of.most)
    )  # fmt: skip
    return [
        ScaleCount(question, step, store, number, (least, most), int(count), int(last))
        for question, step, store, number, least, most, count, last in uow.run(grouped)
    ]


@dataclass(frozen=True, slots=True)
class SurveyComment:
    """An answer in words, and what the same round gave on the first scale that was answered."""

    member: str
    question: str
    words: str
    at: datetime
    store: str | None
    number: int | None


def comments(
    uow: UnitOfWork, survey: str, span: HeardSpan, *, skip: int, limit: int
) -> list[SurveyComment]:
    """What was answered in words then, the newest first, with the number of whose card it is."""
    its, scale = survey_answers.c, survey_answers.alias("scale")
    same = and_(
        scale.c.member_id == its.member_id,
        scale.c.survey == its.survey,
        scale.c.n == its.n,
        scale.c.number.is_not(None),
    )
    first = select(scale.c.number).where(same).order_by(scale.c.at).limit(1).scalar_subquery()
    found = (
        select(members.c.number, its.question, its.words, its.at, survey_rounds.c.store, first)
        .join(members, members.c.id == its.member_id)
        .join(
            survey_rounds,
            and_(
                survey_rounds.c.member_id == its.member_id,
                survey_rounds.c.survey == its.survey,
                survey_rounds.c.n == its.n,
            ),
        )
        .where(
            its.survey == survey,
            its.words.is_not(None),
            its.at >= span.since,
            its.at < span.until,
            *_at(survey_rounds.c.store, span.store),
        )
        .order_by(its.at.desc(), its.member_id, its.question)
    )
    return [SurveyComment(*row) for row in uow.run(found.offset(skip).limit(limit))]


def _at(column: ColumnElement[str | None], store: str | None) -> list[ColumnElement[bool]]:
    return [] if store is None else [column == store]


def _opened(span: HeardSpan) -> list[ColumnElement[bool]]:
    within = [cases.c.opened_at >= span.since, cases.c.opened_at < span.until]
    return [*within, *_at(cases.c.store, span.store)]


def last_words(uow: UnitOfWork, names: Sequence[CaseName]) -> dict[CaseName, str]:
    """What was written last in each of these cases."""
    its = inbox.c
    found = select(its.member_id, its.case_number, its.text).where(
        tuple_(its.member_id, its.case_number).in_([tuple(each) for each in names])
    )
    return {
        CaseName(member_id, number): text
        for member_id, number, text in uow.run(found.order_by(its.id))
    }
