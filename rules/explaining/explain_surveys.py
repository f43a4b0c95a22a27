"""Surveys in plain sentences, for the owner: what is asked of whom, how often, by which message."""

from collections.abc import Iterator

from ..heard.surveys import Survey
from ..journeys.programme import journeys_of
from ..wording.words import Words


def survey_sentences(words: Words) -> Iterator[tuple[str, str]]:
    """Each survey in one line, by its id."""
    for survey in words.programme.surveys:
        yield survey.id, "".join(_sentences(words, survey)).strip()


def _sentences(words: Words, survey: Survey) -> Iterator[str]:
    yield words.say(
        "explain.surveys.of",
        title=words.name(survey.title),
        kind=words.say(f"explain.surveys.kind.{survey.kind}"),
        count=len(survey.questions),
    )
    asking = next((j for j in journeys_of(words.programme) if j.asks == survey.id), None)
    if asking is not None:
        name = words.say(f"journey.kind.{asking.kind}")
        yield words.say("explain.surveys.asked", journey=name)
    if survey.kind == "expectation":
        yield words.say("explain.surveys.joined")
    if survey.ranks:
        yield words.say("explain.surveys.ranks", ranks=words.ranks(survey.ranks))
    rest = survey.rest_days
    yield (
        words.say("explain.surveys.again", days=rest) if rest else words.say("explain.surveys.once")
    )
    if survey.is_feedback:
        yield words.say("explain.surveys.feedback")
