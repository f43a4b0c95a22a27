"""Leaving and coming back."""

from tests.handlers.chat.conftest import World, taps, words


def test_leaving_is_explained_asked_and_undone_with_one_tap(world: World) -> None:
    person = world.member()
    person.check_in()
    asked = person.write("退会")
    assert "記録は残ります" in words(asked)
    assert person.card.membership == "active"
    person.tap_data(taps(asked)["退会します"])
    assert person.card.membership == "left"
    door = person.write("ポイント")
    assert "60ポイント" in words(door)
    person.tap_data(taps(door)["会員を再開する"])
    assert person.card.membership == "active"
    assert person.card.facts.balance == 60
    assert "そのままお使い" in words(person.write("再開"))


def test_who_left_gets_no_visit_and_is_not_spoken_to_by_a_beacon(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "再開" in words(person.check_in())
    assert person.enter("0a1b2c3d01") == []
    assert person.card.facts.visits == 0


def test_who_left_still_reaches_the_staff(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "スタッフに" in words(person.write("領収書をいただけますか"))
    assert world.letters() == [("message", "領収書をいただけますか")]


def test_who_left_may_complain_and_is_not_asked_back_for_it(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.tap("leave", yes=1)
    assert "申し訳" in words(person.write("クレーム"))
    assert "承知しました" in words(person.write("やめる"))
    person.write("クレーム")
    heard = words(person.write("珈琲がぬるかったです"))
    assert "スタッフに届けました" in heard
    assert "+" not in heard
    assert world.letters() == [("feedback", "珈琲がぬるかったです")]
    assert person.card.membership == "left"


def test_a_later_yes_to_leaving_asks_anew(world: World) -> None:
    person = world.member()
    person.tap("leave")
    person.write("ポイント")
    person.tap("leave", yes=1)
    assert person.card.membership == "active"
