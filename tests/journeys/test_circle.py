"""The inner circle, from the invitation on, as members and the shop live it."""

from bot.codes import RewardUse
from bot.store.events import seats
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.redeem import redeem
from handlers.actions.events.trials import make_trial, step_trial, tell_outcome
from handlers.actions.programme.art import add_art
from handlers.actions.recording.record import Request
from rules.activity import Visit
from rules.base import LocalText
from tests.handlers.actions.events.test_circle import ASKING
from tests.handlers.actions.events.trials_tried import BOSS, SAMPLE, trial_at
from tests.handlers.clubs import DESK
from tests.handlers.pages.owner.test_art import picture
from tests.journeys.test_charity import publishes
from tests.journeys.town import Customer, Town

BEACON = "0a1b2c3d01"


def joined(town: Town, name: str) -> Customer:
    customer = town.newcomer(name)
    customer.follows()
    return customer


def scanned(town: Town, customer: Customer) -> None:
    """Staff scan the card, and what is to be told of it goes out."""
    now = town.club.now()
    with town.club.work(DESK, key=f"test:{customer.member.id}:{now}") as work:
        came = Request(customer.member.id, Visit("staff"), now, "ekimae")
        assert check_in(work, came).done
    town.travels(days=0.1)


def is_in(town: Town, customer: Customer) -> bool:
    with town.club.store.read() as uow:
        seat = seats.get(uow, customer.member.id)
    return seat is not None and seat.is_in


def test_the_news_of_a_rank_asks_and_one_tap_answers(cafe: Town) -> None:
    publishes(cafe, ASKING)
    sakura, ken = joined(cafe, "さくら"), joined(cafe, "けん")
    assert "お誘いします" in ken.writes("サークル")
    scanned(cafe, sakura)
    asked = sakura.reads()
    assert "「ご意見番の会」に参加しませんか" in asked
    ladder = sakura.writes("ランク")
    assert "「ご意見番の会」ご参加いただけます" in ladder
    assert "参加しませんか" in sakura.taps(ladder.data("do=circle"))
    assert "do=circle" not in str(ken.writes("ランク").messages)
    yes = asked.data("do=circle_answer&yes=1")
    assert "ようこそ" in sakura.taps(yes)
    assert "ようこそ" in sakura.taps(yes)
    assert is_in(cafe, sakura)
    assert "メンバーです" in sakura.writes("ご意見番の会")
    scanned(cafe, ken)
    no = ken.reads().data("do=circle_answer&yes=0")
    assert "承知しました" in ken.taps(no)
    assert not is_in(cafe, ken)
    later = ken.writes("サークル")
    assert "ようこそ" in ken.taps(later.data("do=circle_answer&yes=1"))


def test_a_word_leaves_asked_once(cafe: Town) -> None:
    publishes(cafe, ASKING)
    sakura = joined(cafe, "さくら")
    scanned(cafe, sakura)
    sakura.taps("do=circle_answer&yes=1")
    for words in ("サークルをやめたいです", "ご意見番の会をやめる"):
        asked = sakura.writes(words)
        assert "をやめますか" in asked
    assert is_in(cafe, sakura)
    assert "退会を承りました" in sakura.taps(asked.data("do=circle_leave"))
    assert not is_in(cafe, sakura)
    assert "参加されていません" in sakura.writes("サークルをやめる")


def test_who_checks_in_by_themselves_is_asked_below_the_answer(cafe: Town) -> None:
    publishes(cafe, ASKING)
    hana = joined(cafe, "はな")
    cafe.travels(days=0.01)
    said = hana.passes_beacon(BEACON)
    assert "「ご意見番の会」に参加しませんか" in said
    assert said.data("do=circle_answer&yes=1")


def test_from_the_invitation_to_what_came_of_it(cafe: Town) -> None:
    publishes(cafe, ASKING)
    sakura, ken = joined(cafe, "さくら"), joined(cafe, "けん")
    for each in (sakura, ken):
        scanned(cafe, each)
        each.taps(each.reads().data("do=circle_answer&yes=1"))
    with cafe.club.work(BOSS, key="test:trial") as work:
        trial = make_trial(work, trial_at(work.now, reward=SAMPLE, samples=1))
        assert step_trial(work, trial, 1, "open") is None
        assert step_trial(work, trial, 2, "invite") is None
    cafe.travels(days=3)
    invited = sakura.reads()
    assert "どちらがお好きですか" in invited
    assert "サンプル 残り1個" in invited
    assert "引換券をお渡ししました" in sakura.taps(invited.data("do=trial_sample"))
    assert "サンプルはなくなりました" in ken.taps(f"do=trial_sample&of={trial}")
    assert "投票ありがとうございます" in sakura.taps(invited.data("do=trial_vote"))
    assert "投票を変えました" in sakura.taps(f"do=trial_vote&of={trial}&c=b")
    assert "その選択肢はありません" in ken.taps(f"do=trial_vote&of={trial}&c=z")
    assert "票（" not in ken.writes("サークル"), "nobody sees how it stands"
    [voucher] = sakura.member.facts.vouchers
    with cafe.club.work(DESK, key="test:fetched") as work:
        use = RewardUse(voucher.reward, voucher.n)
        assert redeem(work, sakura.member.id, use, at=work.now, store="ekimae").done
    cafe.travels(days=1)
    asked = sakura.reads()
    assert "いかがでしたか" in asked
    scale = sakura.taps(asked.data("do=questions"))
    assert "お聞かせください" in sakura.taps(scale.data("do=question"))
    cafe.travels(days=7)
    assert "受付を終えました" in sakura.taps(f"do=trial_vote&of={trial}&c=a")
    with cafe.club.work(BOSS, key="test:told") as work:
        said = LocalText(ja="ブレンドBに決まりました。12月から店頭に並びます。")
        assert tell_outcome(work, trial, 2, said) is None
    sakura.reads()
    cafe.travels(days=1)
    told = sakura.reads()
    assert "ブレンドBに決まりました" in told
    assert "1票（100%）" in told
    assert "ブレンドBに決まりました" not in ken.reads(), "who took no part isn't told"
    cafe.travels(days=2)
    assert "ブレンドBに決まりました" not in sakura.reads(), "once"


def test_what_is_voted_on_is_seen_in_the_chat_from_the_question_to_what_came_of_it(
    cafe: Town,
) -> None:
    publishes(cafe, ASKING)
    sakura = joined(cafe, "さくら")
    scanned(cafe, sakura)
    sakura.taps(sakura.reads().data("do=circle_answer&yes=1"))
    with cafe.club.work(BOSS, key="test:trial") as work:
        look = add_art(work, picture(), "a.png")
        blends = [
            {"id": "a", "name": {"ja": "ブレンドA"}, "picture": look},
            {"id": "b", "name": {"ja": "ブレンドB"}},
        ]
        trial = make_trial(work, trial_at(work.now, choices=blends))
        assert step_trial(work, trial, 1, "open") is None
    address = f"/photos/{str(look).removesuffix('.png')}.jpg"
    asked = sakura.writes("サークル")
    assert address in str(asked.messages)
    assert address in str(sakura.taps(asked.data("do=trial_vote")).messages)
    cafe.travels(days=8)
    with cafe.club.work(BOSS, key="test:told") as work:
        assert tell_outcome(work, trial, 2, LocalText(ja="Aに決まりました。")) is None
    cafe.travels(days=1)
    told = sakura.reads()
    assert "Aに決まりました" in told
    assert address in str(told.messages)
