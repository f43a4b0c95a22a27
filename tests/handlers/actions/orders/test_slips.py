"""Points put on later by a slip, on both databases."""

import threading
from datetime import timedelta

import pytest

from bot.store.history import slips
from bot.store.history.slips import Slip, SlipWorth
from handlers.actions.members import one_time_codes
from handlers.actions.orders.slips import cancel_slip, claim_slip, look_up, make_slip
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from rules.base import Refusal
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DESK, HOUR, SmallClub

BOTH = SlipWorth(visit=True, yen=1_200)


def gives(cafe: SmallClub, what: SlipWorth = BOTH, key: str = "staff:1") -> Slip:
    with cafe.work() as work:
        slip = make_slip(work.acting(DESK).under(key), what, at=work.now)
    assert isinstance(slip, Slip), slip
    return slip


def claims(
    cafe: SmallClub, member: int, text: str, key: str = "line:1:slip", desk: Actor | None = None
) -> Outcome:
    with cafe.work() as work:
        return claim_slip(work.acting(desk).under(key), member, text)


def test_a_slip_is_worth_what_it_says_as_of_when_it_happened(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    cafe.passes(hours=5)
    happened = cafe.now
    slip = gives(cafe)
    cafe.passes(days=2)
    outcome = claims(cafe, member, one_time_codes.readable(slip.code))
    assert outcome.done
    assert outcome.points > 10
    facts = cafe.member(member).facts
    assert (facts.visits, facts.spend) == (1, 1_200)
    assert facts.last_visit_at == happened
    assert {r.activity.by for r in cafe.history(member) if r.seq > 1} == {"staff"}
    assert cafe.differences(member) == []
    assert audited(cafe) == [("slip", 7, "ekimae", 3, None)]


def test_a_slip_is_claimed_once(cafe: SmallClub) -> None:
    member, other = cafe.joins("U1"), cafe.joins("U2")
    slip = gives(cafe)
    first = claims(cafe, member, slip.code)
    assert claims(cafe, member, slip.code) == first
    assert claims(cafe, other, slip.code, "line:2:slip").refused == "slip_used"
    assert cafe.member(other).facts.visits == 0


def test_staff_enter_a_slip_for_a_member(cafe: SmallClub) -> None:
    member = cafe.joins()
    slip = gives(cafe)
    assert claims(cafe, member, slip.code, "staff:2", DESK).done
    assert audited(cafe)[-1] == ("slip_claim", 7, "ekimae", 3, member)


def test_after_its_days_a_slip_is_worth_nothing(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    slip = gives(cafe)
    cafe.clock.set(slip.until)
    assert claims(cafe, member, slip.code).refused == "slip_expired"
    cafe.clock.set(slip.until - timedelta(seconds=1))
    assert claims(cafe, member, slip.code, "line:2:slip").done


def test_a_visit_that_was_counted_leaves_the_slip_as_good_as_before(cafe: SmallClub) -> None:
    member, friend = cafe.joins("U1"), cafe.joins("U2")
    cafe.visits(member)
    cafe.passes(hours=3)
    slip = gives(cafe, SlipWorth())
    assert claims(cafe, member, slip.code).refused == "visited_today"
    assert claims(cafe, friend, slip.code, "line:2:slip").done


def test_of_a_slip_for_both_the_purchase_counts_where_the_visit_has(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    cafe.visits(member)
    cafe.passes(hours=3)
    assert claims(cafe, member, gives(cafe).code).done
    assert cafe.member(member).facts.visits == 1
    assert cafe.member(member).facts.spend == 1_200


def test_wrong_codes_are_refused_and_then_not_looked_at_any_more(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    slip = gives(cafe)
    for n in range(one_time_codes.WRONG_MAX):
        assert claims(cafe, member, "22222222X", f"line:{n}").refused == "slip_unknown"
    assert claims(cafe, member, slip.code, "line:x").refused == "code_tries"
    assert claims(cafe, member, slip.code, "staff:x", DESK).done


def test_a_cancelled_slip_is_worth_nothing(cafe: SmallClub) -> None:
    member = cafe.joins("U1")
    slip = gives(cafe)
    with cafe.work() as work:
        assert cancel_slip(work.acting(DESK).under("c1"), slip.code).done
        assert cancel_slip(work.acting(DESK).under("c2"), slip.code).refused == "slip_unknown"
    assert claims(cafe, member, slip.code).refused == "slip_unknown"
    assert [line[0] for line in audited(cafe)] == ["slip", "slip_cancel"]


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        (SlipWorth(visit=False), "slip_empty"),
        (SlipWorth(yen=-1), "purchase_amount"),
        (SlipWorth(yen=100, tax_yen=200), "purchase_amount"),
        (SlipWorth(yen=10**9), "purchase_amount"),
    ],
)
def test_a_slip_must_be_worth_something_that_can_be(
    cafe: SmallClub, what: SlipWorth, refusal: str
) -> None:
    with cafe.work() as work:
        made = make_slip(work.acting(DESK).under("s"), what, at=work.now)
    assert made == Refusal(refusal)
    assert audited(cafe) == []


def test_the_same_form_sent_twice_makes_one_slip(cafe: SmallClub) -> None:
    assert gives(cafe) == gives(cafe)
    with cafe.club.reading() as work:
        assert look_up(work, "") == Refusal("slip_unknown")


def test_many_who_claim_one_slip_at_once_get_it_once(cafe: SmallClub) -> None:
    everybody = [cafe.joins(f"U{n}") for n in range(6)]
    slip = gives(cafe)
    cafe.passes(hours=1)
    results: list[str | None] = []

    def tries(member: int) -> None:
        results.append(claims(cafe, member, slip.code, f"line:{member}").refused)

    threads = [threading.Thread(target=tries, args=(member,)) for member in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["None", *["slip_used"] * 5]
    assert sum(cafe.member(member).facts.visits for member in everybody) == 1
    with cafe.store.read() as uow:
        used = slips.get(uow, slip.code)
    assert used is not None
    assert used.member_id in everybody
    assert used.until > cafe.now + HOUR


def test_an_undone_slip_can_be_brought_by_whom_it_was_meant_for(cafe: SmallClub) -> None:
    member, other = cafe.joins("U1"), cafe.joins("U2")
    cafe.passes(hours=1)
    slip = gives(cafe)
    assert claims(cafe, member, slip.code).done
    undone = cafe.undoes(member, "line:1:slip")
    assert undone.done
    assert undone.told
    assert cafe.member(member).facts.visits == 0
    assert claims(cafe, other, slip.code, "line:2:slip").done
    assert cafe.differences(member, other) == []
