"""An event, from the invitation to the thanks, as members and the shop live it."""

from datetime import timedelta

from bot.store.events import events
from bot.store.heard import surveys
from handlers.actions.events.making import EventStep, WrittenEvent, make, take_step
from handlers.actions.recording.actor import Actor
from tests.handlers.actions.events.occasions import event_at, sitting_at
from tests.journeys.town import Customer, Town, _postbacks

BOSS = Actor(1, "店主", "owner", "ekimae", everywhere=True)


def makes(town: Town, *, places: int, days: float = 10, **more: object) -> int:
    """An event that the owner has published."""
    now = town.club.now()
    with town.club.work(BOSS, key="test:made") as work:
        shown = (sitting_at(now + timedelta(days=days, hours=2), places=places),)
        event = event_at(now, closes_at=now + timedelta(days=days), **more)
        event_id = make(work, WrittenEvent(event, shown))
    does(town, event_id, "open")
    return event_id


def does(town: Town, event_id: int, step: EventStep) -> None:
    with town.club.work(BOSS, key=f"test:{step}:{town.club.now()}") as work:
        stored = events.get(work.uow, event_id)
        assert stored is not None
        assert take_step(work, event_id, stored.revision, step) is None


def joined(town: Town, name: str) -> Customer:
    customer = town.newcomer(name)
    customer.follows()
    return customer


def test_two_taps_and_a_waiting_list_that_moves_up(cafe: Town) -> None:
    sakura, ken, hana = (joined(cafe, name) for name in ("さくら", "けん", "はな"))
    cafe.travels(days=2)
    event = makes(cafe, places=1)
    does(cafe, event, "invite")
    assert "春の豆の試食会" not in sakura.reads()
    cafe.travels(days=2)
    invited = sakura.reads()
    assert "「春の豆の試食会」のご案内" in invited
    once = sakura.taps(invited.data(f"do=events&of={event}"))
    assert "残り1席" in once
    assert "'label': '申し込む'" in str(once.messages), "a phone shows the whole button"
    assert "お席をご用意しました" in sakura.taps(once.data("do=event_join"))
    listed = ken.writes("イベント")
    assert "満席です" in listed
    waits = ken.taps(listed.data(f"do=events&of={event}"))
    assert "1番目" in ken.taps(waits.data("do=event_join"))
    assert "2番目" in hana.taps(f"do=event_join&of={event}&n=1")
    asked = sakura.taps(f"do=event_give_up&of={event}")
    assert "キャンセルしますか" in asked
    assert "キャンセルを承りました" in sakura.taps(asked.data("do=event_give_up"))
    cafe.travels(days=0.01)
    offered = ken.reads()
    assert "お席が空きました" in offered
    assert "お席が空きました" not in hana.reads()
    assert "見送る" in offered
    no, yes = (offered.data(f"do=event_offer&of={event}&no=2&yes={n}") for n in (0, 1))
    assert "キャンセルを承りました" in ken.taps(no)
    assert "期限が過ぎた" in ken.taps(yes)
    cafe.travels(days=0.01)
    offered = hana.reads()
    assert "お席をご用意しました" in hana.taps(offered.data("do=event_offer"))
    assert "明日は" not in offered
    cafe.travels(days=7)
    assert "明日は「春の豆の試食会」です" in hana.reads()
    assert "明日は" not in ken.reads()


def test_what_is_off_is_told_to_those_it_concerns(cafe: Town) -> None:
    sakura, ken, hana = (joined(cafe, name) for name in ("さくら", "けん", "はな"))
    event = makes(cafe, places=1)
    for each in (sakura, ken):
        each.taps(f"do=event_join&of={event}&n=1")
    asked = sakura.taps(f"do=event_give_up&of={event}")
    does(cafe, event, "cancel")
    cafe.travels(days=0.01)
    assert "中止になりました" in sakura.reads()
    assert "中止になりました" in ken.reads()
    assert "中止" not in hana.reads()
    assert "中止になりました" in sakura.taps(asked.data("do=event_give_up"))
    assert "中止になりました" in ken.taps(f"do=event_give_up&of={event}")
    assert "中止になりました" in hana.taps(f"do=event_join&of={event}&n=1")


def test_who_comes_seldom_is_heard_whatever_their_rank(cafe: Town) -> None:
    sakura, ken = joined(cafe, "さくら"), joined(cafe, "けん")
    for each in (sakura, ken):
        each.opens(cafe.counter_link())
        each.reads()
    cafe.skips(days=100)
    ken.opens(cafe.counter_link())
    event = makes(cafe, places=5, guests="lapsed")
    assert "春の豆の試食会" in sakura.writes("イベント")
    assert "いまご案内できるイベントはありません" in ken.writes("イベント")
    assert "お席をご用意しました" in sakura.taps(f"do=event_join&of={event}&n=1")
    assert "対象の方へのご案内です" in ken.taps(f"do=event_join&of={event}&n=1")


def test_who_came_is_thanked_and_says_how_it_was(cafe: Town) -> None:
    sakura, ken = joined(cafe, "さくら"), joined(cafe, "けん")
    event = makes(cafe, places=5, days=1)
    for each in (sakura, ken):
        each.taps(f"do=event_join&of={event}&n=1")
    cafe.travels(days=1, to=cafe.club.now() + timedelta(days=1, hours=1))
    sakura.opens(cafe.counter_link())
    cafe.travels(days=1)
    thanked = sakura.reads()
    assert "ご参加、ありがとうございました" in thanked
    assert "ご参加、ありがとう" not in ken.reads()
    asked = sakura.taps(thanked.data("do=questions"))
    assert "イベントはいかがでしたか" in asked
    said = sakura.taps(next(each for each in _postbacks(asked.messages) if "v=5" in each))
    assert "お聞かせください" in said
    sakura.writes("豆のお話が楽しかったです")
    with cafe.club.store.read() as uow:
        since = cafe.club.now() - timedelta(days=9)
        given = [each.answer for each in surveys.answers_to(uow, f"event_{event}", since=since)]
    assert [each.number for each in given if each.number] == [5]
    assert [each.words for each in given if each.words] == ["豆のお話が楽しかったです"]
