"""The card: everything shown of a member, in finished strings."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.base import LANGS, Lang
from rules.judging.replay import RecordedActivity, replay
from rules.outlook.next_step import keeps_in_vain
from rules.programme.points import Lot, PointsPolicy
from rules.programme.programme import Programme
from rules.programme.ranks import at_risk
from rules.programme.timeline import Timeline, Version
from rules.wording.card import (
    PLAIN_COLOURS,
    CardHolder,
    CardView,
    ExpiringPoints,
    badge_views,
    card_view,
    expiring,
)
from rules.wording.reward_views import reward_views
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    badge,
    club,
    fixed,
    gets,
    ladder,
    of_day,
    reward,
    rolling,
    rule,
    streak,
    takes,
    visits,
)

SAKURA = CardHolder("0012 3456", "さくらさん")


def card(
    member: Life, day: str = "01-12", lang: Lang = "ja", lots: tuple[Lot, ...] = ()
) -> CardView:
    on = of_day(day)
    programme = member.timeline.latest.programme
    return card_view(programme, member.until(on), SAKURA, lots, day=on, lang=lang)


def _missing(caption: str) -> int | None:
    """What a bar's caption says is missing; None where it counts nothing."""
    found = re.search(r"([\d,]+)/([\d,]+)", caption)
    had, needed = (int(n.replace(",", "")) for n in found.groups()) if found else (0, 0)
    return needed - had if found else None


@given(some.programmes(), some.histories(most=20), st.integers(0, 60))
@settings(max_examples=examples(60))
def test_sentence_bar_rank_page_and_warning_say_one_number(
    programme: Programme, history: list[RecordedActivity], later: int
) -> None:
    line = Timeline((Version(1, history[0].activity.at - DAY, programme),))
    day = max((each.activity.day for each in history), default=JOINED) + later * DAY
    facts = replay(line, history, day).facts
    view = card_view(programme, facts, SAKURA, (), day=day, lang="ja")
    said = _missing(view.progress_caption)
    assert said is None or said == view.step.missing
    if view.step.kind == "rank_up":
        assert view.rank_caption == view.progress_caption
    if said is not None:
        assert f"{said:,}" in view.step_text
    ladder = programme.ranks
    if ladder and (missing := at_risk(ladder, programme.shop, facts, day)):
        asked = not keeps_in_vain(programme, facts, day)
        kept = view.step.kind == "keep_rank"
        assert not kept or (asked and view.step.missing == missing)


@given(some.programmes(), some.histories(most=20), some.lots(), st.sampled_from(LANGS))
@settings(max_examples=examples(25))
def test_any_member_of_any_club_has_a_card(
    programme: Programme, history: list[RecordedActivity], lots: tuple[Lot, ...], lang: Lang
) -> None:
    line = Timeline((Version(1, history[0].activity.at - DAY, programme),))
    last = history[-1].activity.day
    for day in (last, last + DAY * 3, last + DAY * 45, last + DAY * 400):
        facts = replay(line, history, day).facts
        view = card_view(programme, facts, SAKURA, lots, day=day, lang=lang)
        badges = badge_views(programme, facts, day=day, lang=lang)
        rewards = reward_views(programme, facts, day=day, lang=lang)
        said = [view.step_text, view.progress_caption, view.rank, *(r.missing for r in rewards)]
        assert view.step_text
        assert not any(brace in sentence for sentence in said for brace in "{}")
        aims = ("revive", "keep_rank", "rank_up", "badge", "reward")
        assert view.step.kind not in aims or view.progress is not None
        assert 0 <= (view.progress or 0) <= 1
        assert all(0 <= (r.fraction or 0) <= 1 and r.ready == (r.missing == "") for r in rewards)
        assert all(b.had <= b.needed for b in badges)
        assert view.rewards_ready == sum(r.ready for r in rewards)
        assert view.badges_earned == sum(b.earned_on is not None for b in badges)
        assert view.visits_month <= view.visits
        assert view.expiring is None or view.expiring.points > 0


def test_a_newcomer_is_welcome() -> None:
    view = card(Life(club(ranks=ladder(3))))
    assert (view.shop, view.number, view.name) == ("店", SAKURA.number, SAKURA.name)
    assert (view.rank, view.colours) == ("メンバー", PLAIN_COLOURS)
    assert (view.points, view.points_name, view.visits) == (0, "ポイント", 0)
    assert (view.progress, view.progress_caption) == (None, "")
    assert view.step_text == "はじめてのご来店をお待ちしています"
    assert view.expiring is None


def test_a_club_without_ranks_shows_no_progress() -> None:
    view = card(Life(club()))
    assert (view.progress, view.progress_caption) == (None, "")


def test_the_top_rank_has_no_further_to_go() -> None:
    member = Life(club(ranks=ladder(1)))
    member.comes(JOINED)
    view = card(member)
    assert (view.rank, view.progress) == ("ランク1", 1.0)
    assert view.progress_caption == "いつもありがとうございます。最高ランクです"
    assert (view.visits, view.visits_month) == (1, 1)


def monthly(measure: str = "visits", **more: object) -> Part:
    amounts = {"visits": 2, "points": 30, "spend": 2_000}
    return {"ranks": ladder(amounts[measure], measure=measure, **more), "purchase": {},
            "earning": [rule("visit", fixed(10))]}  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "came", "day", "caption", "of_rank"),
    [
        (monthly(), ["01-10"], "01-12", "ランク1まで 今月1/2回", "ランク1まで 今月1/2回"),
        (monthly(window=rolling(30)), ["01-10"], "01-12", "ランク1まで この30日で1/2回",
         "ランク1まで この30日で1/2回"),
        (monthly(grace_periods=0), ["01-10", "01-11"], "02-25", "ランク1をキープ 今月0/2回",
         "いつもありがとうございます。最高ランクです"),
        (monthly(grace_periods=0), ["01-10", "01-11"], "03-02", "ランク1の復活まで 0/1回",
         "ランク1まで 今月0/2回"),
        # Another goal than the rank, or a month too short for it.
        ({"ranks": ladder(4), "rewards": [reward(cost=15)], "earning": [rule("visit", fixed(10))]},
         ["01-06"], "01-12", "10/15ポイント", "ランク1まで 今月1/4回"),
        (monthly(), ["01-10"], "02-28", "", "来月2回のご来店で「ランク1」"),
    ],
)  # fmt: skip
def test_the_bar_is_of_what_the_sentence_says(
    parts: Part, came: list[str], day: str, caption: str, of_rank: str
) -> None:
    member = Life(club(**parts))
    member.comes(*map(of_day, came))
    view = card(member, day)
    assert (view.progress_caption, view.rank_caption) == (caption, of_rank)
    assert (view.progress is None) == (caption == "")


SENTENCES = [
    (monthly(), ["01-10"], "01-12", "今月あと1回のご来店で「ランク1」に昇格！",
     "One more visit this month and you are ランク1!"),
    (monthly("points"), ["01-10"], "01-12", "今月あと20ポイントで「ランク1」に昇格！",
     "20 more points this month and you are ランク1!"),
    (monthly("spend"), ["01-10"], "01-12", "今月あと2,000円のお買い物で「ランク1」に昇格！",
     "¥2,000 more this month and you are ランク1!"),
    (monthly(window=rolling(30)), ["01-10"], "01-12",
     "2月8日までにあと1回のご来店で「ランク1」に昇格！",
     "One more visit by Feb 8 and you are ランク1!"),
    (monthly("points", window=rolling(30)), ["01-10"], "01-12",
     "2月8日までにあと20ポイントで「ランク1」に昇格！",
     "20 more points by Feb 8 and you are ランク1!"),
    (monthly("spend", window=rolling(30)), ["01-10"], "01-12",
     "2月10日までにあと2,000円のお買い物で「ランク1」に昇格！",
     "¥2,000 more by Feb 10 and you are ランク1!"),
    (monthly(grace_periods=0), ["01-10", "01-11"], "02-25",
     "2月28日までにあと2回のご来店で「ランク1」をキープ！",
     "2 more visits by Feb 28 keep ランク1!"),
    (monthly("points", grace_periods=0), ["01-10", "01-11", "01-12"], "02-22",
     "2月28日までにあと30ポイントで「ランク1」をキープ！",
     "30 more points by Feb 28 keep ランク1!"),
    (monthly(grace_periods=0), ["01-10", "01-11"], "03-02",
     "3月30日までにあと1回のご来店で「ランク1」が復活します！",
     "One more visit by Mar 30 brings ランク1 back!"),
    ({"streaks": [streak()]}, ["01-06"], "01-12", "今週あと1回のご来店で2週連続！",
     "One more visit this week makes 2 weeks in a row!"),
    ({"badges": [badge({"kind": "visits", "count": 3})]}, ["01-06"], "01-12",
     "あと2回のご来店でバッジ「バッジ」！", "2 more visits to the badge “バッジ”!"),
    ({"rewards": [reward(cost=15)], "earning": [rule("visit", fixed(10))]}, ["01-06"], "01-12",
     "あと5ポイントで「ごほうび」", "5 more points to ごほうび"),
    ({"rewards": [reward()], "earning": [rule("visit", fixed(10))]}, ["01-06"], "01-12",
     "「ごほうび」と交換できます", "You can have ごほうび"),
    ({}, ["01-06"], "01-12", "またのご来店をお待ちしています",
     "We look forward to seeing you again"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "came", "day", "ja", "en"), SENTENCES)
def test_the_step_is_said_in_a_sentence(
    parts: Part, came: list[str], day: str, ja: str, en: str
) -> None:
    member = Life(club(**parts))
    member.comes(*map(of_day, came))
    assert card(member, day).step_text == ja
    assert card(member, day, "en").step_text == en


def test_the_shops_own_word_for_a_visit_is_used() -> None:
    assert "ご来館" in card(Life(club(shop={"visit_word": "来館"}))).step_text


def test_expiring_points_are_told_by_the_day_they_go() -> None:
    policy = PointsPolicy.model_validate({"expiry": {"kind": "lot", "months": 3,
                                                     "warn_days": [7]}})  # fmt: skip
    lots = (
        Lot(1, 9, 9, JOINED, of_day("05-01")),
        Lot(2, 9, 4, JOINED, of_day("04-01")),
        Lot(3, 9, 1, JOINED, of_day("04-01")),
        Lot(4, 9, 0, JOINED, of_day("03-01")),
        Lot(5, 9, 9, JOINED, None),
    )
    facts = Life(club()).facts
    april, may = ExpiringPoints(5, of_day("04-01")), ExpiringPoints(9, of_day("05-01"))
    assert expiring(policy, facts, lots) == (april, may)
    assert expiring(policy, facts, lots, day=of_day("03-01")) == (april, may)
    # A week's notice is promised: seen from the day before, they cannot go on the next.
    late = expiring(policy, facts, lots, day=of_day("03-31"))
    assert late == (ExpiringPoints(5, of_day("04-07")), may)
    assert expiring(club().points, facts, lots) == ()


def test_the_soonest_of_them_is_on_the_card() -> None:
    member = Life(club(points={"expiry": {"kind": "inactivity", "months": 2, "warn_days": [7]}}))
    member.does(gets(5, JOINED))
    lots = (Lot(1, 5, 5, JOINED), Lot(2, 5, 2, JOINED))
    assert card(member, lots=lots).expiring == ExpiringPoints(7, date(2026, 3, 5))


def test_badges_earned_come_first_and_secrets_stay_secret() -> None:
    kinds = [("far", 9, False), ("near", 2, False), ("secret", 3, True), ("found", 1, True)]
    member = Life(club(badges=[
        badge({"kind": "visits", "count": count}, id=name, hidden=hidden)
        for name, count, hidden in kinds
    ]))  # fmt: skip
    member.comes(JOINED, JOINED + DAY)
    programme = member.timeline.latest.programme
    views = badge_views(programme, member.facts, day=JOINED + DAY, lang="ja")
    assert [view.id for view in views] == ["near", "found", "far"]
    assert [(view.had, view.needed, view.earned_on) for view in views] == [
        (2, 2, JOINED + DAY), (1, 1, JOINED), (2, 9, None),
    ]  # fmt: skip
    assert card(member).badges_earned == 2


def test_rewards_come_as_near_as_they_are_with_what_is_missing() -> None:
    rewards = [
        reward(id="dear", cost=1_250),
        reward(id="ranked", cost=20, ranks=["r1", "r2"]),
        reward(id="once", cost=15, per_member=1),
        reward(id="over", cost=1, ends="2026-01-01"),
        reward(id="cheap", cost=5),
    ]
    member = Life(club(rewards=rewards, ranks=ladder(1, 2)))
    member.does(gets(30, JOINED), takes("once", 15, JOINED))
    programme = member.timeline.latest.programme
    ja = reward_views(programme, member.facts, day=JOINED, lang="ja")
    assert [(view.id, view.ready, view.missing) for view in ja] == [
        ("cheap", True, ""),
        ("dear", False, "あと1,235ポイント"),
        ("once", False, "ご利用済みです"),
        ("ranked", False, "ランク1・ランク2限定"),
    ]
    en = reward_views(programme, member.facts, day=JOINED, lang="en")
    assert [view.missing for view in en] == [
        "", "1,235 more points", "Already used", "For ランク1 and ランク2",
    ]  # fmt: skip
    assert [view.fraction for view in ja] == [None, 15 / 1_250, None, None]
    assert card(member).rewards_ready == 1


def test_what_a_shop_writes_between_braces_stays_as_it_is() -> None:
    member = Life(club(badges=[badge({"kind": "visits", "count": 2}, name={"ja": "{count}"})]))
    member.does(visits(JOINED))
    assert card(member).step_text == "あと1回のご来店でバッジ「{count}」！"
