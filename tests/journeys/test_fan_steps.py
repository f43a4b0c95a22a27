"""The fan steps, from the third visit to the badge, as a member and the shop live them."""

from datetime import timedelta

from bot.store.events import events
from handlers.actions.counter.check_in import check_in
from handlers.actions.recording.record import Request
from rules.activity import Visit
from tests.journeys.test_events import joined, makes
from tests.journeys.town import Customer, Town, _postbacks


def scanned(town: Town, customer: Customer) -> None:
    """Staff scan the card, which answers nothing in the chat."""
    with town.club.work("staff", key=f"scan:{town.club.now()}") as work:
        came = Request(customer.member.id, Visit("staff"), work.now, "ekimae")
        assert check_in(work, came).done


def test_from_the_third_visit_to_the_badge(cafe: Town) -> None:
    cafe.skips_to_day(cafe.today().replace(day=1) + timedelta(days=33))
    cafe.opens()
    sakura = joined(cafe, "さくら")
    event = makes(cafe, places=5, days=8)
    for _ in range(3):
        said = sakura.opens(cafe.counter_link())
        cafe.travels(days=1)
    assert "「ファン認定ステップ」にご招待します" in said
    begun = sakura.taps(said.data("do=fan_steps_begin"))
    assert "ファンの認定まで、あと3つです" in begun
    assert "ファン認定ステップのご案内" not in sakura.reads(), "the chat has told it"
    assert "1/3" in sakura.opens(cafe.counter_link())
    sakura.taps(begun.data("do=profile"))
    sakura.writes("誕生日")
    asked = sakura.writes("5/12")
    sakura.taps(next(each for each in _postbacks(asked.messages) if "birthday" in each))
    assert sakura.member.facts.birthday is not None
    shown = sakura.writes("ファンステップ")
    assert "つぎは「イベントへのご参加」です" in shown
    assert "春の豆の試食会" in sakura.taps(shown.data("do=events"))
    sakura.taps(f"do=event_join&of={event}&n=1")
    with cafe.club.store.read() as uow:
        stored = events.get(uow, event)
        assert stored is not None
        begins = stored.sittings[0].starts_at
    cafe.travels(to=begins + timedelta(minutes=5))
    sakura.reads()
    came = sakura.opens(cafe.counter_link())
    assert "バッジ「認定ファン」を獲得" in came
    assert "ファンに認定しました" in sakura.writes("ファンステップ")
    assert cafe.adds_up()


def test_who_is_scanned_is_invited_the_day_after_and_may_say_no(cafe: Town) -> None:
    cafe.skips_to_day(cafe.today().replace(day=1) + timedelta(days=33))
    cafe.opens()
    ken = joined(cafe, "けん")
    for _ in range(3):
        scanned(cafe, ken)
        cafe.travels(days=1)
    # The new rank was told today, and one message a day is enough.
    cafe.travels(days=1)
    told = ken.reads()
    assert "ファン認定ステップ" in told
    declined = ken.taps(told.data("do=fan_steps_decline"))
    assert "承知しました" in declined
    for _ in range(3):
        scanned(cafe, ken)
        cafe.travels(days=1)
    assert "ファン認定ステップ" not in ken.reads()
    assert "あと3つです" in ken.taps(told.data("do=fan_steps_begin")), "the button of then"
