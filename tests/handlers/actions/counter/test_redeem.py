"""A reward for points, and its page at the counter: scanned, handed out once, told in the chat."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.codes import LiveCode, RewardUse, page_nonce
from bot.store.history import ledger, stock
from bot.store.members import members
from bot.store.messages import outbox
from bot.store.messages.inbox import ChatText
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.counter.redeem import Handover, redeem, redeem_at_counter
from handlers.actions.heard.feedback import give_feedback
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request, record
from handlers.actions.telling import messages
from rules.activity import Adjustment
from rules.base import Refusal
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DAY, DESK, SmallClub, club_on
from tests.rules.examples import CAFE, changed

COOKIE = RewardUse("cookie")
USER = "U" + "1" * 32


def member_with(cafe: SmallClub, points: int, user_id: str | None = None) -> int:
    member_id = cafe.joins(user_id)
    with cafe.work() as work:
        more = points - 50  # what joining gave
        record(
            work.acting("staff").under(cafe.key()), Request(member_id, Adjustment(more), work.now)
        )
    assert cafe.balance(member_id) == points
    return member_id


def page(cafe: SmallClub, member_id: int, use: RewardUse, nonce: str | None = None) -> str:
    """The code that a page shows now."""
    member = cafe.member(member_id)
    codes = cafe.club.codes
    return codes.use_code(member.number, member.issue, use, nonce or page_nonce(), cafe.now)


def read(cafe: SmallClub, code: str) -> LiveCode:
    live = cafe.club.codes.open_live(code, cafe.now)
    assert isinstance(live, LiveCode)
    return live


def scans(cafe: SmallClub, code: str) -> Handover | Refusal:
    with cafe.work() as work:
        return redeem_at_counter(work.acting(DESK), read(cafe, code))


def handed_out(cafe: SmallClub, reward: str = "cookie") -> int:
    with cafe.store.read() as uow:
        return stock.all_used(uow).get(reward, stock.Used()).times


def promised(cafe: SmallClub, member_id: int, n: int = 1) -> None:
    """The member has a voucher, their `n`-th, from a promise kept."""
    with cafe.work() as work:
        promise = Promise("lapsed", (work.now + 30 * DAY).date(), "welcome_back")
        assert offer(work.under(cafe.key()), member_id, promise, at=work.now).done
    cafe.passes(minutes=5)
    outcome = cafe.visits(member_id)
    assert [(v.reward, v.n) for v in outcome.vouchers] == [("welcome_back", n)]


def test_a_scanned_page_takes_the_points_and_is_noted(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 200)
    outcome = scans(cafe, page(cafe, member_id, COOKIE))
    assert outcome == Handover(
        member_id, "cookie", None, 150, 50, first=True, at=cafe.now, store=DESK.store
    )
    assert cafe.balance(member_id) == 50
    assert audited(cafe)[-1] == ("redeem", DESK.staff_id, DESK.store, DESK.device_id, member_id)
    assert handed_out(cafe) == 1
    assert cafe.differences(member_id) == []


def test_a_copy_of_the_page_gets_the_first_answer_and_nothing_more(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 400)
    nonce, first_at = page_nonce(), cafe.now
    scans(cafe, page(cafe, member_id, COOKIE, nonce))
    cafe.passes(seconds=40)
    again = scans(cafe, page(cafe, member_id, COOKIE, nonce))
    assert isinstance(again, Handover)
    assert (again.first, again.at, again.points, again.balance) == (False, first_at, 150, 250)
    assert cafe.balance(member_id) == 250
    assert handed_out(cafe) == 1
    assert len(audited(cafe)) == 1


def test_a_new_page_is_a_new_use(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 300)
    for left in (150, 0):
        outcome = scans(cafe, page(cafe, member_id, COOKIE))
        assert isinstance(outcome, Handover)
        assert outcome.balance == left
    assert scans(cafe, page(cafe, member_id, COOKIE)) == Refusal("reward_points")


def test_a_refusal_is_not_kept(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 140)
    nonce = page_nonce()
    assert scans(cafe, page(cafe, member_id, COOKIE, nonce)) == Refusal("reward_points")
    assert handed_out(cafe) == 0
    cafe.visits(member_id)
    assert isinstance(scans(cafe, page(cafe, member_id, COOKIE, nonce)), Handover)


def test_a_voucher_is_used_once_whatever_page_shows_it(cafe: SmallClub) -> None:
    member_id = cafe.joins()
    promised(cafe, member_id)
    before = cafe.balance(member_id)
    use = RewardUse("welcome_back", 1)
    outcome = scans(cafe, page(cafe, member_id, use))
    assert isinstance(outcome, Handover)
    assert (outcome.voucher, outcome.points, outcome.balance) == (1, 0, before)
    assert scans(cafe, page(cafe, member_id, use)) == Refusal("voucher_gone")
    assert cafe.differences(member_id) == []


def test_the_members_chat_is_told(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 200, "U" + "1" * 32)
    scans(cafe, page(cafe, member_id, COOKIE))
    with cafe.store.begin() as uow:
        queued = outbox.claim(uow, now=cafe.now, limit=9)
    said = messages.SayUsed(reward="cookie", voucher=None, store=DESK.store)
    told = [(one.topic, messages.read(one.say)) for one in queued]
    # What the points that were put on brought into reach is told by itself.
    assert [each for each in told if each[1].kind != "reached"] == [(None, said)]


def test_an_old_card_or_nobodys_is_refused(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 200)
    code = page(cafe, member_id, COOKIE)
    with cafe.store.begin() as uow:
        members.set_issue(uow, member_id, 2)
    assert scans(cafe, code) == Refusal("card_closed")
    nobody = cafe.club.codes.use_code("0000000000", 1, COOKIE, page_nonce(), cafe.now)
    assert scans(cafe, nobody) == Refusal("erased")
    assert cafe.balance(member_id) == 200


def test_a_cards_code_redeems_nothing(cafe: SmallClub) -> None:
    member = cafe.member(cafe.joins())
    live = read(cafe, cafe.club.codes.live_card(member.number, member.issue, cafe.now))
    with cafe.work() as work, pytest.raises(ValueError, match="card"):
        redeem_at_counter(work.acting(DESK), live)


def test_the_same_request_twice_is_one_redemption(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 400)
    with cafe.work() as work:
        outcomes = [
            redeem(
                work.acting("member").under("line:1:redeem"),
                member_id,
                RewardUse("donation", None),
                at=work.now,
            )
            for _ in range(2)
        ]
    assert outcomes[0] == outcomes[1]
    assert cafe.balance(member_id) == 350


STOCKED = changed(CAFE, ("cost = 150\n", "cost = 150\nstock = 5\nper_member = 2\n"))


def test_sixteen_at_once_never_take_more_than_there_is(cafe: SmallClub) -> None:
    cafe.publishes(STOCKED)
    ids = [member_with(cafe, 400) for _ in range(8)]
    codes = [page(cafe, member_id, COOKIE) for member_id in ids * 2]
    ready = Barrier(16)

    def one(code: str) -> Handover | Refusal:
        ready.wait()
        return scans(cafe, code)

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(one, codes))
    assert sum(isinstance(outcome, Handover) for outcome in outcomes) == 5
    assert {o.code for o in outcomes if isinstance(o, Refusal)} == {"reward_stock"}
    assert handed_out(cafe) == 5
    assert sum(400 - cafe.balance(member_id) for member_id in ids) == 5 * 150
    assert cafe.differences(*ids) == []


def test_one_page_scanned_by_many_at_once_is_handed_out_once(cafe: SmallClub) -> None:
    member_id = member_with(cafe, 400)
    code, ready = page(cafe, member_id, COOKIE), Barrier(8)

    def one(_n: int) -> Handover | Refusal:
        ready.wait()
        return scans(cafe, code)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(one, range(8)))
    assert [isinstance(outcome, Handover) for outcome in outcomes] == [True] * 8
    assert sum(isinstance(o, Handover) and o.first for o in outcomes) == 1
    assert cafe.balance(member_id) == 250


def test_so_often_for_one_member_whoever_asks_at_once(cafe: SmallClub) -> None:
    cafe.publishes(changed(STOCKED, ("stock = 5", "stock = 50")))
    member_id = member_with(cafe, 1_000)
    codes, ready = [page(cafe, member_id, COOKIE) for _ in range(6)], Barrier(6)

    def one(code: str) -> Handover | Refusal:
        ready.wait()
        return scans(cafe, code)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(one, codes))
    assert sum(isinstance(outcome, Handover) for outcome in outcomes) == 2
    assert Refusal("reward_used_up") in outcomes
    assert handed_out(cafe) == 2


def _says(cafe: SmallClub, member: int, text: str, key: str) -> Outcome:
    with cafe.work(key=key) as work:
        return give_feedback(work, member, ChatText(text, USER, cafe.now))


def _redeems(cafe: SmallClub, member: int, reward: str, key: str) -> Outcome:
    with cafe.work("member", key=key) as work:
        return redeem(work, member, RewardUse(reward, None), at=cafe.now)


def test_a_reward_is_taken_from_the_points_that_expire_first(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(days=40)
    _says(cafe, member, "おいしかった", "f1")
    outcome = _redeems(cafe, member, "donation", "r1")
    assert outcome.done
    assert outcome.balance == cafe.balance(member) == 20
    assert _redeems(cafe, member, "donation", "r1") == outcome
    assert _redeems(cafe, member, "donation", "r2").refused == "reward_points"
    assert _redeems(cafe, member, "no_such", "r3").refused == "reward_gone"
    assert cafe.differences(member) == []
    with cafe.store.read() as uow:
        assert [lot.left for lot in ledger.open_lots(uow, member)] == [20]


def test_a_repeat_after_a_new_price_list_is_still_a_repeat(database_url: str) -> None:
    with club_on(database_url) as cafe:
        member = cafe.joins(USER)
        first = _redeems(cafe, member, "donation", "r1")
        cafe.publishes(changed(CAFE, ("cost = 50\n", "cost = 60\n")))
        cafe.passes(hours=1)
        assert _redeems(cafe, member, "donation", "r1") == first
        assert cafe.differences(member) == []
