"""What people ask about the shop: answered from the programme, or by people."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from rules.base import LANGS, Lang
from rules.wording.texts import say
from tests.rules.examples import GYM

from ..conftest import Message, World, actions, taps, words

#: 12:00 on a Tuesday: NOON of the conftest.
HOUR = timedelta(hours=1)


def maps(said: list[Message]) -> list[tuple[Any, ...]]:
    return [
        (each["title"], each["address"], each["latitude"], each["longitude"])
        for each in said
        if each["type"] == "location"
    ]


def links(said: list[Message]) -> list[str]:
    return [each["uri"] for message in said for each in actions(message) if each["type"] == "uri"]


ASKED = {
    "ja": "営業時間は？/場所はどこですか/電話番号/予約したい/メニュー/駐車場はありますか/"
    "川辺店の電話番号を教えて/川辺の駐車場/川辺店の場所",
    "en": "When do you close?/Where are you?/phone number/booking/menu/Is there parking?/"
    "Riverside phone number/parking at Riverside/map of Riverside",
}


@pytest.mark.parametrize("lang", LANGS)
def test_hours_map_telephone_booking_menu_and_parking_are_answered(
    world: World, lang: Lang
) -> None:
    person = world.member("Sakura", lang)
    said = [person.write(text) for text in ASKED[lang].split("/")]
    hours, place, phone, booking, menu, parking, its_phone, its_parking, its_place = said
    open_until = {"ja": "本日は22:00まで営業しています。", "en": "Open today until 22:00."}[lang]
    assert open_until in words(hours)
    names = {"ja": "通い路珈琲 駅前店", "en": "Kayoiji Coffee Station"}[lang]
    assert maps(place)[0][0] == names
    assert maps(place)[1][2:] == (35.711794, 139.799061)
    assert links(phone) == ["tel:0300000101", "tel:0300000102"]
    assert links(booking) == ["https://example.com/booking"]
    assert links(menu) == ["https://example.com/menu"]
    public = {"ja": "駅の公共駐車場", "en": "the public one"}[lang]
    assert public in words(parking)
    # Of a branch that is named, its own.
    assert links(its_phone) == ["tel:0300000102"]
    assert public not in words(its_parking)
    assert maps(its_place) == maps(place)[1:]
    assert world.letters() == []
    # Each leads to the others.
    assert {"do=hours", "do=phone"} <= set(taps(place).values())


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("ja", ("プール館の営業時間は？", "プール館は何時まで", "プールは何時からですか")),
        ("en", ("Pool house opening hours", "hours of the pool house", "Pool house hours please")),
    ],
)
def test_the_hours_of_one_branch_are_asked_by_its_name(
    world: World, lang: Lang, texts: tuple[str, ...]
) -> None:
    world.publish_text(GYM)
    person = world.member("Sakura", lang)
    both = words(person.write("opening hours"))
    assert "23:00" in both
    for text in texts:
        said = words(person.write(text))
        assert "21:00" in said
        assert "23:00" not in said
    assert world.letters() == []


def test_hours_say_how_it_stands_now_and_when_it_is_closed(world: World) -> None:
    person = world.member()
    world.travel(10 * HOUR)  # 22:00
    assert "本日の営業は終わりました。つぎは11月18日 7:30からです。" in words(
        person.write("営業時間")
    )
    world.travel(9 * HOUR)  # 7:00 in the morning
    assert "本日は7:30からです。" in words(person.write("営業時間"))
    shop = world.club.timeline().latest.programme.shop
    world.travel(datetime(2037, 12, 29, 12, tzinfo=shop.zone) - world.now())
    world.publish(("2027-12-31, until = 2028-01-02", "2037-12-30, until = 2038-01-02"))
    assert "12月30日〜1月2日" in words(person.write("お休みはいつ？"))
    world.travel(24 * HOUR)
    assert "本日はお休みです。つぎは1月3日 7:30からです。" in words(person.write("今日やってる？"))


def test_what_the_programme_doesnt_tell_is_asked_of_people(world: World) -> None:
    world.publish(
        ('booking_url = "https://example.com/booking"\n', ""),
        (
            'parking = { ja = "店の裏に4台分あります。", en = "Four places behind the house." }\n',
            "",
        ),
    )
    person = world.member()
    for text in ("予約したい", "川辺店の駐車場", "駅前店の予約"):
        assert "スタッフにお伝えしました" in words(person.write(text))
    assert [text for _, text in world.letters()] == ["予約したい", "川辺店の駐車場", "駅前店の予約"]
    # Of the branch that tells, it is told; for the other one people are named.
    assert "公共駐車場" in (said := words(person.write("駐車場")))
    assert "スタッフがお答えします" in said
    assert "do=booking" not in taps(person.tap("shop")).values()
    # A button from before the change.
    assert "もう使えない" in words(person.tap("booking"))


def test_a_question_within_a_complaint_is_the_complaint(world: World) -> None:
    person = world.member()
    for asked, text in (("クレーム", "駐車場"), ("意見", "営業時間は？")):
        person.write(asked)
        person.write(text)
    person.write("駐車場が狭くて、営業時間も違いました")
    assert sorted(world.letters()) == [
        ("feedback", "営業時間は？"),
        ("feedback", "駐車場"),
        ("message", "駐車場が狭くて、営業時間も違いました"),
    ]


def test_many_branches_are_a_list_that_leads_to_each_map(world: World) -> None:
    more = "".join(
        f'\n[[stores]]\nid = "more_{n}"\nname = {{ ja = "{n}号店" }}\n'
        f"map = {{ latitude = {n}.5, longitude = 1 }}\n"
        for n in range(1, 4)
    )
    world.publish(("\n[visits]\n", f"{more}\n[visits]\n"))
    person = world.member()
    said = person.write("場所")
    assert maps(said) == []
    rows = [each["data"] for each in actions(said[0]) if "store=more_2" in each.get("data", "")]
    [shown] = maps(person.tap_data(rows[0]))
    assert shown == ("通い路珈琲 2号店", "2号店", 2.5, 1)


@pytest.mark.parametrize("lang", LANGS)
def test_whoever_left_or_came_just_now_is_answered_too(world: World, lang: Lang) -> None:
    world.publish_text(GYM)
    person = world.person("Sakura", lang)
    assert "23:00" in words(person.write({"ja": "営業時間", "en": "opening hours"}[lang]))
    asked = person.tap("leave")
    person.tap_data(taps(asked)[say(lang, "chat.button.leave_yes")])
    said = words(person.write({"ja": "定休日はいつですか", "en": "opening hours"}[lang]))
    assert {"ja": "月曜日", "en": "Mondays"}[lang] in said
