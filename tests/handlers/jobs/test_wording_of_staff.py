"""What staff say to a member from the counter, as it is worded when it goes out."""

import json
from dataclasses import replace
from datetime import date

from bot.store.members import Member
from handlers.actions.notify import SayAnswer, SayPraise
from handlers.jobs.wording import Reader, messages
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


def _text(found: object) -> str:
    return json.dumps(found, ensure_ascii=False)


def test_praise_names_the_rank_and_is_signed_by_the_store(cafe: SmallClub) -> None:
    said = SayPraise(moment="rank_up", target="bronze", store="kawabe")
    text = _text(messages(said, _reader(cafe, rank="bronze")))
    assert "ブロンズファン" in text
    assert "川辺店スタッフ一同より" in text
    assert "Riverside" in _text(messages(said, _reader(cafe, language="en", rank="bronze")))


def test_praise_for_a_rank_that_was_undone_is_not_sent(cafe: SmallClub) -> None:
    said = SayPraise(moment="rank_up", target="bronze", store="kawabe")
    assert messages(said, _reader(cafe)) is None


def test_an_answer_carries_the_words_of_both(cafe: SmallClub) -> None:
    said = SayAnswer(text="はい、承ります。", quote="予約できますか", asked_on=date(2026, 1, 4))
    text = _text(messages(said, _reader(cafe)))
    assert "はい、承ります。" in text
    assert "予約できますか" in text
    assert "1月4日" in text
