"""Points for stars, wherever the words stand; and words about stars that pay for none."""

import pytest

from tests.rules.checking.test_warnings import found
from tests.rules.examples import cafe

Change = tuple[str, str]


def named(old: str, new: str) -> Change:
    return f'ja = "{old}"', f'ja = "{new}"'


BADGE = "いつもの席"
PAID: list[tuple[Change, str]] = [
    (named("ご来店", "Googleの口コミ投稿"), 'earning[1] "visit" .name'),
    (named("ご意見・ご要望", "口コミ"), 'earning[7] "feedback" .name'),
    (named("マイバッグ・マイカップ", "★５をつけた方"), 'earning[8] "eco" .name'),
    (named("トークでのご感想", "星5のご感想"), 'earning[9] "review" .name'),
    (('en = "A review in the chat"', 'en = "A five-star review"'), 'earning[9] "review" .name'),
    (named("SNSでのシェア（#PRをつけて）", "食べログ #PR"), 'earning[10] "share" .name'),
    (named("マイバッグ", "グーグルの評価"), 'counter.eco[0] "own_bag" .name'),
    (named("雨の日ポイント", "クチコミを書くと2倍"), 'campaigns[1] "rain" .name'),
    (named(BADGE, "星５をつけてください"), 'badges[2] "visits_50" .name'),
    (("The usual seat", "Give us 5 stars"), 'badges[2] "visits_50" .name'),
    (named("本日の焼き菓子", "レビューのお礼の焼き菓子"), 'rewards[2] "cookie" .name'),
    (named("レジで100円お値引きします。", "五つ星で100円引き"), 'rewards[1] "off_100" .note'),
    (named("週1カフェ", "Tabelogに投稿"), 'streaks[0] "weekly" .name'),
    (named("店頭でお申し込み", "Googleで★5をつけて"), 'ranks.steps[2] "gold" .perks[0].how'),
    (("今月3回めの", "レビュー投稿でポイント進呈。今月3回めの"), "fan_steps.message"),
]  # fmt: skip
FREE: list[Change] = [
    named(BADGE, "五つ星"),
    named(BADGE, "★★★★★"),
    ("The usual seat", "Five stars"),
    ("The usual seat", "Five star regular"),
    named(BADGE, "七夕 星に願いを"),
    named("雨の日ポイント", "星まつりの日は2倍"),
    named("トークでのご感想", "トークでレビューを書く"),
    named("ご意見・ご要望", "トークでのレビュー"),
    ('en = "Telling us what you think"', 'en = "A review in the chat"'),
    named("店頭でお申し込み", "Googleマップで場所をご案内"),
    ("A biscuit of the day", "A preview of our new biscuit"),
    named("ゴールドファン", "五つ星会員"),
]


@pytest.mark.parametrize(("change", "path"), PAID, ids=[change[1] for change, _ in PAID])
def test_what_pays_for_stars_or_for_reviews_on_a_site_is_warned_of(
    change: Change, path: str
) -> None:
    assert ("review_asking", path) in found(cafe(change))


@pytest.mark.parametrize("change", FREE, ids=[change[1] for change in FREE])
def test_stars_that_nobody_is_paid_for_and_reviews_in_the_chat_are_not(change: Change) -> None:
    assert found(cafe(change)) == []


def test_what_follows_from_reviews_in_the_chat_may_say_so() -> None:
    asks = named("雨の日ポイント", "レビューを書くと2倍")
    in_chat = ('on = ["visit"]', 'on = ["review"]')
    assert ("review_asking", 'campaigns[1] "rain" .name') in found(cafe(asks))
    assert "review_asking" not in [code for code, _ in found(cafe(asks, in_chat))]
