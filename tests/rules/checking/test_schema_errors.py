"""What can't stand in a programme: where it is, and what would be allowed there."""

import re

import pytest

from rules.checking.reading import InvalidProgramme, parse
from rules.checking.schema_errors import PATTERNS
from rules.journeys.programme import WholeProgramme
from rules.wording.texts import keys, say
from tests.rules.examples import CAFE, changed

NEVER_SOLD = say("en", "problem.never_sold")
NO_BOUGHT_REVIEWS = say("en", "problem.no_bought_reviews")
VISIT = 'award = { kind = "fixed", points = 10 }'
ECO = "limit = { day = 1 }\nneeds_staff = true"
#: Name, what is changed in the café's programme, and the one problem: its path, part of its words.
BROKEN: dict[str, tuple[tuple[str, str], str, str]] = {
    "unknown key": (
        (ECO, 'limit = { day = 1 }\nneed_staff = true'),
        'earning[8] "eco" .need_staff',
        "unknown key; did you mean `needs_staff`? allowed: actions, award, id, limit, name, "
        "needs_staff, on, ranks, step, stores, streak",
    ),
    "a key of the table above": (
        ("at = 3\n", "at = 3\nwarn_days = 7\n"),
        'ranks.steps[0] "bronze" .warn_days',
        "`warn_days` belongs to [points.expiry] or [ranks].",
    ),
    "a key below the wrong heading": (
        ("beacon = true", "beacon = true\nlate_receipt_days = 7"),
        "visits.late_receipt_days",
        "`late_receipt_days` belongs to [purchase]. What stands below a heading is part of it",
    ),
    "a key above its heading": (
        ("format = 1", 'format = 1\nvisit_word = "来館"'),
        "visit_word",
        "`visit_word` belongs to [shop].",
    ),
    "a section within another": (
        ("[fan_steps]", "[ranks.fan_steps]"),
        "ranks.fan_steps",
        "`fan_steps` belongs to [fan_steps].",
    ),
    "unknown section": (
        ("[fan_steps]", "[fun_steps]\n[fan_steps]"),
        "fun_steps",
        "unknown key; did you mean `fan_steps`?",
    ),
    "unknown key nothing is like": (
        ("beacon = true", "beacon = true\nzzz = 1"),
        "visits.zzz",
        "unknown key; allowed: beacon, counter_code_minutes, counter_qr",
    ),
    "unknown kind of award": (
        (VISIT, 'award = { kind = "fixd", points = 10 }'),
        'earning[1] "visit" .award.kind',
        '"fixd" is not known; did you mean `fixed`? allowed: fixed, per_amount, nth, first, '
        "multiplier",
    ),
    "no kind": (
        (VISIT, "award = { points = 10 }"),
        'earning[1] "visit" .award.kind',
        "is missing; it is needed, one of: fixed,",
    ),
    "unknown trigger": (
        ('on = "visit"', 'on = "visits"'),
        'earning[1] "visit" .on',
        '"visits" is not known; did you mean `visit`? allowed: registration, visit, purchase,',
    ),
    "unknown condition": (
        ('needs = { kind = "visits", count = 1 }', 'needs = { kind = "moon", count = 1 }'),
        'badges[0] "first_visit" .needs.kind',
        "allowed: visits, time_of_day, season, stores, streak, anniversary, times",
    ),
    "unknown kind of reward": (
        ('kind = "charity"', 'kind = "donation"'),
        'rewards[0] "donation" .kind',
        "allowed: coupon, gift, free_shipping, sample, money_off, charity",
    ),
    "another format": (("format = 1", "format = 2"), "format", "allowed: 1"),
    "too little": (
        (VISIT, 'award = { kind = "fixed", points = 0 }'),
        'earning[1] "visit" .award.points',
        "must be 1 or more; it is 0",
    ),
    "too much": (
        (VISIT, 'award = { kind = "fixed", points = 1_000_001 }'),
        'earning[1] "visit" .award.points',
        "must be 1,000,000 or less; it is 1,000,001",
    ),
    "a number of another size": (
        ("per_day_max = 1  ", "per_day_max = 25  "),
        "visits.per_day_max",
        "must be 24 or less; it is 25",
    ),
    "a multiplier of one": (
        ("times = 2 }", "times = 1 }"),
        'campaigns[0] "days_of_5" .effect.times',
        "must be more than 1; it is 1",
    ),
    "a multiplier too fine": (
        ("times = 2 }", "times = 1.125 }"),
        'campaigns[0] "days_of_5" .effect.times',
        "must have 2 or fewer decimal places; it is 1.125",
    ),
    "a multiplier that is no number": (
        ("times = 2 }", "times = nan }"),
        'campaigns[0] "days_of_5" .effect.times',
        "must be a number, such as 1.5",
    ),
    "text for a number": (
        (VISIT, 'award = { kind = "fixed", points = "10" }'),
        'earning[1] "visit" .award.points',
        "must be a whole number, such as 10",
    ),
    "yes for a number": (
        (VISIT, 'award = { kind = "fixed", points = true }'),
        'earning[1] "visit" .award.points',
        "must be a whole number, such as 10",
    ),
    "a number for a time": (
        ("quiet_from = 20:00:00", "quiet_from = 20"),
        "sending.quiet_from",
        "must be a time, such as 09:30:00",
    ),
    "a time with a zone": (
        ("start = 07:00:00", 'start = "07:00:00+09:00"'),
        'badges[3] "morning" .needs.hours.start',
        "must be a time of the shop's own clock, such as 09:30:00, without a zone",
    ),
    "a number for a date": (
        ("until = 2026-01-02", "until = 20260102"),
        "shop.closed[0].until",
        "must be a date, such as 2026-04-01",
    ),
    "text for yes or no": (
        ("counter_qr = true", 'counter_qr = "yes"'),
        "visits.counter_qr",
        "must be true or false",
    ),
    "a number for text": (
        ('legal_name = "通い路珈琲合同会社"', "legal_name = 7"),
        "shop.legal_name",
        "must be text in quotes",
    ),
    "one for a list": (
        ("days_of_month = [5, 15, 25]", "days_of_month = 5"),
        'campaigns[0] "days_of_5" .days_of_month',
        "must be a list, such as [ … ]",
    ),
    "a number for a table": (
        (VISIT, "award = 10"),
        'earning[1] "visit" .award',
        'must be a table, such as { kind = "fixed", … }',
    ),
    "two brackets for a table": (
        ("[ranks]", "[[ranks]]"),
        "ranks",
        "must be one table with: measure, window, grace_periods",
    ),
    "something missing": (
        (VISIT, ""),
        'earning[1] "visit" .award',
        "is missing; it is needed",
    ),
    "an empty name": (
        ('name = { ja = "駅前店", en = "Station" }', 'name = { ja = " ", en = "Station" }'),
        'stores[0] "ekimae" .name.ja',
        "must have 1 or more characters",
    ),
    "a name too long": (
        ('icon = "☕"', 'icon = "☕☕☕☕☕☕☕☕☕"'),
        'badges[0] "first_visit" .icon',
        "must have 8 or fewer characters; it has 9",
    ),
    "an id in capitals": (
        ('id = "visit"', 'id = "Visit!"'),
        'earning[1] "Visit!" .id',
        "must be a short name of a-z, 0-9 and _",
    ),
    "a beacon's id": (
        ('"0a1b2c3d01"', '"0a1b"'),
        'stores[0] "ekimae" .beacons[0]',
        "ten hexadecimal digits",
    ),
    "a colour": (
        ('colours = ["#C98C62", "#95603A"]', 'colours = ["#C98C62", "brown"]'),
        'ranks.steps[0] "bronze" .colours[1]',
        'must be a colour, such as "#8A5A44"',
    ),
    "one colour": (
        ('colours = ["#C98C62", "#95603A"]', 'colours = ["#C98C62"]'),
        'ranks.steps[0] "bronze" .colours[1]',
        "is missing",
    ),
    "an address": (
        ("https://example.com/privacy", "http://example.com/privacy"),
        "privacy.policy_url",
        'must be an address that begins with "https://"',
    ),
    "no warnings of an expiry": (
        ("warn_days = [60, 14]", "warn_days = []"),
        "points.expiry.warn_days",
        "must have 1 or more; it has 0",
    ),
    "too many warnings": (
        ("warn_days = [60, 14]", "warn_days = [5, 4, 3, 2, 1]"),
        "points.expiry.warn_days",
        "must have 4 or fewer; it has 5",
    ),
    "ranks that don't rise": (
        ("at = 3\n", "at = 6\n"),
        "ranks",
        'ranks must rise: "silver" (at 6) must need more than "bronze" (at 6)',
    ),
    "an impossible date": (
        ('starts = "03-20"', 'starts = "02-30"'),
        'badges[6] "sakura" .needs',
        '"02-30" is not a day of the year',
    ),
    "dates in the wrong order": (
        ("until = 2026-01-02", "until = 2025-01-02"),
        "shop.closed[0]",
        "`until` must not be before `on`",
    ),
    "a campaign that ends before it starts": (
        ("birth_month = true", "birth_month = true\nstarts = 2027-02-01\nends = 2027-01-01"),
        'campaigns[2] "birth_month"',
        "`ends` must not be before `starts`",
    ),
    "a day of the month": (
        ("[5, 15, 25]", "[5, 15, 35]"),
        'campaigns[0] "days_of_5" .days_of_month[2]',
        "must be 31 or less; it is 35",
    ),
    "a time zone": (
        ('"Asia/Tokyo"', '"Tokyo"'),
        "shop.timezone",
        "must be a time zone name such as Asia/Tokyo",
    ),
    "a day that starts in the afternoon": (
        ("day_starts_at = 04:00:00", "day_starts_at = 13:00:00"),
        "shop.day_starts_at",
        "must be a plain time before noon",
    ),
    "never open": (
        ("closed_weekdays = []",
         'closed_weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'),
        "shop.closed_weekdays",
        "must leave at least one weekday open",
    ),
    "every and at": (
        ("every = 4, points = 40", "every = 4, at = [3], points = 40"),
        'earning[11] "streak" .award',
        "needs exactly one of `every` and `at`",
    ),
    "a streak's rule without its streak": (
        ('streak = "weekly"\naward', "award"),
        'earning[11] "streak"',
        '`streak` goes with on = "streak", and is needed there',
    ),
    "points per amount of a visit": (
        (VISIT, 'award = { kind = "per_amount", points = 1, yen = 100 }'),
        'earning[1] "visit"',
        'a per_amount award needs on = "purchase" or "spend"',
    ),
    "an id used twice": (
        ('id = "kawabe"', 'id = "ekimae"'),
        'stores[1] "ekimae" .id',
        '"ekimae" is used twice, first by stores[0]',
    ),
    "a rank used twice": (
        ('id = "bronze"', 'id = "silver"'),
        'ranks.steps[1] "silver" .id',
        '"silver" is used twice, first by ranks.steps[0]',
    ),
    "a beacon in two stores": (
        ('"0a1b2c3d02"', '"0A1B2C3D01"'),
        'stores[1] "kawabe" .beacons',
        'beacon "0a1b2c3d01" stands in "ekimae" already',
    ),
    "a rank that is not there": (
        ('ranks = ["silver", "gold"]', 'ranks = ["silver", "platinum"]'),
        'rewards[5] "trial_blend" .ranks',
        'no rank "platinum"; there is: bronze, silver, gold',
    ),
    "a store that is not there": (
        (VISIT, f'{VISIT}\nstores = ["umibe"]'),
        'earning[1] "visit" .stores',
        'no store "umibe"; there is: ekimae, kawabe',
    ),
    "a campaign's store that is not there": (
        ("birth_month = true", 'birth_month = true\nstores = ["umibe"]'),
        'campaigns[2] "birth_month" .stores',
        'no store "umibe"',
    ),
    "a rule's streak that is not there": (
        ('streak = "weekly"\naward', 'streak = "daily"\naward'),
        'earning[11] "streak" .streak',
        'no streak "daily"; there is: weekly',
    ),
    "a badge's streak that is not there": (
        ('streak = "weekly", weeks = 8', 'streak = "daily", weeks = 8'),
        'badges[5] "streak_8" .needs.streak',
        'no streak "daily"; there is: weekly',
    ),
    "points for sale": (
        ('kind = "charity"', 'kind = "charity"\nprice_yen = 500'),
        'rewards[0] "donation" .price_yen',
        NEVER_SOLD,
    ),
    "points bought": (
        ('on = "visit"', 'on = "points_purchase"'),
        'earning[1] "visit" .on',
        NEVER_SOLD,
    ),
    "a kind that sells": (
        (VISIT, 'award = { kind = "sold", points = 10 }'),
        'earning[1] "visit" .award.kind',
        NEVER_SOLD,
    ),
    "points topped up": (
        ("beacon = true", "beacon = true\ntop_up_yen = 1000"),
        "visits.top_up_yen",
        NEVER_SOLD,
    ),
    "a review of so many stars": (
        ('on = "review"', 'on = "review"\nstars = 5'),
        'earning[9] "review" .stars',
        NO_BOUGHT_REVIEWS,
    ),
    "a review somewhere else": (
        ('on = "review"', 'on = "google_review"'),
        'earning[9] "review" .on',
        NO_BOUGHT_REVIEWS,
    ),
    "an award for a good score": (
        ('kind = "fixed", points = 20', 'kind = "fixed", points = 20, score_min = 9'),
        'earning[7] "feedback" .award.score_min',
        NO_BOUGHT_REVIEWS,
    ),
    "a slip that is not about reviews": (
        ("cost = 50\n", "cost = 50\nstars = 5\n"),
        'rewards[0] "donation" .stars',
        "unknown key; did you mean `starts`? allowed:",
    ),
    "a number that can't be dialled": (
        ('phone = "03-0000-0101"', 'phone = "ring us"'),
        'stores[0] "ekimae" .phone',
        'must be a telephone number such as "03-1234-5678"',
    ),
    "not TOML at all": (
        ("[visits]", "[visits"),
        "program.toml",
        "line 46: `[visits`\n    the brackets of the heading are not closed; write: `[visits]`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_programme_is_told_where_and_what_is_allowed(name: str) -> None:
    change, path, words = BROKEN[name]

    parsed = parse(changed(CAFE, change))

    assert isinstance(parsed, InvalidProgramme)
    assert [problem.path for problem in parsed.problems] == [path]
    assert words in parsed.problems[0].message("en")


@pytest.mark.parametrize("name", BROKEN)
def test_a_problem_is_told_in_the_language_of_who_reads_it(name: str) -> None:
    change, path, _ = BROKEN[name]
    parsed = parse(changed(CAFE, change))
    assert isinstance(parsed, InvalidProgramme)
    [problem] = parsed.problems
    assert problem.path == path
    said = problem.message("ja")
    assert said != problem.message("en")
    assert re.search("[ぁ-ん]", said)
    assert not re.search(r"\b(must|needs|is|has|allowed|unknown)\b", said)


def test_every_pattern_of_the_models_has_its_sentence() -> None:
    schema = str(WholeProgramme.model_json_schema())

    patterns = {
        p.encode().decode("unicode_escape") for p in re.findall(r"'pattern': '(.*?)'", schema)
    }

    assert patterns == set(PATTERNS)
    assert {f"problem.{code}" for code in PATTERNS.values()} <= keys("en").keys()
