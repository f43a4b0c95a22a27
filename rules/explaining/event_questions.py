"""The two questions that who came to an event, or fetched a sample, is asked: how it was, and what
they would say. They are a survey like the programme's own, known by the id of what it is about."""

import re

from ..base import LocalText
from ..heard.surveys import Question, Survey
from ..programme.programme import Programme
from ..wording.texts import say

_ID = re.compile(r"(?P<of>event|trial)_\d{1,9}")


def questions_after(event_id: int) -> str:
    """What the survey about that event is called."""
    return f"event_{event_id}"


def questions_of(trial_id: int, survey: str | None) -> str:
    """What the survey about that trial's sample is called: the programme's, where it names one."""
    return survey or f"trial_{trial_id}"


def survey_named(programme: Programme, survey: str) -> Survey | None:
    """The survey: the programme's, or that about an event or a sample."""
    found, name = programme.survey(survey), _ID.fullmatch(survey)
    if found is not None or name is None:
        return found
    about = name["of"]
    return Survey(
        id=survey,
        kind="satisfaction",
        title=_text(f"{about}.title"),
        questions=(
            Question(
                id="how",
                kind="scale",
                text=_text(f"{about}.how"),
                least_means=_text("least"),
                most_means=_text("most"),
            ),
            Question(id="words", kind="words", text=_text("words")),
        ),
    )


def _text(name: str) -> LocalText:
    key = f"event.questions.{name}"
    return LocalText(ja=say("ja", key), en=say("en", key))
