"""What staff say to a member, and what a scan brought, as it is worded when it goes out."""

import json
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest

from bot.store.members.members import Member
from handlers.actions.telling.messages import Say, SayAnswer, SayCorrected, SayPraise, SayReached
from handlers.jobs.delivery import wording
from handlers.jobs.delivery.addressee import Addressee
from handlers.jobs.delivery.journey_wording import WordedMessage
from handlers.jobs.delivery.wording import word_message
from handlers.showing.viewer import as_of
from rules.base import Lang
from rules.facts import RankState, Voucher, changed
from rules.programme.ranks import RankChange
from tests.bot.line.strict import assert_line_accepts
from tests.handlers.clubs import DAY, MONDAY_NOON, SmallClub

#: What is pushed here stands in the files of the texts, in whichever language.
pytestmark = pytest.mark.usefixtures("pushed_abroad")

USER = "U" + "1" * 32
TODAY = MONDAY_NOON.date()
UP = RankChange(None, "bronze", TODAY, "reached")
HELD = Voucher(1, "cookie", "rank", TODAY, TODAY + 3 * DAY)


def _reader(cafe: SmallClub, *, language: Lang = "ja", rank: str | None = None) -> Addressee:
    member: Member = cafe.member(cafe.joins(USER))
    facts = replace(member.facts, rank=RankState(rank))
    return Addressee(
        club=cafe.club,
        programme=cafe.timeline.latest.programme,
        member=as_of(cafe.timeline, replace(member, language=language, facts=facts), MONDAY_NOON),
        day=TODAY,
        display_name="さくらさん",
    )


def _text(found: WordedMessage | None) -> str:
    assert found is not None
    return json.dumps(found.messages, ensure_ascii=False).replace("\u2060", "")


def test_praise_names_the_rank_and_is_signed_by_the_store(cafe: SmallClub) -> None:
    said = SayPraise(moment="rank_up", target="bronze", store="kawabe")
    text = _text(word_message(said, _reader(cafe, rank="bronze")))
    assert "ブロンズファン" in text
    assert "川辺店スタッフ一同より" in text
    assert "Riverside" in _text(word_message(said, _reader(cafe, language="en", rank="bronze")))
    own = SayPraise(moment="first_visit", target=None, store="kawabe", text="またお茶を。")
    text = _text(word_message(own, _reader(cafe)))
    assert "またお茶を。" in text
    assert "川辺店スタッフ一同より" in text
    assert "はじめてお越し" not in text
    thanks = own.model_copy(update={"text": ""})
    assert "はじめてお越し" in _text(word_message(thanks, _reader(cafe)))


def test_praise_for_a_rank_that_was_undone_is_not_sent(cafe: SmallClub) -> None:
    said = SayPraise(moment="rank_up", target="bronze", store="kawabe")
    assert word_message(said, _reader(cafe)) is None


def test_an_answer_carries_the_words_of_both(cafe: SmallClub) -> None:
    said = SayAnswer(text="はい、承ります。", quote="予約できますか", asked_on=date(2026, 1, 4))
    text = _text(word_message(said, _reader(cafe)))
    assert "はい、承ります。" in text
    assert "予約できますか" in text
    assert "1月4日" in text


def test_a_correction_says_what_was_taken_back_and_what_there_is_now(cafe: SmallClub) -> None:
    said = SayCorrected(what="visit", on=date(2026, 1, 4), points=-30, rank=True)
    text = _text(word_message(said, _reader(cafe, rank="bronze")))
    assert "1月4日のご来店の記録を、スタッフが取り消しました。" in text
    assert "30ポイント減り、いまの残りは50ポイントです。" in text
    assert "いまのランクは「ブロンズファン」です。" in text
    english = _text(word_message(said, _reader(cafe, language="en", rank="bronze")))
    assert "30 points less" in english
    assert "Bronze Fan" in english


@pytest.mark.parametrize("what", ["visit", "purchase", "redemption", "referral", "record"])
def test_what_changed_nothing_else_is_told_without_figures(cafe: SmallClub, what: Any) -> None:
    said = SayCorrected(what=what, on=date(2026, 1, 4), points=0, rank=False)
    text = _text(word_message(said, _reader(cafe)))
    assert "1月4日" in text
    assert "ランク" not in text
    assert "残り" not in text


def test_points_given_back_are_said_to_be(cafe: SmallClub) -> None:
    said = SayCorrected(what="redemption", on=date(2026, 1, 4), points=50, rank=False)
    assert "50ポイントをお戻しし、いまの残りは50ポイントです。" in _text(
        word_message(said, _reader(cafe))
    )


def said(cafe: SmallClub, reached: SayReached, **facts: Any) -> str:
    """What somebody reads whose facts are as given; empty for nothing any more."""
    member = cafe.member(cafe.joins(USER))
    now = replace(member, facts=changed(member.facts, **facts))
    reader = Addressee(
        club=cafe.club,
        programme=cafe.timeline.latest.programme,
        member=as_of(cafe.timeline, now, MONDAY_NOON),
        day=TODAY,
        display_name="さくらさん",
    )
    found = word_message(reached, reader)
    if found is None:
        return ""
    assert_line_accepts(found.messages)
    return json.dumps(found.messages, ensure_ascii=False).replace("\u2060", "")


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


@pytest.mark.parametrize("kind", get_args(get_args(Say)[0]))
def test_every_kind_of_message_has_its_words(kind: type) -> None:
    assert wording._wording.dispatch(kind) is not wording._wording.dispatch(object)
