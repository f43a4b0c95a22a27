"""What a new version takes from people, and that nothing else is called a loss."""

from collections import Counter
from datetime import date

import pytest

from rules.base import LANGS
from rules.checking.losses import Holdings, losses, may_lose
from tests.rules.examples import CAFE, changed, programme

DAY = date(2026, 7, 1)
HELD = Holdings(
    ranks=Counter(bronze=30, silver=12, gold=3),
    badges=Counter(visits_10=9),
    streaks=Counter(weekly=20),
    vouchers=Counter(gold_latte=2, cookie=1),
    desks=Counter(ekimae=2),
    balances=(5, 100, 149, 150, 151, 500),
)
SILVER_FAN = ('"silver"', '"silver_fan"')
GOLD_LAST = CAFE[CAFE.index('[[ranks.steps]]\nid = "gold"') : CAFE.index("# ── Streaks")]
EXPIRY = 'expiry = { kind = "inactivity", months = 12, warn_days = [60, 14] }'
CASES: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str, int]]]] = {
    "a rank that is gone": (
        [(GOLD_LAST, ""), ('ranks = ["silver", "gold"]', 'ranks = ["silver"]'),
         ('ranks = ["gold"]', 'ranks = ["silver"]')],
        [('ranks.steps "gold"', "gone_ranks", 3)],
    ),
    "a rank with another id": (
        [SILVER_FAN, SILVER_FAN],
        [('ranks.steps "silver"', "gone_ranks", 12), ('ranks.steps "silver_fan"', "renamed", 0)],
    ),
    "a rank that needs more": (
        [("at = 6\n", "at = 7\n")],
        [('ranks.steps "silver"', "rank_harder", 12)],
    ),
    "a rank that needs less": ([("at = 6\n", "at = 5\n")], []),
    "a rank that comes to stand below another": (
        [('id = "bronze"', 'id = "x"'), ('id = "silver"', 'id = "bronze"'), ('"x"', '"silver"'),
         ("at = 6\n", "at = 4\n"), ("at = 3\n", "at = 2\n")],
        [('ranks.steps "silver"', "rank_lower", 12), ('ranks.steps "bronze"', "rank_harder", 30)],
    ),
    "ranks counted in another way": (
        [('kind = "calendar_month"', 'kind = "rolling", days = 30')],
        [("ranks", "ladder_changed", 45)],
    ),
    "no month forgiven": (
        [("grace_periods = 1", "grace_periods = 0")],
        [("ranks", "ladder_changed", 45)],
    ),
    "more forgiven": ([("grace_periods = 1", "grace_periods = 2")], []),
    "a badge with another id": (
        [('id = "visits_10"', 'id = "ten"')],
        [('badges "visits_10"', "gone_badges", 9), ('badges "ten"', "renamed", 0)],
    ),
    "a badge that nobody has": ([('id = "visits_50"', 'id = "fifty"')], []),
    "a streak that asks for more": (
        [("goal = 1 ", "goal = 2 ")],
        [('streaks "weekly"', "streak_harder", 20)],
    ),
    "a voucher whose reward is gone": (
        [('id = "gold_latte"\nname = { ja = "ゴ', 'id = "tea"\nname = { ja = "金')],
        [('rewards "gold_latte"', "gone_rewards", 2)],
    ),
    "a reward that costs more": (
        [("cost = 150", "cost = 151")],
        [('rewards "cookie"', "reward_dearer", 1)],
    ),
    "a reward that costs less": ([("cost = 150", "cost = 120")], []),
    "a reward for points that is gone, and its voucher": (
        [('id = "cookie"', 'id = "cake"')],
        [('rewards "cookie"', "gone_rewards", 1), ('rewards "cake"', "renamed", 0),
         ('rewards "cookie"', "reward_gone", 3)],
    ),
    "a voucher worth less": (
        [("value_yen = 550", "value_yen = 500")],
        [('rewards "gold_latte"', "voucher_worth_less", 2)],
    ),
    "a voucher that needs a purchase": (
        [("value_yen = 550", "value_yen = 550\nmin_purchase_yen = 1000")],
        [('rewards "gold_latte"', "voucher_worth_less", 2)],
    ),
    "a branch where people work": (
        [('id = "ekimae"\nname = { ja = "駅', 'id = "eki"\nname = { ja = "新駅')],
        [('stores "ekimae"', "gone_stores", 2)],
    ),
    "a branch where nobody works": ([('id = "kawabe"', 'id = "kawa"')], []),
    "points that go sooner": (
        [(EXPIRY, EXPIRY.replace("12", "6"))],
        [("points.expiry", "expiry_sooner", 6)],
    ),
    "points that stay longer": ([(EXPIRY, EXPIRY.replace("12", "24"))], []),
    "points whose new ones end": (
        [(EXPIRY, EXPIRY.replace("inactivity", "lot"))],
        [],
    ),
    "another name": ([("シルバーファン", "シルバー会員"), ("本日の焼き菓子", "焼き菓子")], []),
    "another accent": ([("#8A5A44", "#8A5A45")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_somebody_holds_and_loses_is_counted(name: str) -> None:
    changes, wanted = CASES[name]
    found = losses(programme(CAFE), programme(changed(CAFE, *changes)), HELD, day=DAY)
    assert [(loss.path, loss.code, loss.values.get("count", 0)) for loss in found] == wanted
    assert all(loss.message(lang) for loss in found for lang in LANGS)


@pytest.mark.parametrize("name", CASES)
def test_what_nobody_holds_can_go(name: str) -> None:
    after = programme(changed(CAFE, *CASES[name][0]))
    assert losses(programme(CAFE), after, Holdings(), day=DAY) == ()


@pytest.mark.parametrize("name", CASES)
def test_where_somebody_loses_it_is_known_before_anybody_is_asked(name: str) -> None:
    changes, told = CASES[name]
    new = programme(changed(CAFE, *changes))
    assert may_lose(programme(CAFE), new, day=DAY) or not told


def test_nobody_is_asked_what_they_have_for_a_word_that_changes() -> None:
    new = programme(changed(CAFE, ("お友だち", "ご友人")))
    assert not may_lose(programme(CAFE), new, day=DAY)


def test_a_reward_that_is_over_takes_nothing_from_who_has_the_points() -> None:
    over = changed(CAFE, ("cost = 150", "cost = 150\nends = 2026-06-30"))
    dearer = changed(over, ("cost = 150", "cost = 300"))
    assert losses(programme(over), programme(dearer), HELD, day=DAY) == ()


def test_points_that_came_to_stay_and_now_go_are_a_loss() -> None:
    kept = programme(changed(CAFE, (EXPIRY, 'expiry = { kind = "never" }')))
    [loss] = losses(kept, programme(CAFE), HELD, day=DAY)
    assert (loss.path, loss.code) == ("points.expiry", "expiry_sooner")


def test_whoever_subscribes_to_what_goes_loses_it() -> None:
    plan = '[[subscriptions]]\nid = "beans"\nname = { ja = "豆の定期便" }\n\n[[rewards]]\n'
    before = programme(changed(CAFE, ("[[rewards]]\n", plan)))
    held = Holdings(subscriptions=Counter(beans=4))
    [lost] = losses(before, programme(CAFE), held, day=DAY)
    assert (lost.path, lost.code, lost.values["count"]) == (
        'subscriptions "beans"', "gone_subscriptions", 4,
    )  # fmt: skip
    assert may_lose(before, programme(CAFE), day=DAY)
    assert losses(before, before, held, day=DAY) == ()


SIP = '[[ranks.steps.perks]]\nname = { ja = "新しい豆をひとくち味見"'


def test_what_was_given_is_forgotten_where_a_perk_is_called_otherwise_without_an_id() -> None:
    before = programme(CAFE)
    assert before.ranks is not None
    key = before.ranks.steps[0].perks[0].key
    held = Holdings(perks=Counter({key: 3}))
    other = ("新しい豆をひとくち味見", "季節の豆をひとくち")
    renamed = programme(changed(CAFE, other))
    [lost] = losses(before, renamed, held, day=DAY)
    assert (lost.path, lost.code, lost.values["count"]) == (f'perks "{key}"', "gone_perks", 3)
    assert key in lost.message("ja")
    assert may_lose(before, renamed, day=DAY)
    named = programme(changed(CAFE, (SIP, SIP.replace("name", f'id = "{key}"\nname')), other))
    assert losses(before, named, held, day=DAY) == ()


def test_an_id_that_is_put_to_a_perk_afterwards_is_told_to_be_another() -> None:
    before = programme(CAFE)
    assert before.ranks is not None
    key = before.ranks.steps[0].perks[0].key
    after = programme(changed(CAFE, (SIP, SIP.replace("name", 'id = "sip"\nname'))))
    held = Holdings(perks=Counter({key: 1}))
    assert [each.code for each in losses(before, after, held, day=DAY)] == ["gone_perks", "renamed"]
