"""A merging taken back: both are as they were, with what came since."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.store.history import ledger
from bot.store.members import line_accounts, members, profiles
from bot.store.members.profiles import Profile
from bot.store.tables import activities, audit_log, claims, outbox, search_terms
from bot.store.tables import line_accounts as accounts
from bot.store.tables import members as members_table
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.undo import Undone, undo
from handlers.actions.members.membership import erase, forget_account
from handlers.actions.members.merge import Merging, merge
from handlers.actions.members.transfer import Transfer, transfer
from handlers.actions.recording.actor import Desk
from rules.judging.decide import advance
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DESK, MANAGER, SmallClub, club_on


def merges(cafe: SmallClub, keep: int, other: int, key: str = "staff:m") -> None:
    with cafe.writing() as (uow, timeline, now):
        assert merge(uow, timeline, Merging(key, keep, other, "staff"), desk=DESK, now=now).done


def undoes(
    cafe: SmallClub, member: int, *, action: str = "staff:m", desk: Desk = MANAGER, **more: Any
) -> Undone:
    asked = {"reason": "別の方でした"} | more
    with cafe.writing() as (uow, timeline, now):
        return undo(
            uow, timeline, desk, member_id=member, action=action, key=f"undo:{cafe.key()}",
            now=now, **asked,
        )  # fmt: skip


def everything(cafe: SmallClub, *ids: int) -> list[Any]:
    """All of the members that a merging may touch, but how often they were written."""
    with cafe.store.read() as uow:
        accounts = [line_accounts.get(uow, user) for user in ("U1", "OLD", "NEW")]
        terms = select(search_terms.c.term).where(search_terms.c.member_id.in_(ids))
        found = sorted(uow.run(terms).scalars())
        known = [profiles.get(uow, each) for each in ids]
        left = [
            [(lot.left, lot.given_on, lot.expires_on) for lot in ledger.open_lots(uow, each)]
            for each in ids
        ]
    return [accounts, found, known, left, [_plain(cafe, each) for each in ids]]


def _plain(cafe: SmallClub, member_id: int) -> tuple[Any, ...]:
    member = cafe.member(member_id)
    settled, _ = advance(cafe.timeline, member.facts, cafe.now.date())
    outside = (member.line_user_id, member.joined_at, member.topics_left)
    return settled, *outside, member.issue, member.merged_into


def pair(cafe: SmallClub) -> tuple[int, int]:
    other = cafe.joins()
    cafe.visits(other)
    cafe.passes(days=40)
    keep = cafe.joins("U1")
    cafe.visits(keep)
    with cafe.store.begin() as uow:
        profiles.put(uow, other, Profile("花子", phone="+819012345678"), at=cafe.now)
        members.set_topics_left(uow, other, ["news"])
    cafe.passes(hours=3)
    return keep, other


def test_both_are_as_they_were(cafe: SmallClub) -> None:
    keep, other = pair(cafe)
    before = everything(cafe, keep, other)
    merges(cafe, keep, other)
    undone = undoes(cafe, keep)
    assert undone.done
    assert everything(cafe, keep, other) == before
    assert cafe.differences(keep, other) == []
    assert cafe.visits(other).done
    with cafe.store.read() as uow:
        told = uow.connection.exec_driver_sql("SELECT what FROM activities").fetchall()
    assert not [row for row in told if "U1" in row[0]]


def test_what_came_since_stays_with_the_keeper(cafe: SmallClub) -> None:
    keep, other = pair(cafe)
    merges(cafe, keep, other)
    cafe.passes(days=1)
    cafe.visits(keep)
    assert undoes(cafe, keep).done
    assert cafe.member(keep).facts.visits == 2
    assert cafe.member(other).facts.visits == 1
    assert cafe.differences(keep, other) == []


def test_a_new_telephone_taken_back_gives_the_old_one_its_card(cafe: SmallClub) -> None:
    old, child = cafe.joins("OLD"), cafe.joins()
    with cafe.store.begin() as uow:
        members.set_line_account(uow, child, "OLD")
        profiles.refresh(uow, child)
    new = cafe.joins("NEW")
    before = everything(cafe, old, new, child)
    with cafe.writing() as (uow, timeline, now):
        wish = Transfer("staff:t", old, new, "known")
        assert transfer(uow, timeline, DESK, wish, now=now).done
    assert everything(cafe, old, new, child) != before
    assert undoes(cafe, old, action="staff:t", desk=DESK, reason="").done
    assert everything(cafe, old, new, child) == before
    assert cafe.differences(old, new, child) == []


def test_points_spent_since_stop_it_unless_a_manager_makes_up_for_them(cafe: SmallClub) -> None:
    keep, other = pair(cafe)
    merges(cafe, keep, other)
    balance = cafe.balance(keep)
    with cafe.writing() as (uow, timeline, now):
        spent = adjust(
            uow, timeline, MANAGER, member_id=keep, points=-balance, reason="交換", key="a", now=now
        )
    assert spent.done
    refused = undoes(cafe, keep)
    assert refused.refused == "undo_spent"
    assert cafe.member(other).merged_into == keep
    forced = undoes(cafe, keep, force=True)
    assert forced.done
    assert forced.missing == refused.missing > 0
    assert cafe.balance(keep) == 0
    assert cafe.balance(other) > 0
    assert cafe.differences(keep, other) == []


def test_it_is_undone_from_the_keeper_and_once(cafe: SmallClub) -> None:
    keep, other = pair(cafe)
    merges(cafe, keep, other)
    assert undoes(cafe, other).refused == "undo_merged"
    assert undoes(cafe, keep).done
    assert undoes(cafe, keep).refused == "undo_again"
    merges(cafe, other, keep, "staff:n")
    assert cafe.differences(keep, other) == []


steps = st.lists(st.tuples(st.sampled_from(("keep", "other")), st.integers(0, 20)), max_size=8)


@given(before=steps, since=st.integers(0, 3))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_merging_can_be_taken_back(
    fresh_sqlite: FreshDatabase, before: list[tuple[str, int]], since: int
) -> None:
    with fresh_sqlite() as url, club_on(url) as cafe:
        who = {"keep": cafe.joins("U1"), "other": cafe.joins()}
        for name, days in before:
            cafe.visits(who[name])
            cafe.passes(days=days, hours=3)
        keep, other = who["keep"], who["other"]
        visits = [cafe.member(each).facts.visits for each in (keep, other)]
        points = cafe.balance(other)
        merges(cafe, keep, other)
        for _ in range(since):
            cafe.passes(days=1)
            cafe.visits(keep)
        assert undoes(cafe, keep).done
        assert cafe.member(keep).facts.visits == visits[0] + since
        assert cafe.member(other).facts.visits == visits[1]
        assert cafe.balance(other) == points
        assert cafe.differences(keep, other) == []


def test_an_account_that_was_forgotten_meanwhile_does_not_come_back(cafe: SmallClub) -> None:
    keep, other = cafe.joins("U1"), cafe.joins("OLD")
    merges(cafe, keep, other)
    # Whose card it was shares the other's now, and then asks to be forgotten.
    with cafe.store.begin() as uow:
        forget_account(uow, "OLD")
    with cafe.store.read() as uow:
        told = uow.run(select(activities.c.what)).scalars().all()
    assert not [what for what in told if "OLD" in what]
    assert undoes(cafe, keep).done
    assert cafe.member(other).line_user_id is None
    assert cafe.member(keep).line_user_id == "U1"
    assert cafe.differences(keep, other) == []


def test_an_owner_of_a_merged_card_who_is_forgotten_leaves_no_trace(cafe: SmallClub) -> None:
    keep, other = cafe.joins(), cafe.joins("OLD")
    merges(cafe, keep, other)
    with cafe.writing() as (uow, timeline, now):
        assert erase(uow, timeline, keep, key="cli:erase", by="staff", now=now).done
    with cafe.store.read() as uow:
        for table in (activities, outbox, claims, audit_log, members_table, accounts):
            for row in uow.run(select(table)):
                assert "OLD" not in repr(row), table.name
