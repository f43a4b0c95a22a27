"""What a survey came to: who was asked, began and finished; its answers, question by question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..heard.surveys import Question, Survey, SurveyAnswer, SurveyRound
from .scores import GapFigure, MeanFigure, NpsFigure, gap_of, mean_of, nps_of

#: The latest answers by question, by member.
LatestAnswers = Mapping[str, Mapping[int, SurveyAnswer]]


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was answered to one question; of each member the latest answer counts."""

    question: Question
    #: How many gave each number of the scale, or made each choice, by its id.
    counted: tuple[tuple[int | str, int], ...]
    #: Who answered in words.
    written: int
    mean: MeanFigure | None = None
    nps: NpsFigure | None = None
    #: Beside what the same members had hoped for.
    gap: GapFigure | None = None


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """Who was asked, began and finished; who began by themselves, and finished; and the answers."""

    survey: Survey
    asked: int
    begun: int
    finished: int
    own: int
    own_finished: int
    questions: tuple[QuestionResult, ...]


@dataclass(frozen=True, slots=True)
class SurveyHopes:
    """What was hoped for: the survey that asked it, and its answers."""

    survey: Survey
    answers: LatestAnswers


def result_of(
    survey: Survey,
    rounds: Iterable[tuple[bool, SurveyRound]],
    latest: LatestAnswers,
    hopes: SurveyHopes | None,
) -> SurveyResult:
    """`rounds`: each with whether a message asked; `hopes`: what an experience is held beside."""
    asked: list[SurveyRound] = []
    own: list[SurveyRound] = []
    for was_asked, each in rounds:
        (asked if was_asked else own).append(each)
    return SurveyResult(
        survey,
        asked=len(asked),
        begun=sum(each.begun_at is not None for each in asked),
        finished=sum(each.finished_at is not None for each in asked),
        own=len(own),
        own_finished=sum(each.finished_at is not None for each in own),
        questions=tuple(
            _question(survey, each, latest.get(each.id, {}), _hoped(hopes, each))
            for each in survey.questions
        ),
    )


def _hoped(hopes: SurveyHopes | None, question: Question) -> Mapping[int, SurveyAnswer]:
    """What was hoped for in the question of that id and scale; nothing where there is none."""
    same = hopes.survey.question(question.id) if hopes else None
    if hopes is None or same is None or same.scale != question.scale:
        return {}
    return hopes.answers.get(question.id, {})


def _question(
    survey: Survey,
    question: Question,
    answers: Mapping[int, SurveyAnswer],
    hoped: Mapping[int, SurveyAnswer],
) -> QuestionResult:
    written = sum(bool(each.words) for each in answers.values())
    if question.kind != "scale":
        chosen = [each.choice for each in answers.values()]
        counted = tuple((each.id, chosen.count(each.id)) for each in question.choices)
        return QuestionResult(question, counted, written)
    numbers, wishes = _numbers(answers, question), _numbers(hoped, question)
    given = list(numbers.values())
    return QuestionResult(
        question,
        tuple((value, given.count(value)) for value in question.values),
        written,
        mean=None if survey.kind == "nps" else mean_of(given),
        nps=nps_of(given) if survey.kind == "nps" else None,
        gap=gap_of([(wishes[who], n) for who, n in numbers.items() if who in wishes]),
    )


def _numbers(answers: Mapping[int, SurveyAnswer], question: Question) -> dict[int, int]:
    """The numbers by member, those of the scale that is asked now."""
    return {
        who: each.number
        for who, each in answers.items()
        if each.number is not None and each.scale == question.scale
    }
