"""What surveys came to, for whoever asks."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.store import UnitOfWork
from bot.store.heard import surveys
from bot.store.heard.surveys import GivenAnswer
from bot.store.members import members
from rules.heard.surveys import Survey, SurveyAnswer
from rules.programme.programme import Programme
from rules.science.survey_results import SurveyHopes, SurveyResult, result_of

#: What is hoped for is told once, however long ago.
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def survey_result(
    uow: UnitOfWork, programme: Programme, survey: Survey, since: datetime
) -> SurveyResult:
    """What the survey came to of what was asked, and answered, since then."""
    rounds = surveys.rounds_of(uow, survey.id, since=since)
    latest = _latest(uow, surveys.answers_to(uow, survey.id, since=since))
    before = programme.survey(survey.of) if survey.of else None
    hopes = None
    if before is not None:
        hoped = _latest(uow, surveys.answers_to(uow, before.id, since=_EVER))
        hopes = SurveyHopes(before, hoped)
    return result_of(survey, ((bool(r.asked_by), r.round) for r in rounds), latest, hopes)


def _latest(uow: UnitOfWork, given: Iterable[GivenAnswer]) -> dict[str, dict[int, SurveyAnswer]]:
    """The newest answer of each member to each question, whichever of their cards it was given
    with; `given` has the oldest first."""
    found: dict[str, dict[int, SurveyAnswer]] = {}
    owners: dict[int, int] = {}
    for each in given:
        if each.member_id not in owners:
            owners[each.member_id] = members.keeper(uow, each.member_id)
        found.setdefault(each.answer.question, {})[owners[each.member_id]] = each.answer
    return found
