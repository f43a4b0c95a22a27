"""What a member reads of a visit that staff had scanned."""

import json
from dataclasses import replace
from typing import Any

from handlers.actions.telling.messages import SayReached
from handlers.jobs.delivery.reader import Reader
from handlers.jobs.delivery.wording import worded
from rules.facts import RankState, Voucher, changed
from rules.programme.ranks import RankChange
from tests.bot.line.strict import assert_line_accepts
from tests.handlers.clubs import DAY, MONDAY_NOON, SmallClub

USER = "U" + "1" * 32
TODAY = MONDAY_NOON.date()
UP = RankChange(None, "bronze", TODAY, "reached")
HELD = Voucher(1, "cookie", "rank", TODAY, TODAY + 3 * DAY)


def said(cafe: SmallClub, reached: SayReached, **facts: Any) -> str:
    """What somebody reads whose facts are as given; empty for nothing any more."""
    member = cafe.member(cafe.joins(USER))
    now = replace(member, facts=changed(member.facts, **facts))
    reader = Reader(cafe.club, cafe.timeline, now, (), TODAY, "さくらさん")
    found = worded(reached, reader)
    if found is None:
        return ""
    assert_line_accepts(found.messages)
    return json.dumps(found.messages, ensure_ascii=False)


def test_a_new_rank_is_the_title_with_its_picture_and_all_else_below(cafe: SmallClub) -> None:
    reached = SayReached(rank=UP, badges=("first_visit",), rewards=("off_100",), vouchers=(HELD,))
    told = said(
        cafe, reached, rank=RankState("bronze"), badges={"first_visit": TODAY}, balance=120,
        vouchers=(HELD,),
    )  # fmt: skip
    for words in (
        "🎉 ブロンズファンに昇格！",
        "☕ バッジ「はじめの一杯」を獲得！",
        "🎁 「本日の焼き菓子」をプレゼント（1月8日まで）",
        "🎁 「100円引き」と交換できるようになりました",
        "/images/rank/",
        "do=rank",
    ):
        assert words in told


def test_a_badge_alone_has_its_medal(cafe: SmallClub) -> None:
    told = said(cafe, SayReached(badges=("first_visit",)), badges={"first_visit": TODAY})
    assert "/images/badge/" in told
    assert "do=badges" in told


def test_only_what_is_still_so_is_said(cafe: SmallClub) -> None:
    reached = SayReached(rank=UP, badges=("first_visit",), rewards=("off_100",), vouchers=(HELD,))
    told = said(cafe, reached, badges={"first_visit": TODAY}, balance=0)
    assert "はじめの一杯" in told
    for gone in ("ブロンズファンに昇格", "100円引き", "本日の焼き菓子"):
        assert gone not in told


def test_what_was_undone_is_not_said_at_all(cafe: SmallClub) -> None:
    assert said(cafe, SayReached(rank=UP, badges=("first_visit",)), balance=0) == ""
