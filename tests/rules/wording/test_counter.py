"""What staff read after a scan: every result has its line, and nobody is left without advice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from handlers.actions.counter.scanned_code import CodeKind
from rules.base import LANGS, Lang
from rules.facts import Birthday, Facts, RankState, Voucher, changed, newcomer
from rules.judging.decide import advance
from rules.programme.ranks import RankChange
from rules.programme.rewards import NOTHING_WITHHELD, Withheld
from rules.programme.timeline import Timeline, Version
from rules.wording.counter import (
    CounterIdentity,
    Mark,
    MemberView,
    ScanReport,
    birthday_of,
    counter_line,
    member_view,
)
from rules.wording.highlights import Highlights
from tests.rules.examples import cafe

#: Noon in Japan on a Monday.
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
DAY = date(2026, 11, 23)
SHOP = cafe()
TIMELINE = Timeline((Version(1, NOON - timedelta(days=365), SHOP),))
SAKURA = CounterIdentity("1234567897", "さくらさん", "", on_line=True, blocked=False)
NOBODY: Highlights = Highlights()


def view(
    facts: Facts,
    *,
    brought: Highlights = NOBODY,
    person: CounterIdentity = SAKURA,
    withheld: Withheld = NOTHING_WITHHELD,
    away: int = 0,
) -> MemberView:
    return member_view(
        SHOP,
        advance(TIMELINE, facts, DAY)[0],
        person,
        brought=brought,
        grants=[("visit", 10), ("campaign:rain", 5)],
        withheld=withheld,
        away=away,
        day=DAY,
        lang="ja",
    )


def regular(**more: Any) -> Facts:
    joined = newcomer(DAY - timedelta(days=100), NOON - timedelta(days=100))
    return changed(joined, first_visit_on=DAY - timedelta(days=90), visits=20, **more)


def test_an_ordinary_check_in_is_one_line_and_no_advice() -> None:
    told = counter_line(SHOP, ScanReport("checked_in", NOON, marks=("old_code",)), "ja", now=NOON)
    assert (told.line, told.next, told.tone) == ("チェックインしました", "", "good")


def test_already_today_says_where_when_and_when_again() -> None:
    came = ScanReport(
        "not_counted", NOON, reason="visited_today", again_at=NOON + timedelta(hours=16),
        earlier_at=NOON - timedelta(hours=2), earlier_store="kawabe",
    )  # fmt: skip
    told = counter_line(SHOP, came, "ja", now=NOON)
    assert told.line == "本日のご来店は記録済みです（川辺店 10:00）"
    assert "あすから" in told.next
    assert told.tone == "info"


def test_a_late_scan_says_as_of_when_it_counts() -> None:
    yesterday = NOON - timedelta(days=1)
    told = counter_line(SHOP, ScanReport("checked_in", yesterday, marks=("late",)), "ja", now=NOON)
    assert told.line == "11月22日 12:00のご来店として記録しました"
    assert told.next == "電波のないあいだに読み取ったものです。"


@pytest.mark.parametrize(("mark", "tone"), [("paused", "warn"), ("clock_off", "warn")])
def test_what_needs_doing_is_said_with_the_check_in(mark: Mark, tone: str) -> None:
    told = counter_line(
        SHOP, ScanReport("checked_in", NOON, marks=("by_number", mark)), "ja", now=NOON
    )
    assert told.tone == tone
    assert told.next
    assert "番号" not in told.next


def test_a_refused_amount_is_said_instead_of_nothing() -> None:
    came = ScanReport("checked_in", NOON, problem="receipt_again")
    told = counter_line(SHOP, came, "ja", now=NOON)
    assert told.next == "このレシートには、もうポイントがついています。このまま次へお進みください。"
    assert told.tone == "warn"


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_of_code_that_opens_nothing_has_its_words(lang: Lang) -> None:
    for kind in set(get_args(CodeKind)) - {"card", "live", "number", "use"}:
        told = counter_line(SHOP, ScanReport("unknown", NOON, reason=kind), lang, now=NOON)
        assert told.line, kind
        assert told.next, kind
        assert told.tone == "warn"


@pytest.mark.parametrize("lang", LANGS)
def test_every_refusal_of_a_visit_or_a_reward_has_its_words(lang: Lang) -> None:
    reasons = [
        "left", "erased", "gone", "card_closed", "too_old", "use_offline", "use_cancelled",
        "reward_gone", "reward_rank", "reward_used_up", "reward_points", "reward_stock",
        "voucher_gone",
    ]  # fmt: skip
    for reason in reasons:
        came = ScanReport("refused", NOON, reason=reason, reward="off_100")
        told = counter_line(SHOP, came, lang, now=NOON)
        assert told.line, reason
        assert told.next, reason
        assert told.tone == "bad"


def test_a_reward_is_named_when_it_is_handed_out() -> None:
    told = counter_line(SHOP, ScanReport("redeemed", NOON, reward="off_100"), "ja", now=NOON)
    assert (told.line, told.tone) == ("レジで100円お値引きします", "good")


def test_the_member_is_shown_by_name_rank_points_and_what_the_day_brought() -> None:
    up = RankChange("bronze", "silver", DAY, "reached")
    facts = regular(balance=120, badges={"morning": DAY, "first_visit": DAY - timedelta(days=90)})
    facts = changed(facts, rank=RankState("silver", since=DAY))
    shown = view(facts, brought=Highlights(up, ("morning",), ("off_100",)))
    assert shown.name == "さくら様"
    assert shown.rank is not None
    assert shown.rank.name == "シルバーファン"
    assert shown.today == (
        "🎉 シルバーファンに昇格！",
        "🌅 バッジ「朝カフェ」を獲得！",
        "🎁 「100円引き」と交換できるようになりました",
        "ご来店 +10",
        "雨の日ポイント +5",
    )
    assert shown.say == "「シルバーファンへの昇格、おめでとうございます！」"


def test_a_rank_that_came_back_is_greeted_as_such() -> None:
    back = RankChange(None, "silver", DAY, "revived")
    facts = changed(regular(), rank=RankState("silver", since=DAY))
    shown = view(facts, brought=Highlights(back))
    assert shown.today[0] == "🎉 シルバーファンが復活しました！"
    assert shown.say == "「おかえりなさいませ。シルバーファンの復活、おめでとうございます！」"


def test_without_a_reason_to_congratulate_the_next_step_is_said() -> None:
    assert view(regular()).say
    assert "おめでとう" not in view(regular()).say


def test_a_birthday_is_said_on_its_day() -> None:
    assert view(regular(birthday=Birthday(11, 23))).birthday == "day"
    assert view(regular(birthday=Birthday(11, 23))).say == "「お誕生日おめでとうございます！」"
    assert view(regular(birthday=Birthday(11, 1))).birthday == "month"
    assert view(regular(birthday=Birthday(12, 23))).birthday is None


def test_who_was_away_for_long_is_welcomed_back_and_staff_know_how_long_it_was() -> None:
    back = view(regular(), away=19)
    assert back.today[0] == "19日ぶりのご来店です"
    assert back.say == "「またお越しいただけて、うれしいです！」"
    at_once = view(regular())
    assert not [line for line in at_once.today if "ぶり" in line]
    assert "お久しぶり" not in at_once.say
    # Congratulations are said first; how long it was still stands there.
    birthday = view(regular(birthday=Birthday(11, 23)), away=19)
    assert birthday.say == "「お誕生日おめでとうございます！」"
    assert birthday.today[0] == "19日ぶりのご来店です"


def test_a_leap_days_birthday_is_on_the_28th_in_other_years() -> None:
    leap = Birthday(2, 29)
    assert birthday_of(leap, date(2027, 2, 28)) == "day"
    assert birthday_of(leap, date(2028, 2, 28)) == "month"
    assert birthday_of(leap, date(2028, 2, 29)) == "day"


def test_rewards_in_hand_come_first_and_what_is_out_of_stock_not_at_all() -> None:
    held = Voucher(2, "cookie", "rank", DAY, DAY + timedelta(days=3))
    rewards = view(regular(balance=120, vouchers=(held,))).rewards
    assert [(r.id, r.voucher) for r in rewards] == [
        ("cookie", 2), ("off_100", None), ("donation", None),
    ]  # fmt: skip
    assert [r.terms for r in rewards[:2]] == [("プレゼント",), ("レジで100円お値引きします。",)]
