"""Check-in from the member's side: what counts, what doesn't, and when it will again."""

from datetime import timedelta

import pytest

from handlers.actions.recording.record import Request, record
from rules.activity import BirthdayTold
from rules.base import LANGS, Lang

from ..conftest import World, event, text_event, words


@pytest.mark.parametrize("lang", LANGS)
def test_a_visit_is_answered_with_points_and_the_next_step(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    said = words(person.check_in())
    assert "+10" in said
    assert {"ja": "あと2回", "en": "2 more visits"}[lang] in said
    assert {"ja": "はじめの一杯", "en": "The first cup"}[lang] in said
    assert {"ja": "駅前店", "en": "Station"}[lang] in said


@pytest.mark.parametrize("lang", LANGS)
def test_the_third_visit_in_a_month_raises_and_invites_to_the_fan_steps(
    world: World, lang: Lang
) -> None:
    person = world.member("Sakura", lang)
    for _ in range(2):
        person.check_in()
        world.travel(timedelta(days=1))
    said = words(person.check_in())
    steps = world.club.timeline().latest.programme.fan_steps
    assert steps is not None
    assert steps.message.in_(lang) in said
    assert {"ja": "ブロンズファンに昇格！", "en": "You are now Bronze Fan"}[lang] in said
    assert person.card.facts.rank.id == "bronze"


def test_a_reward_that_comes_into_reach_is_named(world: World) -> None:
    person = world.member()
    said = ""
    for _ in range(6):
        said = words(person.check_in())
        if person.card.facts.balance >= 100:
            break
        world.travel(timedelta(days=1))
    assert "「100円引き」と交換できるようになりました" in said


@pytest.mark.parametrize(("days", "greeted"), [(0, True), (1, False)])
def test_who_comes_on_their_birthday_is_wished_well(world: World, days: int, greeted: bool) -> None:
    person = world.member()
    born = world.now() + timedelta(days=days)
    with world.club.work() as work:
        told = Request(person.card.id, BirthdayTold(born.month, born.day), world.now())
        assert record(work.acting("member").under("test:born"), told).done
    assert ("お誕生日おめでとうございます" in words(person.check_in())) == greeted


def test_a_second_visit_today_is_refused_with_the_time_it_counts_again(world: World) -> None:
    person = world.member()
    person.check_in()
    said = words(person.check_in("kawabe"))
    assert "すでに記録されています" in said
    assert "あすから" in said
    assert person.card.facts.visits == 1


def test_an_old_code_is_refused_and_says_what_to_do(world: World) -> None:
    person = world.member()
    code = world.code()
    world.travel(timedelta(minutes=7))
    said = words(person.write(f"チェックイン {code}"))
    assert "時間が過ぎています" in said
    assert "もう一度読み取って" in said
    assert person.card.facts.visits == 0


def test_a_code_counts_by_when_it_was_sent_not_by_when_we_got_round_to_it(world: World) -> None:
    person = world.member()
    message = text_event(person, f"チェックイン {world.code()}")
    world.travel(timedelta(hours=1))
    world.post([message])
    world.handle()
    assert person.card.facts.visits == 1


def test_a_time_in_the_future_is_not_believed(world: World) -> None:
    person = world.member()
    message = text_event(person, f"チェックイン {world.code()}")
    message["timestamp"] += 86_400_000
    world.post([message])
    world.handle()
    last = person.card.facts.last_visit_at
    assert last is not None
    assert last <= world.now()


@pytest.mark.parametrize("code", ["0000-0000", "7K2M-Q9X", "1234", "12345678901234"])
def test_a_made_up_code_is_refused_kindly(world: World, code: str) -> None:
    person = world.member()
    assert "確認できませんでした" in words(person.write(f"チェックイン {code}"))
    assert person.card.facts.visits == 0


def test_a_beacon_counts_the_visit_and_says_no_once_a_day_at_most(world: World) -> None:
    person = world.member()
    assert "ありがとうございます" in words(person.enter("0a1b2c3d02"))
    assert "すでに記録されています" in words(person.enter("0a1b2c3d02"))
    assert person.enter("0a1b2c3d03") == []
    assert person.card.facts.visits == 1
    assert person.card.facts.stores == ("kawabe",)


def test_a_beacon_that_is_not_ours_is_not_answered(world: World) -> None:
    person = world.member()
    assert person.enter("ffffffffff") == []
    assert person.card.facts.visits == 0


def test_leaving_the_range_of_a_beacon_means_nothing(world: World) -> None:
    person = world.member()
    world.post([event(person, "beacon", beacon={"hwid": "0a1b2c3d01", "type": "stay"})])
    world.handle()
    assert person.card.facts.visits == 0


NO_QR = ("counter_qr = true", "counter_qr = false")
NO_BEACON = ("beacon = true", "beacon = false")


def test_a_shop_without_the_counters_code_points_to_the_till(world: World) -> None:
    person = world.member()
    world.publish(NO_QR)
    assert "会員証をお見せください" in words(person.check_in())
    assert "Beacon" in words(person.write("チェックイン"))


def test_a_shop_without_beacons_leaves_them_alone(world: World) -> None:
    person = world.member()
    world.publish(NO_QR, NO_BEACON)
    assert person.enter("0a1b2c3d01") == []
    assert "会員証" in words(person.write("チェックイン"))


@pytest.mark.parametrize("lang", LANGS)
def test_check_in_alone_says_where_the_code_is(world: World, lang: Lang) -> None:
    person = world.member("Sakura", lang)
    assert "QR" in words(person.write("チェックイン"))
    assert person.card.facts.visits == 0


def test_who_joins_by_checking_in_is_not_told_that_the_welcome_came_into_reach(
    world: World,
) -> None:
    world.publish(("cost = 100", "cost = 40"))
    stranger = world.stranger()
    said = words(stranger.check_in())
    assert "バッジ「はじめの一杯」を獲得！" in said
    assert "交換できるようになりました" not in said


def test_a_year_of_membership_is_told_at_the_counter_and_on_the_card_before_its_day(
    any_world: World,
) -> None:
    person = any_world.member()
    told = "ご入会1周年。「200ポイント」をお届けします"
    any_world.travel(timedelta(days=350))
    assert "周年" not in str(person.write("カード")[0]["altText"])
    any_world.travel(timedelta(days=10))
    assert told in words(person.check_in())
    assert told in str(person.write("カード")[0]["altText"])
