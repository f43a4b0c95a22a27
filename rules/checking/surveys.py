"""What of surveys can't be, by what they and who asks them say of each other; and what can be, but
misleads or loses those who answer."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from ..base import LANGS
from ..heard.surveys import Question, Survey
from ..journeys.programme import WholeProgramme, journeys_of
from ..programme.programme import Programme
from .caution import Caution, Problem
from .schema_errors import listed, part_path

#: Longer ones are left half-way: each question is a message.
QUESTIONS_MAX = 7
#: Asked more often, "would you recommend us" is answered by the last visit (Bain & Company's
#: relationship NPS is asked once or twice a year, at most every quarter).
NPS_DAYS_MIN = 90
#: Words by which a question may be about somebody's health (要配慮個人情報: 個人情報の保護に関する
#: 法律 第2条第3項).
_HEALTH = re.compile(
    r"体調|健康|病気|病歴|持病|通院|お?薬|服薬|症状|痛み|腰痛|肩こり|けが|ケガ|怪我|妊娠|アレルギー|血圧|障害|診断"
    r"|\b(?:health|illness|disease|pain|injur(?:y|ies)|medic(?:al|ation|ine)|symptoms?|pregnan\w+"
    r"|allerg\w+|blood pressure|disabilit\w+)\b",
    re.I,
)


def survey_problems(programme: WholeProgramme) -> Iterator[Problem]:
    """Everything that makes a survey impossible."""
    for place, survey in enumerate(programme.surveys):
        yield from _pair(programme, survey, part_path("surveys", place, survey.id, "of"))
    asked: dict[str, str] = {}
    for place, journey in enumerate(programme.journeys):
        wanted, path = journey.asks, part_path("journeys", place, journey.id, "survey")
        if wanted is None:
            continue
        if programme.survey(wanted) is None:
            there = listed(survey.id for survey in programme.surveys)
            yield Problem(path, "no_survey", {"id": wanted, "there": there})
        elif wanted in asked:
            yield Problem(path, "survey_asked_twice", {"id": wanted, "first": asked[wanted]})
        asked.setdefault(wanted, f"journeys[{place}]")


def _pair(programme: Programme, survey: Survey, path: str) -> Iterator[Problem]:
    """An experience is held beside an expectation, question by question of the same id and
    scale."""
    if survey.of is None:
        return
    before = programme.survey(survey.of)
    if before is None or before.kind != "expectation":
        there = listed(each.id for each in programme.surveys if each.kind == "expectation")
        yield Problem(path, "no_expectation", {"id": survey.of, "there": there})
        return
    scales = {each.id: each.scale for each in before.questions if each.kind == "scale"}
    if not any(scales.get(q.id) == q.scale for q in survey.questions if q.kind == "scale"):
        yield Problem(path, "survey_pair", {"of": survey.of})


def survey_cautions(programme: Programme) -> Iterator[Caution]:
    """Everything unwise about the surveys."""
    asked = {journey.asks for journey in journeys_of(programme)}
    for place, survey in enumerate(programme.surveys):
        path = part_path("surveys", place, survey.id)
        yield from _of_survey(programme, survey, path)
        if survey.id not in asked and not survey.opens_at_a_wish:
            yield Caution(path, "survey_unasked", {"id": survey.id})


def _of_survey(programme: Programme, survey: Survey, path: str) -> Iterator[Caution]:
    count, rest = len(survey.questions), survey.rest_days
    if count > QUESTIONS_MAX:
        yield Caution(f"{path} .questions", "survey_long", {"count": count, "most": QUESTIONS_MAX})
    if survey.kind == "nps" and rest is not None and rest < NPS_DAYS_MIN:
        yield Caution(f"{path} .days_apart", "nps_often", {"count": rest, "least": NPS_DAYS_MIN})
    if survey.is_feedback and survey.kind == "nps":
        yield Caution(f"{path} .is_feedback", "survey_paid")
    if survey.is_feedback and not programme.earning_on("feedback"):
        yield Caution(f"{path} .is_feedback", "survey_no_feedback")
    for n, question in enumerate(survey.questions):
        if question.consent is None and _is_about_health(question):
            yield Caution(f'{path} .questions[{n}] "{question.id}" .consent', "survey_health")


def _is_about_health(question: Question) -> bool:
    texts = [question.text, *(choice.name for choice in question.choices)]
    return any(
        _HEALTH.search(normalize("NFKC", text.in_(lang))) for text in texts for lang in LANGS
    )
