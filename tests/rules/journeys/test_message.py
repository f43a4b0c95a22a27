"""What a journey says at the moment it goes out: whole sentences, true ones, and nothing twice."""

from dataclasses import replace
from typing import Any

import pytest

from rules.activity import Offered
from rules.base import LANGS, Lang
from rules.journeys.member import Background, DueMessage
from rules.journeys.message import QueuedWording, view
from rules.journeys.words import arms_of
from rules.programme.programme import Programme
from rules.programme.rewards import Withheld
from tests.rules.builders import Life, does, of_day, reward, text
from tests.rules.journeys.people import CLUB, KINDS, ask, came, due_to, everything, journey_of, said

#: Words that blame, beg or hurry; and what a member is never called.
NEVER = (
    "さんさん", "さん様", "なぜ", "どうして", "悲しい", "残念", "寂しい", "忘れ", "急いで",
    "最後のチャンス", "{", "}", "None", "  ", "、、", "。。",
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["さくら", "さくらさん", "", "👋", "A" * 60])
@pytest.mark.parametrize("kind", KINDS)
def test_every_message_is_made_of_whole_kind_sentences(kind: str, name: str, lang: Lang) -> None:
    person = due_to(kind, CLUB)
    for arm in arms_of(journey_of(CLUB, kind)):
        message = said(person, kind, lang=lang, arm=arm.id, name=name)
        for line in (message.title, message.body):
            assert line
            assert [word for word in NEVER if word in line] == []
        assert message.body.endswith(("。", "！", "？") if lang == "ja" else (".", "!", "?")) or (
            kind == "fan_steps"
        )
        assert len(message.title) <= 60
        assert len(message.body) <= 130
        assert 1 <= len(message.buttons) <= 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in (
    "rank_at_risk", "points_expiring", "fan_steps")])  # fmt: skip
def test_our_two_versions_differ(kind: str) -> None:
    person = due_to(kind, CLUB)
    a, b = (said(person, kind, arm=arm) for arm in ("a", "b"))
    assert a.title != b.title or a.body != b.body


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_about_another_period_is_not_said(kind: str) -> None:
    written = QueuedWording("2020-01-01:other", "a")
    case = due_to(kind, CLUB).of(CLUB)
    assert view(journey_of(CLUB, kind), case, written, name="") is None


def test_that_it_was_queued_does_not_keep_it_from_going_out() -> None:
    person = due_to("rhythm", CLUB)
    queued = replace(person, background=Background(sent_on=person.day))
    written = QueuedWording(person.facts.away_since.isoformat(), "a")
    assert view(journey_of(CLUB, "rhythm"), queued.of(CLUB), written, name="") is not None


def test_a_name_brings_its_san_and_nobody_without_one_is_left_out() -> None:
    person = due_to("lapsed", CLUB)
    assert said(person, "lapsed", name="さくら").title == "さくらさん、お久しぶりです"
    assert said(person, "lapsed", name="さくらさん").title == "さくらさん、お久しぶりです"
    assert said(person, "lapsed", name="").title == "お客さま、お久しぶりです"
    assert said(person, "lapsed", name="", lang="en").title == "Dear guest, it's been a while"


# ── Gifts ──


def offering(offer: dict[str, Any], *, rewards: Any = None, **more: Any) -> Programme:
    parts = {"rewards": rewards} if rewards else {}
    return everything({"kind": "lapsed", "offer": offer, **more}, **parts)


@pytest.mark.parametrize(
    ("offer", "line"),
    [
        ({"points": 50}, "🎁 次のご来店で50ポイントをプレゼント（4月9日まで）"),
        (
            {"reward": "gift", "valid_days": 1},
            "🎁 次のご来店で「ごほうび」をプレゼント（3月11日まで）",
        ),
    ],
)
def test_a_gift_has_a_line_of_its_own_with_its_last_day(offer: dict[str, Any], line: str) -> None:
    club = offering(offer)
    message = said(came(club, "01-10", until="03-11"), "lapsed", club)
    assert message.offer == line
    assert message.promise is not None
    assert (message.promise.points or message.promise.reward) in offer.values()
    assert line in message.sms


def test_without_a_gift_nothing_is_promised() -> None:
    message = said(due_to("lapsed", CLUB), "lapsed")
    assert message.offer == ""
    assert message.promise is None
    assert "🎁" not in message.sms


@pytest.mark.parametrize("gone", [{"stock": 5}, {"ends": "2026-03-10"}])
def test_a_gift_that_is_no_more_is_not_promised(gone: dict[str, Any]) -> None:
    given = {"given": {"kind": "comeback"}, "valid_days": 14}
    rewards = [reward(id="gift", cost=None, **given, **gone)]
    naming = {"body": text("{gift}をどうぞ。")}
    for more in ({}, naming):
        club = offering({"reward": "gift"}, rewards=rewards, **more)
        journey, person = journey_of(club, "lapsed"), came(club, "01-10", until="03-11")
        answer = ask(club, "lapsed", person)
        assert isinstance(answer, DueMessage)
        written = QueuedWording(answer.period, "a")
        known = Background(withheld=Withheld({"gift": 0} if "stock" in gone else {}))
        message = view(journey, replace(person, background=known).of(club), written, name="")
        if more:
            assert message is None
        else:
            assert message is not None
            assert (message.promise, message.offer) == (None, "")


def test_an_arm_may_give_more_than_the_other() -> None:
    arms = [{"id": "plain"}, {"id": "gift", "offer": {"points": 30}}]
    club = everything({"kind": "lapsed", "arms": arms})
    person = came(club, "01-10", until="03-11")
    assert said(person, "lapsed", club, arm="plain").promise is None
    promise = said(person, "lapsed", club, arm="gift").promise
    assert promise == Offered("lapsed", None, 30, of_day("04-09"))
    # A test of the gift alone: the words are the same.
    assert said(person, "lapsed", club, arm="plain").body == (
        said(person, "lapsed", club, arm="gift").body
    )


@pytest.mark.parametrize(("kind", "is_comeback"), [("lapsed", True), ("birthday", False)])
def test_only_a_journey_to_who_stays_away_promises_something_for_a_comeback(
    kind: str, is_comeback: bool
) -> None:
    club = everything({"kind": kind, "offer": {"points": 50}})
    promise = said(due_to(kind, club), kind, club).promise
    assert promise is not None
    assert promise.is_comeback is is_comeback


def test_the_promise_is_really_kept_at_the_next_visit() -> None:
    club = offering({"points": 50})
    person = came(club, "01-10", until="03-11")
    promise = said(person, "lapsed", club).promise
    assert promise is not None
    life = Life(club)
    life.facts = person.facts
    life.does(does(promise, person.day))
    assert life.comes(of_day("03-20")).points == 60


def test_a_gym_says_raikan() -> None:
    club = everything(shop={"visit_word": "来館"})
    assert "ご来館" in said(due_to("one_short", club), "one_short", club).body
