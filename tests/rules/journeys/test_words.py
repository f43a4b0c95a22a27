"""Whose words a journey uses, and what may stand in them."""

from dataclasses import replace

import pytest

from rules.journeys.parts import JourneyOffer
from rules.journeys.words import arms_of, names_in, placeholders
from tests.rules.builders import text
from tests.rules.journeys.people import CLUB, came, due_to, everything, journey_of, said


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


def test_what_may_stand_in_a_text_is_common_to_all_or_the_kinds_own() -> None:
    lapsed = journey_of(CLUB, "lapsed")
    common = ("name", "shop", "visit", "points", "rank")
    assert placeholders(lapsed, None) == (*common, "days")
    assert placeholders(lapsed, JourneyOffer(points=5)) == (*common, "days", "gift", "gift_until")


def test_placeholders_are_plain_names_in_braces() -> None:
    assert list(names_in("{name}、{days}日ぶり{{}}")) == ["name", "days"]
    for text_ in ("{name", "{}", "{0}", "{name!r}", "{days:3}", "{name.upper}"):
        with pytest.raises(ValueError):  # noqa: PT011 (Python's own words for it)
            list(names_in(text_))
