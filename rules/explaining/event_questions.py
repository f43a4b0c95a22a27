"""The two questions that who came to an event is asked: how it was, and what they would say. They
are a survey like the programme's own, known by the event's id."""

import re

from ..base import LocalText
from ..heard.surveys import Question, Survey
from ..programme.programme import Programme
from ..wording.texts import say

_ID = re.compile(r"event_\d{1,9}")


def questions_after(event_id: int) -> str:
    """What the survey about that event is called."""
    return f"event_{event_id}"


def survey_named(programme: Programme, survey: str) -> Survey | None:
    """The survey: the programme's, or that about an event."""
    found = programme.survey(survey)
    if found is not None or not _ID.fullmatch(survey):
        return found
    return Survey(
        id=survey,
        kind="satisfaction",
        title=_text("title"),
        questions=(
            Question(
                id="how",
                kind="scale",
                text=_text("how"),
                least_means=_text("least"),
                most_means=_text("most"),
            ),
            Question(id="words", kind="words", text=_text("words")),
        ),
    )


def _text(name: str) -> LocalText:
    key = f"event.questions.{name}"
    return LocalText(ja=say("ja", key), en=say("en", key))
