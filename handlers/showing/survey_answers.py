"""What was answered to a survey, in words."""

from dataclasses import dataclass

from bot.store.heard.surveys import GivenAnswer
from rules.explaining.event_questions import survey_named
from rules.wording.words import Words


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What was asked, in which survey, and what was said; `said` is empty for what was passed
    over."""

    survey: str
    question: str
    said: str


def answer_line(words: Words, given: GivenAnswer) -> AnswerLine:
    """The answer by the programme of now; by its ids where that asks it no more."""
    answer, survey = given.answer, survey_named(words.programme, given.survey)
    question = survey.question(answer.question) if survey else None
    choice = question.choice(answer.choice) if question and answer.choice else None
    said = answer.words or (words.name(choice.name) if choice else answer.choice) or ""
    if answer.number is not None:
        said = f"{answer.number} / {answer.most}"
    return AnswerLine(
        words.name(survey.title) if survey else given.survey,
        words.name(question.text) if question else answer.question,
        said,
    )
