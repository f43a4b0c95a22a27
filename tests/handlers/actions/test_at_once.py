"""Many at once, on both databases: threads that all begin at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

from bot.store import line_accounts
from bot.store.due import count_members
from handlers.actions.join import Joining, join
from handlers.actions.membership import erase
from handlers.actions.outcome import Outcome
from handlers.actions.profile import choose_language
from handlers.actions.purchase import Receipt, purchase
from rules.activity import Purchase
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32
T = TypeVar("T")


def _at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """What each of them gives; all of them begin together."""
    ready = Barrier(len(jobs))

    def begin(job: Callable[[], T]) -> T:
        ready.wait(20)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result(60) for done in [pool.submit(begin, job) for job in jobs]]


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
        joining = Joining(key=key, at=cafe.now, language="ja", purpose="目的", line_user_id=USER)
        with cafe.store.begin() as uow:
            return join(uow, cafe.timeline, joining, now=cafe.now)

    outcomes = _at_once([partial(joins, f"j{n}") for n in range(4)])
    assert len({outcome.member_id for outcome in outcomes}) == 1
    assert sorted(outcome.seq for outcome in outcomes) == [0, 0, 0, 1]
    with cafe.store.read() as uow:
        assert count_members(uow) == 1


def test_of_two_members_with_one_receipt_the_later_is_told_so(cafe: SmallClub) -> None:
    buyers = [cafe.joins() for _ in range(6)]
    cafe.passes(days=1)

    def brings(member: int) -> Outcome:
        receipt = Receipt(
            f"till:{member}", member, "ekimae", cafe.now, Purchase(1_000), "staff", "0007"
        )
        with cafe.store.begin() as uow:
            return purchase(uow, cafe.timeline, receipt, now=cafe.now)

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
        with cafe.writing() as (uow, timeline, now):
            erase(uow, timeline, member, key=f"erase:{member}", by="staff", now=now)

    def speaks(member: int) -> None:
        with cafe.store.begin() as uow:
            line_accounts.lock(uow, f"U{member - members[0]:032}")
            choose_language(uow, member, "en")

    jobs = [partial(work, member) for member in members for work in (erases, speaks)]
    _at_once(jobs)
    assert all(cafe.member(member).erased_at for member in members)
    assert cafe.differences(*members) == []
