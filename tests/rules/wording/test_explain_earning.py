from itertools import product
from typing import get_args

import pytest

from rules.activity import Trigger
from rules.base import LANGS
from rules.explaining.explain import ways_to_earn
from tests.rules.explaining.test_explain import rule, sentences

EARNING = [
    ("visit", 'kind = "fixed", points = 10', "",
     "ご来店のたびに10ポイント差し上げます。", "You get 10 points for each visit."),
    ("visit", 'kind = "fixed", points = 1', "limit = { day = 1 }",
     "ご来店のたびに1ポイント差し上げます（1日1回まで）。",
     "You get 1 point for each visit, at most once a day."),
    ("visit", 'kind = "nth", every = 5, points = 1000', "",
     "ご来店5回ごとに1,000ポイント差し上げます。", "You get 1,000 points for every 5 visits."),
    ("visit", 'kind = "nth", at = [1000, 10, 50], points = 30', "",
     "10・50・1,000回めのご来店で30ポイント差し上げます。",
     "You get 30 points on visit number 10, 50 and 1,000."),
    ("purchase", 'kind = "first", points = 30', "",
     "はじめてのお買い物で30ポイント差し上げます。", "You get 30 points for your first purchase."),
    ("purchase", 'kind = "per_amount", points = 1, yen = 1000', "",
     "お買い物1,000円（税込）ごとに1ポイント差し上げます。",
     "You get 1 point for every ¥1,000 you spend (tax included)."),
    ("purchase", 'kind = "multiplier", times = 1.50', "",
     "お買い物のポイントが1.5倍になります。", "You get 1.5 times the points for purchases."),
    ("spend", 'kind = "per_amount", points = 100, yen = 10000', "",
     "お買い上げの累計10,000円ごとに100ポイント差し上げます。",
     "You get 100 points for every ¥10,000 of all your purchases together."),
    ("eco", 'kind = "fixed", points = 5', "needs_staff = true",
     "「ある事」のたびに5ポイント差し上げます。スタッフが確認してからお付けします。",
     "You get 5 points for each “A thing”. Our staff confirm it first."),
    ("share", 'kind = "fixed", points = 5', "limit = { week = 2, points_per_month = 20 }",
     "「#PR」をつけてSNSでシェアしていただくたびに5ポイント差し上げます"
     "（1週間に2回・1か月に20ポイントまで）。",
     "You get 5 points each time you share us, marked #PR, at most 2 times a week and "
     "20 points a month."),
    ("streak", 'kind = "nth", every = 4, points = 5', "",
     "「週1」が4週つづくごとに5ポイント差し上げます。",
     "You get 5 points for every 4 weeks in a row of “Weekly”."),
    ("anniversary", 'kind = "nth", at = [1, 5], points = 5', "",
     "ご入会から1・5年の記念日に5ポイント差し上げます。",
     "You get 5 points on anniversary number 1 and 5 of your joining."),
    ("birthday", 'kind = "fixed", points = 5', 'ranks = ["gold"]\nstores = ["main"]',
     "お誕生月に5ポイント差し上げます。金の方限定です。本店限定です。",
     "You get 5 points in your birthday month. For Gold. At 本店 only."),
]  # fmt: skip
AWARDS = [
    'kind = "fixed", points = 2', 'kind = "nth", every = 2, points = 2',
    'kind = "nth", at = [2], points = 2', 'kind = "first", points = 2',
    'kind = "per_amount", points = 2, yen = 10', 'kind = "multiplier", times = 2',
]  # fmt: skip

SUBSCRIPTION = '[[subscriptions]]\nid = "beans"\nname = { ja = "定期便" }'


@pytest.mark.parametrize(("on", "award", "more", "ja", "en"), EARNING)
def test_an_earning_rule_is_one_plain_sentence(
    on: str, award: str, more: str, ja: str, en: str
) -> None:
    shop = rule(on, award, more)

    assert sentences(shop, "earning", "ja") == (ja,)
    assert sentences(shop, "earning", "en") == (en,)


def test_a_birthday_that_is_a_day_is_called_so() -> None:
    shop = rule("birthday", 'kind = "fixed", points = 5', "", '[profile]\nbirthday_is = "day"')

    assert sentences(shop, "earning", "ja") == ("お誕生日に5ポイント差し上げます。",)
    assert sentences(shop, "earning", "en") == ("You get 5 points on your birthday.",)


def possible(on: str, award: str) -> bool:
    if on == "spend" or "per_amount" in award:
        return on in ("spend", "purchase") and "per_amount" in award
    return not ("multiplier" in award and on in ("streak", "anniversary"))


@pytest.mark.parametrize(
    ("on", "award"),
    [pair for pair in product(get_args(Trigger), AWARDS) if possible(*pair)],
)
def test_every_trigger_and_award_have_a_sentence_and_a_label(on: str, award: str) -> None:
    shop = rule(on, award, "", SUBSCRIPTION if on == "delivery" else "")

    for lang in LANGS:
        [sentence] = sentences(shop, "earning", lang)
        [way] = ways_to_earn(shop, lang)
        assert way.sentence == sentence
        assert sentence.endswith("。" if lang == "ja" else ".")
        assert "2" in way.points_label
        assert "{" not in sentence + way.points_label
