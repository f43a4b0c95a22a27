"""Rewards that a member selected on their page, handed out with the scan of the visit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from bot.codes import RewardUse
from bot.selections import packed, selection_name
from bot.store.messages import outbox_by_member
from handlers.actions.counter.extras import Extras
from handlers.actions.counter.redeem import Handover, redeem_at_counter
from handlers.actions.counter.scan import ScanOutcome
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.members.reissue import reissue
from handlers.actions.telling.messages import SayUsed, read
from rules.activity import Purchase
from tests.handlers.actions.counter.test_redeem import (
    USER,
    handed_out,
    member_with,
    page,
    promised,
)
from tests.handlers.actions.counter.test_redeem import read as opened
from tests.handlers.actions.counter.test_redeem import scans as scans_page
from tests.handlers.actions.counters import HANA, KEN, kept, scans
from tests.handlers.clubs import DESK, SmallClub
from tests.rules.examples import CAFE, changed

COOKIE, OFF = ("cookie", None), ("off_100", None)
GIFT = ("welcome_back", 1)


class Selected:
    """A selection of a member's, and the code that shows it now."""

    def __init__(self, cafe: SmallClub, member: int, *uses: tuple[str, int | None]) -> None:
        self.cafe, self.member = cafe, member
        self.selection = packed(selection_name(cafe.now), uses)

    @property
    def code(self) -> str:
        who = self.cafe.member(self.member)
        return self.cafe.club.codes.live_card(who.number, who.issue, self.cafe.now, self.selection)


def came(scanned: ScanOutcome) -> dict[str | None, str | None]:
    """Why each of the rewards was refused; None for one that was handed out."""
    return {each.reward: each.outcome.refused for each in scanned.selected}


def undone(cafe: SmallClub, member: int, action: str | None) -> str | None:
    with cafe.work(HANA, key=cafe.key()) as work:
        return undo(work, UndoRequest(member, action or "")).refused


def told(cafe: SmallClub, member: int) -> list[Any]:
    with cafe.store.read() as uow:
        return [read(data) for _, data in outbox_by_member.queued(uow, member, "used")]


def test_one_scan_counts_the_visit_the_amount_and_hands_out_what_was_selected(
    cafe: SmallClub,
) -> None:
    member = member_with(cafe, 300, USER)
    promised(cafe, member)
    cafe.passes(days=1)
    before = cafe.balance(member)
    selected = Selected(cafe, member, COOKIE, OFF, GIFT)
    scanned = scans(cafe, selected.code, extras=Extras(Purchase(1_500)))
    assert scanned.result == "checked_in"
    assert came(scanned) == {"cookie": None, "off_100": None, "welcome_back": None}
    facts = cafe.member(member).facts
    # What the money off took earns nothing, as what is paid with points.
    assert (scanned.off_yen, facts.spend) == (100, 1_400)
    assert facts.vouchers == ()
    assert (handed_out(cafe), handed_out(cafe, "off_100")) == (1, 1)
    visits = facts.visits
    # One message tells of all three.
    [said] = told(cafe, member)
    assert isinstance(said, SayUsed)
    assert (said.reward, said.more) == ("cookie", ("off_100", "welcome_back"))

    assert undone(cafe, member, scanned.action) is None
    facts = cafe.member(member).facts
    assert (facts.balance, facts.visits, facts.spend) == (before, visits - 1, 0)
    assert [(held.reward, held.n) for held in facts.vouchers] == [GIFT]
    assert (handed_out(cafe), handed_out(cafe, "off_100")) == (0, 0)
    assert told(cafe, member) == []
    assert undone(cafe, member, scanned.action) == "undo_again"
    # What was taken back is not had by the same selection again, and the visit counts anew.
    again = scans(cafe, selected.code)
    assert set(came(again).values()) == {"use_cancelled"}
    assert again.result == "checked_in"
    assert cafe.differences(member) == []


def test_a_selection_is_had_once_whatever_code_of_it_is_read_where(cafe: SmallClub) -> None:
    member = member_with(cafe, 1_000)
    selected = Selected(cafe, member, COOKIE)
    first = selected.code
    one = scans(cafe, first, key="scan:1")
    # Sent twice by the device, it is the same scan; a copy of the code, or the code as it has moved
    # on, at another device or branch is another.
    assert scans(cafe, first, key="scan:1") == one
    copied = scans(cafe, first, desk=KEN)
    cafe.passes(seconds=40)
    moved = scans(cafe, selected.code)
    for later in (copied, moved):
        assert (later.result, came(later)) == ("not_counted", {"cookie": "use_again"})
        [again] = later.selected
        assert again.earlier
        assert (again.earlier.at, again.earlier.store) == (one.at, "ekimae")
        assert later.action is None
    assert handed_out(cafe) == 1
    # Selected anew, it is wished for once more.
    more = scans(cafe, Selected(cafe, member, COOKIE).code)
    assert (more.result, came(more)) == ("not_counted", {"cookie": None})
    assert handed_out(cafe) == 2
    # What was handed out without a visit is undone without one.
    assert undone(cafe, member, more.action) is None
    assert (handed_out(cafe), cafe.member(member).facts.visits) == (1, 1)
    assert cafe.differences(member) == []


def test_eight_devices_at_once_hand_it_out_once(cafe: SmallClub) -> None:
    member = member_with(cafe, 1_000)
    code, ready = Selected(cafe, member, COOKIE).code, Barrier(8)

    def one(_n: int) -> ScanOutcome:
        ready.wait()
        return scans(cafe, code)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(one, range(8)))
    assert sum(came(each)["cookie"] is None for each in outcomes) == 1
    assert sum(each.result == "checked_in" for each in outcomes) == 1
    assert handed_out(cafe) == 1
    assert cafe.differences(member) == []


def test_what_the_chats_own_page_handed_out_meanwhile_is_not_had_twice(cafe: SmallClub) -> None:
    member = member_with(cafe, 1_000)
    promised(cafe, member)
    cafe.passes(days=1)
    selected = Selected(cafe, member, COOKIE, GIFT)
    cafe.passes(seconds=20)
    for use in (RewardUse("cookie"), RewardUse(*GIFT)):
        assert isinstance(scans_page(cafe, page(cafe, member, use)), Handover)
    scanned = scans(cafe, selected.code)
    assert scanned.result == "checked_in"
    assert came(scanned) == {"cookie": "use_again", "welcome_back": "use_again"}
    assert handed_out(cafe) == 1
    # And the other way round: a page of its own is a wish of its own.
    assert isinstance(scans_page(cafe, page(cafe, member, RewardUse("cookie"))), Handover)
    assert handed_out(cafe) == 2


def test_each_is_judged_by_itself_at_the_scan_and_the_visit_counts(cafe: SmallClub) -> None:
    member, other = member_with(cafe, 900), member_with(cafe, 500)
    selected = Selected(
        cafe, member, COOKIE, ("off_500", None), ("shipping", None), ("trial_blend", None), OFF
    )
    # Meanwhile the last biscuit goes, and the money off is no longer offered.
    cafe.publishes(
        changed(
            CAFE,
            ("cost = 150\n", "cost = 150\nstock = 1\n"),
            ('id = "off_100"', 'id = "off_200"'),
            ("value_yen = 600\n", "value_yen = 400\n"),
        )
    )
    assert came(scans(cafe, Selected(cafe, other, COOKIE).code)) == {"cookie": None}
    scanned = scans(cafe, selected.code, extras=Extras(Purchase(2_000)))
    assert scanned.result == "checked_in"
    assert came(scanned) == {
        "cookie": "reward_stock",
        "off_500": "selected_proof",
        "shipping": "selected_purchase",
        "trial_blend": "reward_rank",
        None: "reward_gone",
    }
    facts = cafe.member(member).facts
    assert (facts.visits, facts.spend) == (1, 2_000)
    assert handed_out(cafe, "shipping") == 0
    # Enough bought, on the next day, and the PIN's own way stays open.
    cafe.passes(days=1)
    enough = scans(
        cafe,
        Selected(cafe, member, ("shipping", None)).code,
        extras=Extras(Purchase(3_000)),
    )
    assert came(enough) == {"shipping": None}
    assert cafe.differences(member, other) == []


def test_points_are_taken_in_the_order_of_the_selection_until_they_are_short(
    cafe: SmallClub,
) -> None:
    member = member_with(cafe, 210)
    scanned = scans(cafe, Selected(cafe, member, COOKIE, OFF).code)
    assert came(scanned) == {"cookie": None, "off_100": "reward_points"}
    assert scanned.off_yen == 0
    assert cafe.balance(member) >= 60


def test_without_network_the_visit_is_kept_and_the_reward_is_not_handed_out(
    cafe: SmallClub,
) -> None:
    member = member_with(cafe, 500)
    code, made = Selected(cafe, member, COOKIE).code, cafe.now
    cafe.passes(minutes=30)
    late = scans(cafe, code, clocks=kept(made, cafe.now))
    assert (late.result, came(late)) == ("checked_in", {"cookie": "selected_offline"})
    assert cafe.balance(member) >= 500
    # The second scan is the way then: the reward's own page.
    assert isinstance(scans_page(cafe, page(cafe, member, RewardUse("cookie"))), Handover)


def test_an_old_code_is_a_card_and_hands_out_nothing(cafe: SmallClub) -> None:
    member = member_with(cafe, 500)
    code = Selected(cafe, member, COOKIE).code
    cafe.passes(minutes=5)
    scanned = scans(cafe, code)
    assert (scanned.result, came(scanned)) == ("checked_in", {"cookie": "use_expired"})
    assert "old_code" in scanned.marks
    assert handed_out(cafe) == 0


def test_a_card_that_was_replaced_or_merged_hands_out_nothing(cafe: SmallClub) -> None:
    lost, keeper, gone = (member_with(cafe, 500) for _ in range(3))
    old, taken = Selected(cafe, lost, COOKIE).code, Selected(cafe, gone, COOKIE).code
    with cafe.work() as work:
        reissue(work.acting(HANA).under("staff:1"), lost)
        merge(work.acting(HANA).under("staff:2"), MergeRequest(keeper, gone))
    assert scans(cafe, old).reason == "card_closed"
    merged = scans(cafe, taken)
    assert (merged.result, merged.member_id) == ("checked_in", keeper)
    assert came(merged) == {"cookie": "card_closed"}
    assert handed_out(cafe) == 0


def test_staff_who_say_what_was_paid_with_points_are_believed(cafe: SmallClub) -> None:
    member = member_with(cafe, 500)
    bought = Purchase(1_500, points_used_yen=300)
    scanned = scans(cafe, Selected(cafe, member, OFF).code, extras=Extras(bought))
    assert scanned.off_yen == 100
    assert cafe.member(member).facts.spend == 1_200


def test_the_code_of_a_selection_is_no_rewards_page(cafe: SmallClub) -> None:
    member = member_with(cafe, 500)
    with cafe.work() as work, pytest.raises(ValueError, match="card"):
        redeem_at_counter(work.acting(DESK), opened(cafe, Selected(cafe, member, COOKIE).code))
