"""What staff say to a member from the counter, as it is worded when it goes out."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.store.members.members import Member
from handlers.actions.telling.messages import SayAnswer, SayCorrected, SayPraise
from handlers.jobs.delivery.journey_wording import Worded
from handlers.jobs.delivery.reader import Reader
from handlers.jobs.delivery.wording import worded
from rules.base import Lang
from rules.facts import RankState
from tests.handlers.clubs import MONDAY_NOON, SmallClub

USER = "U" + "1" * 32


def _reader(cafe: SmallClub, *, language: Lang = "ja", rank: str | None = None) -> Reader:
    member: Member = cafe.member(cafe.joins(USER))
    facts = replace(member.facts, rank=RankState(rank))
    return Reader(
        cafe.club,
        cafe.timeline,
        replace(member, language=language, facts=facts),
        (),
        MONDAY_NOON.date(),
    )


def _text(found: Worded | None) -> str:
    assert found is not None
    return json.dumps(found.messages, ensure_ascii=False)


def test_praise_names_the_rank_and_is_signed_by_the_store(cafe: SmallClub) -> None:
    said = SayPraise(moment="rank_up", target="bronze", store="kawabe")
    text = _text(worded(said, _reader(cafe, rank="bronze")))
    assert "ブロンズファン" in text
    assert "川辺店スタッフ一同より" in text
    assert "Riverside" in _text(worded(said, _reader(cafe, language="en", rank="bronze")))


def test_praise_for_a_rank_that_was_undone_is_not_sent(cafe: SmallClub) -> None:
    said = SayPraise(moment="rank_up", target="bronze", store="kawabe")
    assert worded(said, _reader(cafe)) is None


def test_an_answer_carries_the_words_of_both(cafe: SmallClub) -> None:
    said = SayAnswer(text="はい、承ります。", quote="予約できますか", asked_on=date(2026, 1, 4))
    text = _text(worded(said, _reader(cafe)))
    assert "はい、承ります。" in text
    assert "予約できますか" in text
    assert "1月4日" in text


def test_a_correction_says_what_was_taken_back_and_what_there_is_now(cafe: SmallClub) -> None:
    said = SayCorrected(what="visit", on=date(2026, 1, 4), points=-30, rank=True)
    text = _text(worded(said, _reader(cafe, rank="bronze")))
    assert "1月4日のご来店の記録を、お店で取り消しました。" in text
    assert "30ポイント減り、いまの残りは50ポイントです。" in text
    assert "いまのランクは「ブロンズファン」です。" in text
    english = _text(worded(said, _reader(cafe, language="en", rank="bronze")))
    assert "30 points less" in english
    assert "Bronze Fan" in english


@pytest.mark.parametrize("what", ["visit", "purchase", "redemption", "referral", "record"])
def test_what_changed_nothing_else_is_told_without_figures(cafe: SmallClub, what: Any) -> None:
    said = SayCorrected(what=what, on=date(2026, 1, 4), points=0, rank=False)
    text = _text(worded(said, _reader(cafe)))
    assert "1月4日" in text
    assert "ランク" not in text
    assert "残り" not in text


def test_points_given_back_are_said_to_be(cafe: SmallClub) -> None:
    said = SayCorrected(what="redemption", on=date(2026, 1, 4), points=50, rank=False)
    assert "50ポイントをお戻しし、いまの残りは50ポイントです。" in _text(
        worded(said, _reader(cafe))
    )
