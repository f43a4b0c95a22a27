"""What a programme can't say of its journeys, each with its place in the file."""

import pytest

from rules.checking.reading import InvalidProgramme, parse
from rules.journeys.programme import DEFAULTS, WholeProgramme
from tests.rules.examples import CAFE, LEAST, least

#: The café's programme up to its journeys.
WITHOUT = CAFE.partition("\n[[journeys]]")[0]


def problems(journeys: str, programme: str = WITHOUT) -> list[str]:
    parsed = parse(f"{programme}\n{journeys}")
    return (
        [problem.line("en") for problem in parsed.problems]
        if isinstance(parsed, InvalidProgramme)
        else []
    )


def named(*kinds: str, programme: str = LEAST) -> WholeProgramme | InvalidProgramme:
    return parse("\n".join((programme, *(f'[[journeys]]\nkind = "{kind}"' for kind in kinds))))


def test_a_club_that_names_none_has_the_six() -> None:
    kinds = [journey.kind for journey in least().journeys]

    assert kinds == [
        "birthday", "lapsed", "one_short", "points_expiring", "first_visit", "reward_expiring",
    ]  # fmt: skip
    assert least().journeys is DEFAULTS


def test_a_line_is_enough_and_names_the_journey() -> None:
    programme = named("rhythm", "after_visit")

    assert isinstance(programme, WholeProgramme)
    assert [journey.id for journey in programme.journeys] == ["rhythm", "after_visit"]


def test_a_club_may_have_none_at_all() -> None:
    programme = parse(f"journeys = []\n{LEAST}")

    assert isinstance(programme, WholeProgramme)
    assert programme.journeys == ()


#: What is written below `[[journeys]]`, and the one problem: its place and part of its words.
WRONG = {
    "a kind nobody knows": (
        'kind = "laps"',
        'journeys[0].kind: "laps" is not known; did you mean `lapsed`?',
    ),
    "a key of another kind": (
        'kind = "rhythm"\nsteps = []',
        "journeys[0].steps: unknown key",
    ),
    "steps that don't rise": (
        'kind = "lapsed"\nsteps = [{ days = 90 }, { days = 60 }]',
        "journeys[0]: `steps` must rise",
    ),
    "an offer of two things": (
        'kind = "lapsed"\noffer = { points = 10, reward = "cookie" }',
        "journeys[0].offer: needs exactly one of `points` and `reward`",
    ),
    "an offer of something not there": (
        'kind = "lapsed"\nsteps = [{ days = 60, offer = { reward = "cake" } }]',
        'journeys[0] "lapsed" .steps[0].offer.reward: no reward "cake"; there is: donation',
    ),
    "an offer of something that has to be paid for": (
        'kind = "lapsed"\noffer = { reward = "cookie" }',
        'journeys[0] "lapsed" .offer.reward: "cookie" can only be had for points; to be promised',
    ),
    "a gift for those who left": (
        'kind = "lapsed"\nstates = ["left"]\noffer = { points = 10 }',
        "journeys[0]: an offer is given at a visit",
    ),
    "a rank not there": (
        'kind = "lapsed"\nranks = ["platinum"]',
        'journeys[0] "lapsed" .ranks: no rank "platinum"; there is: bronze, silver, gold',
    ),
    "words for a rank not there": (
        'kind = "lapsed"\nby_rank = [{ ranks = ["x"], body = { ja = "あ" } }]',
        'journeys[0] "lapsed" .by_rank[0].ranks: no rank "x"',
    ),
    "a placeholder nobody fills": (
        'kind = "lapsed"\nbody = { ja = "{name}、{stars}" }',
        'journeys[0] "lapsed" .body.ja: unknown placeholder {stars}; allowed: name, shop, visit, '
        "points, rank, days",
    ),
    "a placeholder of another kind": (
        'kind = "rhythm"\ntitle = { ja = "あ", en = "{years}" }',
        'journeys[0] "rhythm" .title.en: unknown placeholder {years}',
    ),
    "a gift in words that come without one": (
        'kind = "lapsed"\nsteps = [{ days = 60, title = { ja = "{gift}" } }]',
        'journeys[0] "lapsed" .steps[0].title.ja: unknown placeholder {gift}',
    ),
    "braces that don't match": (
        'kind = "lapsed"\ntitle = { ja = "{name、" }',
        "has braces that don't make a placeholder",
    ),
    "a placeholder with more in it": (
        'kind = "lapsed"\ntitle = { ja = "{name.__class__}" }',
        "has braces that don't make a placeholder",
    ),
    "さくらさんさん": (
        'kind = "lapsed"\ntitle = { ja = "{name}さん、お久しぶりです" }',
        "{name} already says さん",
    ),
    "a warning that not everybody gets": (
        'kind = "points_expiring"\nholdout = 0.1',
        "journeys[0]: this warning is promised to every member",
    ),
    "a warning that comes later than it is due": (
        'kind = "rank_at_risk"\nagain_after_days = 60',
        "journeys[0]: this warning is promised to every member",
    ),
    "a warning under another name": (
        'kind = "points_expiring"\nid = "soon"',
        'journeys[0] "soon" .id: "soon" is not known',
    ),
    "arms of one name": (
        'kind = "lapsed"\narms = [{ id = "a" }, { id = "a" }]',
        "journeys[0]: each of `arms` needs an id of its own",
    ),
    "half of them held back and more": (
        'kind = "lapsed"\nholdout = 0.6',
        "journeys[0].holdout: must be 0.5 or less; it is 0.6",
    ),
    "a name too long for the outbox": (
        f'kind = "lapsed"\nid = "{"x" * 33}"',
        "must be a short name of a-z",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_its_place(name: str) -> None:
    journey, expected = WRONG[name]

    found = problems(f"[[journeys]]\n{journey}")

    assert len(found) == 1, found
    assert expected in found[0]


def test_two_of_one_kind_need_a_name_each() -> None:
    found = problems('[[journeys]]\nkind = "lapsed"\n[[journeys]]\nkind = "lapsed"')

    assert len(found) == 1
    assert '"lapsed" is used twice' in found[0]


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("fan_steps", "[fan_steps]"),
        ("spend", "[purchase]"),
        ("rank_at_risk", "[ranks]"),
        ("rank_lost", "ranks.revival"),
    ],
)
def test_what_a_club_does_without_can_start_no_journey(kind: str, needed: str) -> None:
    outcome = named(kind)

    assert isinstance(outcome, InvalidProgramme)
    (problem,) = outcome.problems
    assert problem.line("en") == (
        f'journeys[0] "{kind}" .kind: needs {needed}, which this programme has not'
    )


def test_a_gift_may_stand_where_every_arm_and_step_makes_one() -> None:
    arms = 'arms = [{ id = "a" }, { id = "b", title = { ja = "{gift}（{gift_until}まで）" } }]'

    assert problems(f'[[journeys]]\nkind = "lapsed"\noffer = {{ points = 50 }}\n{arms}') == []
