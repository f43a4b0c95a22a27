"""Two cards that were put together are taken apart again, on both databases."""

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
from handlers.actions.calendar.occasions import celebrate_anniversary
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.undo import UndoOutcome, UndoRequest, undo
from handlers.actions.members.membership import erase, forget_account
from handlers.actions.members.transfer import Transfer, transfer
from handlers.actions.recording.actor import Actor
from rules.judging.decide import advance
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.actions.members.two_cards import STEPS, merges
from tests.handlers.clubs import DESK, MANAGER, SmallClub, club_on


def undoes(
    cafe: SmallClub, member: int, *, action: str = "staff:m", desk: Actor = MANAGER, **more: Any
) -> UndoOutcome:
    asked = {"reason": "別の方でした"} | more
    with cafe.work(desk, key=f"undo:{cafe.key()}") as work:
        return undo(work, UndoRequest(member, action, **asked))


def everything(cafe: SmallClub, *ids: int) -> list[Any]:
    """All of the members that a merging may touch, but how often they were written."""
    with cafe.store.read() as uow:
        accounts = [line_accounts.get(uow, user) for user in ("U1", "OLD", "NEW")]
        terms = select(search_terms.c.term).where(search_terms.c.member_id.in_(ids))
        found = sorted(uow.run(terms).scalars())
        known = [profiles.get(uow, each) for each in ids]
        left = [
            sorted((lot.left, lot.given_on) for lot in ledger.open_lots(uow, each)) for each in ids
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
    assert merges(cafe, keep, other).done
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
    assert merges(cafe, keep, other).done
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
    with cafe.work() as work:
        wish = Transfer(old, new, "known")
        assert transfer(work.acting(DESK).under("staff:t"), wish).done
    assert everything(cafe, old, new, child) != before
    assert undoes(cafe, old, action="staff:t", desk=DESK, reason="").done
    assert everything(cafe, old, new, child) == before
    assert cafe.differences(old, new, child) == []


def test_points_spent_since_stop_it_unless_a_manager_makes_up_for_them(cafe: SmallClub) -> None:
    keep, other = pair(cafe)
    assert merges(cafe, keep, other).done
    balance = cafe.balance(keep)
    with cafe.work() as work:
        spent = adjust(
            work.acting(MANAGER).under("a"), member_id=keep, points=-balance, reason="交換"
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


def test_taken_apart_nobody_has_been_a_member_for_as_long_as_the_other(cafe: SmallClub) -> None:
    other = cafe.joins()
    cafe.passes(days=200)
    keep = cafe.joins()
    assert merges(cafe, keep, other).done
    cafe.passes(days=165)
    with cafe.work() as work:
        year = celebrate_anniversary(work, keep, day=work.day)
    assert year is not None
    assert (year.points, cafe.balance(keep)) == (200, 250)
    assert undoes(cafe, keep).done
    assert (cafe.balance(keep), cafe.balance(other)) == (50, 50)
    cafe.passes(days=200)
    with cafe.work() as work:
        year = celebrate_anniversary(work, keep, day=work.day)
    assert year is not None
    assert (year.points, cafe.balance(keep)) == (200, 250)
    assert cafe.differences(keep, other) == []


def test_it_is_undone_from_the_keeper_and_once(cafe: SmallClub) -> None:
    keep, other = pair(cafe)
    assert merges(cafe, keep, other).done
    assert undoes(cafe, other).refused == "undo_merged"
    assert undoes(cafe, keep).done
    assert undoes(cafe, keep).refused == "undo_again"
    assert merges(cafe, other, keep, "staff:n").done
    assert cafe.differences(keep, other) == []


@given(before=STEPS, since=st.integers(0, 3))
@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        assert merges(cafe, keep, other).done
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
    assert merges(cafe, keep, other).done
    # Whose card it was shares the other's now, and then asks to be forgotten.
    with cafe.work("member") as work:
        forget_account(work, "OLD", at=work.now)
    with cafe.store.read() as uow:
        told = uow.run(select(activities.c.what)).scalars().all()
    assert not [what for what in told if "OLD" in what]
    assert undoes(cafe, keep).done
    assert cafe.member(other).line_user_id is None
    assert cafe.member(keep).line_user_id == "U1"
    assert cafe.differences(keep, other) == []


def test_an_owner_of_a_merged_card_who_is_forgotten_leaves_no_trace(cafe: SmallClub) -> None:
    keep, other = cafe.joins(), cafe.joins("OLD")
    assert merges(cafe, keep, other).done
    with cafe.work() as work:
        assert erase(work.acting("staff").under("cli:erase"), keep).done
    with cafe.store.read() as uow:
        for table in (activities, outbox, claims, audit_log, members_table, accounts):
            for row in uow.run(select(table)):
                assert "OLD" not in repr(row), table.name
