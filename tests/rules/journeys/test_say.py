"""What a journey says at the moment it goes out: whole sentences, true ones, and nothing twice."""

from dataclasses import replace
from typing import Any

import pytest

from rules.activity import BirthdayTold, Occasion, Offered
from rules.base import LANGS, Lang
from rules.journeys.case import Known
from rules.journeys.due import Due, journeys_of
from rules.journeys.say import JourneyView, Written, view
from rules.journeys.words import arms_of
from rules.programme.journeys import Journey
from rules.programme.programme import Programme
from tests.rules.builders import JOINED, Life, does, of_day, reward, text, visits
from tests.rules.journeys.people import KINDS, Person, ask, came, due_to, everything, later

CLUB = everything()
#: Words that blame, beg or hurry; and what a member is never called.
NEVER = (
    "さんさん", "さん様", "なぜ", "どうして", "悲しい", "残念", "寂しい", "忘れ", "急いで",
    "最後のチャンス", "{", "}", "None", "  ", "、、", "。。",
)  # fmt: skip


def journey_of(club: Programme, kind: str) -> Journey:
    return next(journey for journey in journeys_of(club) if journey.kind == kind)


def said(
    person: Person,
    kind: str,
    club: Programme = CLUB,
    *,
    lang: Lang = "ja",
    arm: str = "a",
    name: str = "さくら",
) -> JourneyView:
    """What the person reads today."""
    answer = ask(club, kind, person)
    assert isinstance(answer, Due), answer
    journey = journey_of(club, kind)
    found = view(journey, person.case(club, lang), Written(answer.period, arm), name=name)
    assert found is not None
    return found


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


def test_nobody_reads_one_more_visit_after_that_visit() -> None:
    person = due_to("one_short", CLUB)
    answer = ask(CLUB, "one_short", person)
    assert isinstance(answer, Due)
    life = Life(CLUB)
    life.facts = person.facts
    life.does(visits(person.day))
    after = replace(person, facts=life.facts)
    written = Written(answer.period, "a")
    assert view(journey_of(CLUB, "one_short"), after.case(CLUB), written, name="") is None


@pytest.mark.parametrize(
    ("lang", "title", "goes"),
    [
        ("ja", "「ランク1」を来月も続けるには", "「ランク1」は2月28日までとなりそうです"),
        ("en", "How to keep", "will probably end on Feb 28"),
    ],
)
def test_nobody_is_asked_for_more_visits_than_the_days_left_allow(
    lang: Lang, title: str, goes: str
) -> None:
    person = due_to("rank_at_risk", CLUB)
    assert title in said(person, "rank_at_risk", lang=lang).title
    late = said(later(person, CLUB, 3), "rank_at_risk", lang=lang)
    assert goes in late.title
    assert "今月中に" not in late.body
    assert "this month" not in late.body


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_about_another_period_is_not_said(kind: str) -> None:
    written = Written("2020-01-01:other", "a")
    case = due_to(kind, CLUB).case(CLUB)
    assert view(journey_of(CLUB, kind), case, written, name="") is None


def test_that_it_was_queued_does_not_keep_it_from_going_out() -> None:
    person = due_to("rhythm", CLUB)
    queued = replace(person, known=Known(sent_on=person.day))
    written = Written(person.facts.away_since.isoformat(), "a")
    assert view(journey_of(CLUB, "rhythm"), queued.case(CLUB), written, name="") is not None


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
        assert isinstance(answer, Due)
        written = Written(answer.period, "a")
        known = Known(gone=("gift",) if "stock" in gone else ())
        message = view(journey, replace(person, known=known).case(club), written, name="")
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


def test_the_promise_is_really_kept_at_the_next_visit() -> None:
    club = offering({"points": 50})
    person = came(club, "01-10", until="03-11")
    promise = said(person, "lapsed", club).promise
    assert promise is not None
    life = Life(club)
    life.facts = person.facts
    life.does(does(promise, person.day))
    assert life.comes(of_day("03-20")).points == 60


def test_a_birthday_tells_of_the_points_it_brought() -> None:
    life = Life(CLUB)
    life.does(does(BirthdayTold(5, 12), JOINED, 8))
    life.does(does(Occasion("birthday"), of_day("05-01"), 5, by="system"))
    person = Person(life.until(of_day("05-01")), of_day("05-01"))
    assert said(person, "birthday").given == "🎁 お祝いに100ポイントをお届けしました"
    assert said(due_to("birthday", CLUB), "birthday").given == ""


def test_a_warning_that_waited_names_the_day_to_which_points_are_kept_for_it() -> None:
    """It should have gone out seven days before they go, and does five days later."""
    person = due_to("points_expiring", CLUB)
    [lot] = person.known.lots
    told = replace(lot, warned_on=person.day, warned_for=lot.expires_on, warnings=1)
    written = Written(f"{lot.expires_on}:{person.day}", "a")
    for days, last in ((0, "2月5日"), (5, "2月10日")):
        late = later(replace(person, known=Known(lots=(told,))), CLUB, days)
        message = view(journey_of(CLUB, "points_expiring"), late.case(CLUB), written, name="")
        assert message is not None
        assert f"{last}まで" in message.body


# ── The shop's own words ──


def test_the_shops_words_come_before_ours() -> None:
    club = everything({
        "kind": "lapsed",
        "title": text("{name}、{shop}です"),
        "body": {"ja": "{days}日ぶりですね。", "en": "{days} days."},
        "by_rank": [{"ranks": ["r1"], "body": text("{rank}の{name}へ")}],
        "steps": [{"days": 60}, {"days": 90, "body": text("またのご{visit}を。")}],
    })  # fmt: skip
    first = said(came(club, "01-10", until="03-11"), "lapsed", club)
    assert (first.title, first.body) == ("さくらさん、店です", "60日ぶりですね。")
    english = said(came(club, "01-10", until="03-11"), "lapsed", club, lang="en", name="Sakura")
    assert (english.title, english.body) == ("Sakura、店です", "60 days.")
    second = said(came(club, "01-10", until="04-10"), "lapsed", club)
    assert second.body == "またのご来店を。"
    ranked = came(club, "01-10", "01-11", "01-12", until="03-13")
    held = replace(ranked.facts.rank, id="r1")
    ranked = replace(ranked, facts=replace(ranked.facts, rank=held))
    assert said(ranked, "lapsed", club).body == "ランク1のさくらさんへ"


def test_a_shops_own_words_make_one_version() -> None:
    own = everything({"kind": "lapsed", "body": text("またどうぞ。")})
    assert [arm.id for arm in arms_of(journey_of(own, "lapsed"))] == ["a"]
    assert [arm.id for arm in arms_of(journey_of(CLUB, "lapsed"))] == ["a", "b"]


def test_an_arm_that_was_dropped_reads_the_first() -> None:
    person = due_to("lapsed", CLUB)
    assert said(person, "lapsed", arm="gone") == said(person, "lapsed", arm="a")


def test_each_step_has_its_own_words_and_the_last_says_goodbye() -> None:
    bodies = [
        said(came(CLUB, "01-10", until=day), "lapsed").body for day in ("03-11", "04-10", "06-09")
    ]
    assert len(set(bodies)) == 3
    assert "会員証はそのまま" in bodies[-1]


def test_what_is_about_a_badge_leads_to_the_badges() -> None:
    club = everything(
        badges=[{"id": "b", "name": text("三度"), "needs": {"kind": "visits", "count": 3}}],
        ranks=None,
    )
    message = said(came(club, "03-05", "03-19", until="03-22"), "one_short", club)
    assert message.body == "次のご来店で、バッジ「三度」が手に入ります。お待ちしています！"
    assert [button.intent for button in message.buttons] == ["card", "badges"]
    assert message.target == "b"


def test_a_gym_says_raikan() -> None:
    club = everything(shop={"visit_word": "来館"})
    assert "ご来館" in said(due_to("one_short", club), "one_short", club).body
