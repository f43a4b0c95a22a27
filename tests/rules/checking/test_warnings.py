from datetime import date

import pytest

from rules.base import LANGS
from rules.checking.warnings import warnings
from rules.journeys.samples import ClubSize
from rules.programme.programme import Programme
from rules.wording.texts import keys
from tests.rules.examples import CAFE, GYM, cafe, programme

TODAY = date(2026, 11, 23)
ADDRESS = """
[[profile.steps]]
id = "address"
purpose = { ja = "お手紙に使います。" }
"""
INTERESTS = """
[[profile.steps]]
id = "interests"
purpose = { ja = "ご案内のため" }
choices = [{ id = "back", name = { ja = "腰痛の改善" } }]
"""
NEWSLETTER = """
[[earning]]
id = "news"
name = { ja = "メルマガ" }
on = "newsletter"
award = { kind = "first", points = 10 }

[[campaigns]]"""
RICHER = ("value_yen = 180", "value_yen = 201")


AT_NIGHT = "hours = { start = 23:00:00, end = 05:00:00 }"


OPEN = "hours = { start = 07:30:00, end = 22:00:00 }"


def open_from(start: str, end: str) -> tuple[str, str]:
    """The change that gives the shop other opening hours."""
    return OPEN, f"hours = {{ start = {start}, end = {end} }}"


#: The text's name, what is changed in the café's programme, and the place that is warned of.
UNWISE: list[tuple[str, list[tuple[str, str]], str]] = [
    ("hours_untold", [(f"{OPEN} ", "")], "shop.hours"),
    (
        "premises_partly",
        [('phone = "03-0000-0102"\n', "")],
        'stores[1] "kawabe" .phone',
    ),
    (
        "map_without_address",
        [('address = { ja = "東京都台東区花川戸', '# { ja = "東京都台東区花川戸')],
        'stores[1] "kawabe" .map',
    ),
    ("eco_unused", [('id = "own_cup", name', 'id = "own_cub", name')], 'counter.eco[1] "own_cub"'),
    (
        "beacon_missing",
        [('beacons = ["0a1b2c3d01"]', ""), ('beacons = ["0a1b2c3d02", "0a1b2c3d03"]', "")],
        "visits.beacon",
    ),
    ("beacon_off", [("beacon = true", "beacon = false")], "visits.beacon"),
    ("expiry_one_warning", [("[60, 14]", "[60]")], "points.expiry.warn_days"),
    ("expiry_late_warning", [("[60, 14]", "[13, 7]")], "points.expiry.warn_days"),
    (
        "expiry_always_warned",
        [("months = 12, warn_days", "months = 1, warn_days")],
        "points.expiry.warn_days",
    ),
    ("children", [("guardian_age = 16", "guardian_age = 0")], "profile.guardian_age"),
    (
        "interests_health",
        [("\n[privacy]\n", f"{INTERESTS}\n[privacy]\n")],
        'profile.steps[0] "interests" .consent',
    ),
    ("quiet_hours", [("quiet_from = 20:00:00", "quiet_from = 22:01:00")], "sending.quiet_from"),
    ("quota_reserve_free", [("quota_reserve = 50", "quota_reserve = 200")],
     "sending.quota_reserve"),
    ("rank_far", [("at = 10\n", "at = 29\n")], 'ranks.steps[2] "gold" .at'),
    (
        "perk_without_way",
        [('how = { ja = "カードをお見せください", en = "show your card" }\n', "")],
        'ranks.steps[0] "bronze" .perks[0]',
    ),
    ("perk_rank_far", [("at = 10\n", "at = 32\n")], 'ranks.steps[2] "gold" .perks[0]'),
    ("letters_unasked", [("[sending] ", "[letters]\nmonths = [3]\n\n[sending] ")], "letters"),
    (
        "letters_nameless",
        [
            ("[sending] ", "[letters]\nmonths = [3]\n\n[sending] "),
            ("\n[privacy]\n", f"{ADDRESS}\n[privacy]\n"),
        ],
        "letters",
    ),
    ("fan_no_badge", [('needs = { kind = "fan_steps" }', 'needs = { kind = "visits", count = 7 }')],
     "fan_steps"),
    (
        "perk_gift_never",
        [('kind = "staff" ', 'kind = "gift" ')],
        'ranks.steps[0] "bronze" .perks[0]',
    ),
    (
        "perk_not_early",
        [('kind = "staff" ', 'kind = "early_access" ')],
        'ranks.steps[0] "bronze" .perks[0]',
    ),
    (
        "share_unmarked",
        [("SNSでのシェア（#PRをつけて）", "SNSでのシェア")],
        'earning[10] "share" .name',
    ),
    (
        "newsletter",
        [("\n[[campaigns]]", NEWSLETTER), ('on = "review"', 'on = "birthday"')],
        'earning[14] "news" .on',
    ),
    (
        "no_limit",
        [("points = 100 }\nlimit = { month = 3 }", "points = 100 }")],
        'earning[5] "referral" .limit',
    ),
    (
        "unconfirmed",
        [("limit = { day = 1 }\nneeds_staff = true", "limit = { day = 1 }")],
        'earning[8] "eco" .needs_staff',
    ),
    (
        "visits_limited_twice",
        [("points = 10 }\n", "points = 10 }\nlimit = { day = 1 }\n")],
        'earning[1] "visit" .limit.day',
    ),
    ("too_many_rules", [('on = "birthday"', 'on = "profile"')], "earning"),
    ("visits_no_gap", [("per_day_max = 1 ", "per_day_max = 2 ")], "visits.gap_minutes_min"),
    (
        "back_share",
        [("points = 1, yen = 100 }", "points = 100, yen = 1 }")],
        'earning[2] "purchase" .award',
    ),
    (
        "campaign_over",
        [("birth_month = true", "birth_month = true\nends = 2026-11-22")],
        'campaigns[2] "birth_month"',
    ),
    (
        "given_stock",
        [("valid_days = 31 ", "stock = 100\nvalid_days = 31 ")],
        'rewards[6] "birthday_dessert" .stock',
    ),
    (
        "given_birthday_short",
        [("valid_days = 31 ", "valid_days = 14 ")],
        'rewards[6] "birthday_dessert" .valid_days',
    ),
    ("reward_over", [("cost = 50\n", "cost = 50\nends = 2026-11-22\n")], 'rewards[0] "donation"'),
    (
        "reward_far",
        [("cost = 100\n", "cost = 601\n"), ("cost = 150\n", "cost = 700\n"),
         ("cost = 450\n", "cost = 800\n"), ("cost = 400\n", "cost = 900\n")],
        'rewards[1] "off_100" .cost',
    ),
    (
        "visit_brings_nothing",
        [('on = "visit"\naward', 'on = "birthday"\naward'),
         ('on = "purchase"\naward', 'on = "spend"\naward')],
        'rewards[1] "off_100" .cost',
    ),
    ("prize", [RICHER], 'rewards[2] "cookie" .value_yen'),
    ("too_often", [("per_week_max = 3", "per_week_max = 4")], "sending.per_week_max"),
    (
        "no_holdout",
        [('kind = "one_short" ', 'holdout = 0\nkind = "one_short" ')],
        'journeys[2] "one_short" .holdout',
    ),
    (
        "rhythm_meets_lapsed",
        [('kind = "first_visit" ', 'kind = "rhythm"\ndays_max = 60 ')],
        'journeys[4] "rhythm" .days_max',
    ),
    (
        "rhythm_times",
        [('kind = "first_visit" ', 'kind = "rhythm"\ntimes = 3 ')],
        'journeys[4] "rhythm" .times',
    ),
    (
        "review_asking",
        [('kind = "first_visit" ', 'body = { ja = "口コミもぜひ" }\nkind = "first_visit" ')],
        'journeys[4] "first_visit" .body',
    ),
]  # fmt: skip


#: What may be written, as the sentence shows it.
EXAMPLES = {
    "no_limit": "{ month",
    "hours_untold": "{ start",
    "perk_without_way": "{ ja",
    "perk_not_early": "{ ranks",
    "fan_no_badge": "{ kind",
}


def found(shop: Programme) -> list[tuple[str, str]]:
    return [(c.code, c.path) for c in warnings(shop, size=ClubSize(300), today=TODAY)]


@pytest.mark.parametrize(("code", "changes", "path"), UNWISE, ids=[row[0] for row in UNWISE])
def test_what_is_unwise_is_warned_of_at_its_place(
    code: str, changes: list[tuple[str, str]], path: str
) -> None:
    assert (code, path) in found(cafe(*changes))


@pytest.mark.parametrize(("code", "changes", "path"), UNWISE, ids=[row[0] for row in UNWISE])
def test_a_warning_is_a_whole_sentence_in_both_languages(
    code: str, changes: list[tuple[str, str]], path: str
) -> None:
    shop = cafe(*changes)
    caution = next(c for c in warnings(shop, size=ClubSize(300), today=TODAY) if c.code == code)

    for lang in LANGS:
        said = caution.message(lang)
        assert said.endswith("。" if lang == "ja" else ".")
        example = {
            "no_limit": "{ month",
            "hours_untold": "{ start",
            "perk_without_way": "{ ja",
            "perk_not_early": "{ ranks",
            "fan_no_badge": "{ kind",
        }.get(code)
        assert example in said if example else "{" not in said


def test_every_warning_is_tested_here() -> None:
    told_elsewhere = {
        "no_rewards", "rewards_by_rank_only", "test_finds", "test_nothing", "tests_finds",
        "tests_nothing", "test_versions", "versions_find", "whom_before_words", "whom_before_offer",
        "offer_before_words", "holdout_owed", "quota_reserve", "quota_reserve_plan", "sms_unset",
        # test_perk_cautions.py
        "perk_no_circle", "perk_no_event", "fan_no_event",
        # tests/rules/heard/test_surveys.py
        "nps_often", "survey_health", "survey_long", "survey_no_feedback", "survey_paid",
        "survey_unasked",
    }  # fmt: skip
    texts = {key.split(".")[1] for key in keys("ja") if key.startswith("check.")}

    assert texts == {row[0] for row in UNWISE} | told_elsewhere


@pytest.mark.parametrize(
    ("text", "members", "plan"), [(CAFE, 2_000, None), (CAFE, 2_000, 200), (GYM, 800, 5_000)]
)
def test_the_examples_are_warned_of_nothing(text: str, members: int, plan: int | None) -> None:
    assert warnings(programme(text), size=ClubSize(members), plan=plan, today=TODAY) == ()


@pytest.mark.parametrize(
    ("reserve", "plan", "code"),
    [
        (2_000, 200, "quota_reserve_plan"),
        (5_000, 5_000, "quota_reserve_plan"),
        (2_000, 5_000, None),
        (299, 5_000, "quota_reserve"),
        (50, 200, None),
        (199, None, None),
        (200, None, "quota_reserve_free"),
    ],
)
def test_the_reserve_is_compared_with_the_plan(
    reserve: int, plan: int | None, code: str | None
) -> None:
    """Of 300 members; on a plan too small for a word to all, none is advised."""
    shop = cafe(("quota_reserve = 50", f"quota_reserve = {reserve}"))
    found = list(warnings(shop, size=ClubSize(300), plan=plan, today=TODAY))
    assert [c.code for c in found] == ([code] if code else [])
    for caution in found:
        assert f"{reserve:,}" in caution.message("ja")
        assert f"{reserve:,}" in caution.message("en")


def test_a_club_without_rewards_is_told() -> None:
    without = programme(CAFE.split("[[rewards]]")[0])

    assert found(without) == [("no_rewards", "rewards")]


def test_rewards_for_ranks_alone_leave_newcomers_out() -> None:
    text = CAFE.split("[[rewards]]")
    without = programme(text[0] + "[[rewards]]" + text[-1])

    assert found(without) == [("rewards_by_rank_only", "rewards")]


def test_a_share_must_be_marked_in_both_languages() -> None:
    assert found(cafe(("Sharing us, marked #PR", "Sharing us"))) == [
        ("share_unmarked", 'earning[10] "share" .name')
    ]


def test_without_members_and_today_what_depends_on_them_is_left_out() -> None:
    shop = cafe(
        ("quota_reserve = 50", "quota_reserve = 0"),
        ("birth_month = true", "birth_month = true\nends = 2026-01-01"),
        ("cost = 50\n", "cost = 50\nends = 2026-01-01\n"),
    )

    assert warnings(shop) == ()


def test_a_campaign_on_its_last_day_is_not_over() -> None:
    assert found(cafe(("birth_month = true", "birth_month = true\nends = 2026-11-23"))) == []


@pytest.mark.parametrize(
    "dates",
    [
        "starts = 9999-12-01",
        "ends = 9999-12-31",
        "starts = 9999-12-01\nends = 9999-12-31",
        'weekdays = ["tue"]\ndays_of_month = [29]\nends = 2030-12-31',
    ],
)
def test_dates_at_the_ends_of_the_calendar_are_no_trouble(dates: str) -> None:
    shop = cafe(("birth_month = true", f"birth_month = true\n{dates}"))

    assert warnings(shop) == ()


def test_a_campaign_that_ended_with_the_first_year_is_over_and_no_trouble() -> None:
    shop = cafe(("birth_month = true", "birth_month = true\nends = 0001-02-03"))

    assert found(shop) == [("campaign_over", 'campaigns[2] "birth_month"')]
    assert warnings(shop) == ()


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "fine"),
    [("22:00", "08:00", True), ("21:00", "09:30", True), ("22:00", "07:59", False),
     ("00:00", "08:00", False), ("08:00", "22:00", False)],
)  # fmt: skip
def test_quiet_hours_should_take_in_the_night(
    quiet_from: str, quiet_until: str, fine: bool
) -> None:
    shop = cafe(
        ("quiet_from = 20:00:00", f'quiet_from = "{quiet_from}"'),
        ("quiet_until = 10:00:00", f'quiet_until = "{quiet_until}"'),
    )

    assert (found(shop) == []) is fine


def test_closed_weekdays_and_the_window_bound_the_ranks() -> None:
    closed = ("closed_weekdays = []", 'closed_weekdays = ["mon", "tue", "wed", "thu"]')
    rolling = ('{ kind = "calendar_month" }', '{ kind = "rolling", days = 10 }')

    # Twelve open days in four weeks; in ten days three, if the three odd ones are closed.
    assert found(cafe(closed)) == []
    far = [path for code, path in found(cafe(closed, rolling)) if code == "rank_far"]
    assert far == [
        'ranks.steps[1] "silver" .at',
        'ranks.steps[2] "gold" .at',
    ]


def test_ranks_by_points_are_not_judged_by_opening_days() -> None:
    assert (
        found(cafe(('measure = "visits"', 'measure = "points"'), ("at = 10\n", "at = 999\n"))) == []
    )


@pytest.mark.parametrize(
    ("per_day_max", "gap_minutes_min", "fine"), [(1, 0, True), (2, 1, True), (2, 0, False)]
)
def test_several_visits_a_day_need_some_time_between_them(
    per_day_max: int, gap_minutes_min: int, fine: bool
) -> None:
    visits = f"per_day_max = {per_day_max}\ngap_minutes_min = {gap_minutes_min}"

    assert (found(cafe(("per_day_max = 1 ", f"{visits} "))) == []) is fine


def test_twelve_things_to_remember_are_not_too_many() -> None:
    assert len(cafe().earning) + len(cafe().campaigns) == 17
    assert found(cafe()) == []
