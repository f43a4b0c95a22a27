"""A reward from the tap in the chat to "thank you": the member's page, the scan, the answer."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

from bot.codes import LiveCode
from bot.store.history import history
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.counter.redeem import Handover, redeem_at_counter, use_key
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.recording.actor import Actor
from rules.activity import Redemption
from rules.base import Refusal
from tests.handlers.pages.card.conftest import read
from tests.journeys.town import Customer, Said, Town

DESK = Actor(1, "佐藤ゆい", "manager", "ekimae")


def uses(said: Said) -> list[str]:
    """Where the buttons 「使う」 lead, first to last."""
    return re.findall(r'"uri": "([^"]+/card/tap/[^"]+)"', json.dumps(said.messages))


def page(town: Town, link: str) -> str:
    """The path of the page that a tap on `link` opens."""
    answer = town.http.get(urlsplit(link).path)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def scan(town: Town, path: str) -> Handover | Refusal:
    """What staff's scan of the open page comes to."""
    svg = json.loads(town.http.get(f"{path}code").data)["svg"]
    live = town.club.codes.open_live(read(svg), town.club.now())
    assert isinstance(live, LiveCode)
    with town.club.work(DESK) as work:
        return redeem_at_counter(work, live)


def state(town: Town, path: str) -> dict[str, str]:
    said: dict[str, str] = json.loads(town.http.get(f"{path}state").data)
    return said


def promised(town: Town, sakura: Customer) -> None:
    until = town.today() + timedelta(days=20)
    with town.club.work(key="test:offer") as work:
        offer(work, sakura.member.id, Promise("lapsed", until, "welcome_back"), at=town.club.now())


def test_a_gift_that_was_promised_is_given_at_the_visit_and_used_at_the_till(cafe: Town) -> None:
    sakura = cafe.newcomer()
    sakura.follows()
    promised(cafe, sakura)
    cafe.travels(days=1)
    came = sakura.opens(cafe.counter_link())
    assert "おかえりなさいの焼き菓子" in came
    before = sakura.member.facts.balance

    [use, *_] = uses(sakura.writes("特典"))
    path = page(cafe, use)
    assert state(cafe, path)["state"] == "ready"
    done = scan(cafe, path)
    assert isinstance(done, Handover)
    assert (done.reward, done.voucher, done.points, done.first) == ("welcome_back", 1, 0, True)

    assert state(cafe, path)["title"] == "ご利用ありがとうございました"
    cafe.travels(days=0.01)
    told = sakura.reads()
    assert "駅前店で「おかえりなさいの焼き菓子」をお使いになりました" in told
    assert "おかえりなさいの焼き菓子" in sakura.writes("履歴")
    assert sakura.member.facts.vouchers == ()
    assert sakura.member.facts.balance == before
    assert cafe.adds_up()


def test_a_slip_at_the_till_is_undone_and_the_reward_is_there_again(cafe: Town) -> None:
    sakura = cafe.newcomer()
    sakura.follows()
    sakura.opens(cafe.counter_link())
    promised(cafe, sakura)
    cafe.travels(days=1)
    sakura.opens(cafe.counter_link())
    path = page(cafe, uses(sakura.writes("特典"))[0])
    assert isinstance(scan(cafe, path), Handover)
    key = use_key(_nonce(cafe, sakura))
    with cafe.club.work(DESK, key="staff:undo") as work:
        undone = undo(work, UndoRequest(sakura.member.id, key))
    assert undone.done
    assert state(cafe, path)["state"] == "cancelled"
    assert [voucher.reward for voucher in sakura.member.facts.vouchers] == ["welcome_back"]
    assert isinstance(scan(cafe, page(cafe, uses(sakura.writes("特典"))[0])), Handover)
    assert cafe.adds_up()


def _nonce(town: Town, sakura: Customer) -> str:
    """The name of the page by which the last reward was used."""
    with town.club.store.read() as uow:
        newest = history.latest(uow, sakura.member.id, limit=1)[0]
        assert isinstance(newest.activity.what, Redemption)
        return history.key_of(uow, sakura.member.id, newest.seq).removeprefix("use:")
