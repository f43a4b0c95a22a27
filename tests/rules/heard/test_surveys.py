"""Surveys: what can't be one, when one may be asked again, and which answers are low."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.checking.reading import InvalidProgramme, parse
from rules.checking.warnings import warnings
from rules.explaining.explain import explain
from rules.heard.surveys import Respondent, SurveyRound, may_ask, not_for
from rules.journeys.programme import WholeProgramme
from tests.rules.examples import CAFE, changed
from tests.rules.examples import programme as parsed
from tests.surveys import ASKING, FIRST_VISIT, SURVEYS

WHOLE = CAFE.replace(*FIRST_VISIT) + ASKING + SURVEYS
NOW = datetime(2037, 11, 17, 3, 0, tzinfo=UTC)
TODAY = date(2037, 11, 17)
NPS = "least = 0\nmost = 10\n"


def programme(*changes: tuple[str, str]) -> WholeProgramme:
    return parsed(changed(WHOLE, *changes))


def problems(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    found = parse(changed(WHOLE, *changes))
    assert isinstance(found, InvalidProgramme)
    return [(each.path, each.code) for each in found.problems]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ((NPS, "least = 1\nmost = 10\n"), 'surveys[3] "recommend"', "nps_scale"),
        ((NPS, ""), 'surveys[3] "recommend"', "nps_scale"),
        (('of = "hopes"\n', ""), 'surveys[1] "first_cup"', "experience_of"),
        (('of = "hopes"', 'of = "visit"'), 'surveys[1] "first_cup" .of', "no_expectation"),
        (('id = "rest"', 'id = "calm"'), 'surveys[1] "first_cup" .of', "survey_pair"),
        (('survey = "visit"', 'survey = "visits"'), 'journeys[6] "thanks" .survey', "no_survey"),
        (
            ('survey = "recommend"', 'survey = "visit"'),
            'journeys[7] "anniversary" .survey',
            "survey_asked_twice",
        ),
        (
            ('survey = "visit"', 'survey = "visit"\noffer = { points = 50 }'),
            'journeys[6] "thanks"',
            "survey_offer",
        ),
        (
            ('survey = "visit"', 'survey = "visit"\nchannels = ["line", "sms"]'),
            'journeys[6] "thanks"',
            "survey_line",
        ),
        (
            ('"monitor"\nranks = ["gold"]', '"monitor"\nranks = ["golden"]'),
            'surveys[4] "tasters" .ranks',
            "no_rank",
        ),
        (('id = "seat"', 'id = "content"'), 'surveys[2] "visit"', "questions_twice"),
    ],
)  # fmt: skip
def test_what_misleads_is_refused_with_its_place(
    change: tuple[str, str], path: str, code: str
) -> None:
    assert (path, code) in problems(change)


def cautions(*changes: tuple[str, str]) -> set[tuple[str, str]]:
    found = warnings(programme(*changes))
    return {(each.path, each.code) for each in found if each.code.startswith(("survey", "nps"))}


def test_what_is_unwise_is_warned_of() -> None:
    assert cautions() == set()
    start = WHOLE.index("consent = {")
    health = WHOLE[start : WHOLE.index("\n", start)]
    many = "".join(
        f'[[surveys.questions]]\nid = "q{n}"\nkind = "words"\ntext = {{ ja = "ほかには" }}\n'
        for n in range(7)
    )
    paid = 'kind = "nps"\nis_feedback = true\ndays_apart = 60'
    found = cautions(
        (health, ""), ('kind = "nps"', paid), ('survey = "recommend"', ""),
        ('on = "feedback"', 'on = "adopted"'),
        ('[[surveys]]\nid = "recommend"', f'{many}[[surveys]]\nid = "recommend"'),
    )  # fmt: skip
    assert found == {
        ('surveys[2] "visit" .questions', "survey_long"),
        ('surveys[2] "visit" .questions[2] "body" .consent', "survey_health"),
        ('surveys[2] "visit" .is_feedback', "survey_no_feedback"),
        ('surveys[3] "recommend" .is_feedback', "survey_paid"),
        ('surveys[3] "recommend" .is_feedback', "survey_no_feedback"),
        ('surveys[3] "recommend" .days_apart', "nps_often"),
        ('surveys[3] "recommend"', "survey_unasked"),
    }


def test_the_owner_reads_what_is_asked_by_which_message_and_how_often() -> None:
    told = {section.name: section.sentences for section in explain(programme(), "ja", hidden=True)}
    assert told["surveys"][2] == (
        "「先日のご来店について」（満足度）：4問。「ご来店のお礼」のお知らせでうかがいます。お一人に30日以上あけて"
        "うかがいます。最後までお答えいただくと、ご意見として扱います（点数の高い低いは関係ありません）。"
    )
    assert "surveys" not in {section.name for section in explain(programme(), "ja")}


def test_a_survey_is_asked_again_after_its_days_and_what_is_once_never() -> None:
    club, last = programme(), SurveyRound(1, NOW)
    asked_again = {
        survey.id: [
            days for days in (29, 30, 89, 90, 5_000) if may_ask(survey, last, NOW + timedelta(days))
        ]
        for survey in club.surveys
    }
    assert asked_again == {
        "hopes": [],
        "first_cup": [],
        "visit": [30, 89, 90, 5_000],
        "recommend": [90, 5_000],
        "tasters": [30, 89, 90, 5_000],
    }


def test_low_is_two_of_five_and_four_of_ten_for_an_nps() -> None:
    club = programme()
    low = {
        survey.id: [n for n in survey.questions[0].values if survey.is_low(survey.questions[0], n)]
        for survey in club.surveys
        if survey.questions[0].kind == "scale"
    }
    # Little hope is nobody's fault.
    assert low == {"hopes": [], "first_cup": [1, 2], "visit": [1, 2], "recommend": [0, 1, 2, 3, 4]}


def test_hopes_are_told_until_the_first_visit_and_that_day_by_who_joined_on_it() -> None:
    (hopes, *_) = programme().surveys
    before, day = TODAY - timedelta(days=1), timedelta(days=1)
    assert not_for(hopes, Respondent(None, before, None), TODAY) is None
    assert not_for(hopes, Respondent(None, TODAY, TODAY), TODAY) is None
    assert not_for(hopes, Respondent(None, before, TODAY), TODAY) == "came_already"
    assert not_for(hopes, Respondent(None, TODAY, TODAY), TODAY + day) == "came_already"
