"""Many at once, on both databases: threads that all begin at the same moment."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest

from bot.codes import RewardUse, page_nonce
from bot.store.finding.due_members import count_members
from bot.store.history import handovers
from bot.store.history.handovers import Donation
from bot.store.members import line_accounts
from handlers.actions.counter.extras import Extras
from handlers.actions.counter.hand_over import hand_over
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.counter.scan import ScanOutcome
from handlers.actions.counter.undo import UndoOutcome
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.members.membership import erase
from handlers.actions.members.profile import choose_language
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from tests.handlers.actions.counters import KEN, card_of, kept, scans
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import CAFE, changed
from tests.waiting import SECONDS_MAX

USER = "U" + "1" * 32
T = TypeVar("T")


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    """The café without its town: actions alone, no chat and no counter around them."""
    with club_on(database_url) as club:
        yield club


def _at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """What each of them gives; all of them begin together."""
    ready = Barrier(len(jobs))

    def begin(job: Callable[[], T]) -> T:
        ready.wait(SECONDS_MAX)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result(SECONDS_MAX) for done in [pool.submit(begin, job) for job in jobs]]


def test_sums_handed_over_at_once_are_all_written_down(cafe: SmallClub) -> None:
    def hands(yen: int) -> bool:
        with cafe.club.work(key=f"handed:{yen}") as work:
            return hand_over(work, Donation("donation", yen, work.day, "緑の基金")).done

    assert all(_at_once([partial(hands, yen) for yen in range(1, 11)]))
    with cafe.store.read() as uow:
        handed = handovers.of(uow)
    assert sorted(each.yen for each in handed) == [*range(1, 11)]
    assert sorted(each.number for each in handed) == [*range(1, 11)]


def test_fifty_with_one_key_have_one_effect_and_one_outcome(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    cafe.passes(hours=1)
    outcomes = _at_once([lambda: cafe.visits(friend, key="scan:1")] * 50)
    assert len(set(outcomes)) == 1
    assert outcomes[0].done
    assert cafe.member(friend).facts.visits == 1
    assert cafe.balance(regular) == 150
    assert cafe.differences(friend, regular) == []


def test_sixteen_scans_of_one_member_make_one_visit_of_the_day(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    outcomes = _at_once([lambda: cafe.visits(member)] * 16)
    assert sorted(outcome.refused or "" for outcome in outcomes) == [""] + ["visited_today"] * 15
    assert cafe.member(member).facts.visits == 1
    assert cafe.differences(member) == []


def test_two_joinings_of_one_line_account_make_one_member(cafe: SmallClub) -> None:
    def joins(key: str) -> Outcome:
        joining = JoinRequest(at=cafe.now, language="ja", purpose="目的", line_user_id=USER)
        with cafe.work() as work:
            return join(work.acting("member").under(key), joining)

    outcomes = _at_once([partial(joins, f"j{n}") for n in range(4)])
    assert len({outcome.member_id for outcome in outcomes}) == 1
    assert sorted(outcome.seq for outcome in outcomes) == [0, 0, 0, 1]
    with cafe.store.read() as uow:
        assert count_members(uow) == 1


def test_of_two_members_with_one_receipt_the_later_is_told_so(cafe: SmallClub) -> None:
    buyers = [cafe.joins() for _ in range(6)]
    cafe.passes(days=1)

    def brings(member: int) -> Outcome:
        receipt = Request(member, Purchase(1_000), cafe.now, "ekimae", "0007")
        with cafe.work() as work:
            return purchase(work.acting("staff").under(f"till:{member}"), receipt)

    outcomes = _at_once([partial(brings, member) for member in buyers])
    assert sorted(o.refused or "" for o in outcomes) == [""] + ["receipt_again"] * 5
    assert sum(cafe.balance(member) for member in buyers) == 6 * 50 + 10
    assert cafe.differences(*buyers) == []


def test_a_chain_of_referrals_at_once_never_waits_in_a_circle(cafe: SmallClub) -> None:
    chain = [cafe.joins()]
    for _ in range(7):
        chain.append(cafe.joins(referred_by=chain[-1]))
    cafe.passes(hours=1)
    outcomes = _at_once([partial(cafe.visits, member) for member in chain])
    assert all(outcome.done for outcome in outcomes)
    assert [cafe.member(m).facts.counts.get("referral", 0) for m in chain] == [1] * 7 + [0]
    assert cafe.differences(*chain) == []


def test_erasing_while_the_chat_is_busy_never_waits_in_a_circle(cafe: SmallClub) -> None:
    members = [cafe.joins(f"U{n:032}") for n in range(4)]

    def erases(member: int) -> None:
        with cafe.work() as work:
            erase(work.acting("staff").under(f"erase:{member}"), member)

    def speaks(member: int) -> None:
        with cafe.work("member") as turn:
            line_accounts.lock(turn.uow, f"U{member - members[0]:032}")
            choose_language(turn, member, "en", at=turn.now)

    jobs = [partial(work, member) for member in members for work in (erases, speaks)]
    _at_once(jobs)
    assert all(cafe.member(member).erased_at for member in members)
    assert cafe.differences(*members) == []


def test_sixteen_scanners_and_their_repeats_lose_and_double_nothing(cafe: SmallClub) -> None:
    """Eight members, scanned by sixteen devices that all scan everybody, each scan sent twice, half
    of them from a queue: one visit a member, whoever wins, and each amount once."""
    everybody = [cafe.joins() for _ in range(8)]
    codes = [card_of(cafe, member) for member in everybody]
    made_at = cafe.passes(hours=1)
    cafe.passes(minutes=5)
    clocks = [None, kept(made_at, cafe.now)]

    def device(n: int) -> list[ScanOutcome]:
        desk = Actor(n + 1, "はな", "staff", ("ekimae", "kawabe")[n % 2], device_id=n + 1)
        extras = Extras(Purchase(1_000)) if n < 2 else None
        # Each begins with another member, so that they meet everywhere.
        order = [*range(n % 8, 8), *range(n % 8)]
        return [
            scans(cafe, codes[place], key=f"scan:{n}:{place}", desk=desk, extras=extras,
                  clocks=clocks[n % 2])
            for place in order
            for _ in range(2)
        ]  # fmt: skip

    answers = [
        scanned for found in _at_once([partial(device, n) for n in range(16)]) for scanned in found
    ]
    first, repeats = answers[::2], answers[1::2]
    assert first == repeats
    counted = [scanned.member_id or 0 for scanned in first if scanned.result == "checked_in"]
    assert sorted(counted) == everybody
    assert {scanned.result for scanned in first} == {"checked_in", "not_counted"}
    for member in everybody:
        facts = cafe.member(member).facts
        assert facts.visits == 1
        assert facts.counts["purchase"] == 2
        assert facts.spend == 2_000
    assert cafe.differences(*everybody) == []


def test_sixteen_copies_of_one_queue_count_once(cafe: SmallClub) -> None:
    everybody = [cafe.joins() for _ in range(6)]
    made_at = cafe.passes(hours=1)
    cafe.passes(hours=2)

    def sends(_: int) -> list[ScanOutcome]:
        return [
            scans(cafe, card_of(cafe, member), key=f"scan:{member}", clocks=kept(made_at, cafe.now))
            for member in everybody
        ]

    answers = _at_once([partial(sends, n) for n in range(16)])
    assert all(found == answers[0] for found in answers)
    assert [scanned.result for scanned in answers[0]] == ["checked_in"] * 6
    assert [cafe.member(member).facts.visits for member in everybody] == [1] * 6
    assert cafe.differences(*everybody) == []


def test_a_limit_of_several_a_day_is_met_exactly(cafe: SmallClub) -> None:
    cafe.publishes(changed(CAFE, ("per_day_max = 1 ", "per_day_max = 3 ")))
    member = cafe.joins()
    cafe.passes(hours=1)
    code = card_of(cafe, member)
    answers = _at_once([partial(scans, cafe, code, key=f"scan:{n}") for n in range(16)])
    assert [scanned.result for scanned in answers].count("checked_in") == 3
    assert cafe.member(member).facts.visits == 3
    assert cafe.differences(member) == []


def test_two_stores_a_kept_scan_and_the_members_own_check_in_make_one_visit(
    cafe: SmallClub,
) -> None:
    member = cafe.joins()
    cafe.passes(hours=3)
    code, earlier = card_of(cafe, member), kept(cafe.now - timedelta(hours=1), cafe.now)
    jobs: list[Callable[[], ScanOutcome | Outcome]] = []
    for n in range(4):
        jobs += [
            partial(scans, cafe, code, key=f"scan:a{n}"),
            partial(scans, cafe, code, key=f"scan:b{n}", desk=KEN),
            partial(scans, cafe, code, key=f"scan:c{n}", clocks=earlier),
            partial(cafe.visits, member, key=f"line:{n}", by="member"),
        ]
    came = [each.visit if isinstance(each, ScanOutcome) else each for each in _at_once(jobs)]
    assert sum(visit is not None and visit.done for visit in came) == 1
    assert cafe.member(member).facts.visits == 1
    assert cafe.differences(member) == []


def test_one_rewards_page_before_sixteen_scanners_is_handed_out_once(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    number = cafe.member(member).number
    code = cafe.club.codes.use_code(number, 1, RewardUse("donation"), page_nonce(), cafe.now)
    answers = _at_once([partial(scans, cafe, code, key=f"scan:{n}") for n in range(16)])
    results = sorted(scanned.result for scanned in answers)
    assert results == ["not_counted"] * 15 + ["redeemed"]
    assert cafe.balance(member) == 0
    assert cafe.differences(member) == []


def test_undoing_while_eight_scan_and_spend_loses_nothing(cafe: SmallClub) -> None:
    regular = cafe.joins()
    friend = cafe.joins(referred_by=regular)
    cafe.passes(hours=1)
    cafe.visits(friend, key="scan:0")
    cafe.passes(days=1)

    def takes(n: int) -> Outcome:
        with cafe.work() as work:
            return redeem(
                work.acting("staff").under(f"use:{n}"),
                friend,
                RewardUse("donation", None),
                at=work.now,
            )

    jobs: list[Callable[[], Outcome | UndoOutcome]] = [
        *(partial(cafe.undoes, friend, "scan:0", key=f"staff:{n}") for n in range(4)),
        *(partial(cafe.visits, member) for member in (friend, friend, regular, regular)),
        *(partial(takes, n) for n in range(2)),
    ]
    done = _at_once(jobs)
    undone = [outcome.refused for outcome in done[:4]]
    assert undone.count(None) <= 1
    assert set(undone) <= {None, "undo_again", "undo_spent"}
    assert [outcome.done for outcome in done[4:6]].count(True) == 1
    assert cafe.differences(friend, regular) == []
    assert cafe.balance(friend) >= 0 <= cafe.balance(regular)


def test_of_eight_who_undo_one_does_it(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member, key="scan:1")
    keys = [f"staff:{n % 4}" for n in range(8)]
    done = _at_once([partial(cafe.undoes, member, "scan:1", key=key) for key in keys])
    assert sorted(o.refused or "" for o in done) == ["", ""] + ["undo_again"] * 6
    assert cafe.balance(member) == 50
    assert cafe.differences(member) == []
