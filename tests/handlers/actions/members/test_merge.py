"""Two cards of one person put together, and taken apart again, on both databases."""

from datetime import date
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
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.undo import UndoOutcome, UndoRequest, undo
from handlers.actions.members.membership import change_membership, erase, forget_account
from handlers.actions.members.merge import MergePreview, MergeRequest, merge, preview
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.members.transfer import Transfer, transfer
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from rules.activity import Visit
from rules.base import Refusal
from rules.facts import Birthday
from rules.judging.decide import advance
from rules.programme.points import Lot
from rules.wording.name_search import name_query
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DAY, DESK, MANAGER, SmallClub, club_on

STEPS = st.lists(st.tuples(st.sampled_from(("keep", "other")), st.integers(0, 20)), max_size=12)


def merges(cafe: SmallClub, keep: int, other: int, key: str = "staff:m", **more: object) -> Outcome:
    merging = MergeRequest(keep, other, **more)  # type: ignore[arg-type]
    with cafe.work() as work:
        return merge(work.acting(DESK).under(key), merging)


def lots(cafe: SmallClub, member: int) -> list[tuple[int, date, date | None]]:
    def known(lot: Lot) -> tuple[int, date, date | None]:
        return lot.left, lot.given_on, lot.expires_on

    with cafe.store.read() as uow:
        return sorted(map(known, ledger.open_lots(uow, member)))


def speaks_of(cafe: SmallClub, user_id: str) -> int | None:
    with cafe.store.read() as uow:
        account = line_accounts.get(uow, user_id)
    return account.member_id if account else None


def family(cafe: SmallClub) -> tuple[int, int]:
    """Somebody with a card on LINE, and with one on paper from before."""
    paper = cafe.joins()
    cafe.visits(paper)
    cafe.passes(days=40)
    line = cafe.joins("U1")
    cafe.visits(line)
    cafe.passes(days=1)
    return line, paper


def test_points_keep_their_end_and_visits_add_up(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    # One person gets one welcome.
    before = sorted(lots(cafe, keep)[:1] + lots(cafe, other))
    points = cafe.balance(keep) + cafe.balance(other) - 50
    outcome = merges(cafe, keep, other)
    assert outcome.done
    assert outcome.balance == cafe.balance(keep) == points
    assert lots(cafe, keep) == before
    assert cafe.balance(other) == 0
    assert cafe.member(keep).facts.visits == 2
    assert cafe.member(keep).facts.joined_on == date(2026, 1, 5)
    assert cafe.member(keep).joined_at == cafe.member(other).joined_at
    assert cafe.differences(keep, other) == []
    assert audited(cafe) == [("merge", 7, "ekimae", 3, keep)]


def test_the_same_merging_twice_is_one(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    assert merges(cafe, keep, other) == merges(cafe, keep, other)
    assert cafe.member(keep).facts.visits == 2
    assert merges(cafe, keep, other, "staff:n").refused == "merged"


def test_a_preview_says_what_comes_and_writes_nothing(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    with cafe.club.reading() as work:
        seen = preview(work, keep, other)
    assert isinstance(seen, MergePreview)
    assert cafe.member(other).merged_into is None
    assert merges(cafe, keep, other).done
    assert seen.after == cafe.member(keep).facts


def test_who_can_not_be_merged(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    third, gone = cafe.joins("U3"), cafe.joins("U4")
    left = cafe.joins("U5")
    with cafe.work() as work:
        erase(work.acting("staff").under("x"), gone)
        change_membership(work.acting("staff").under("l"), left, "left", at=work.now)
    assert merges(cafe, keep, keep, "k1").refused == "merge_self"
    assert merges(cafe, keep, gone, "k2").refused == "erased"
    assert merges(cafe, gone, keep, "k3").refused == "erased"
    assert merges(cafe, left, keep, "k4").refused == "left"
    assert merges(cafe, keep, other, "k5").done
    assert merges(cafe, third, other, "k6").refused == "merged"
    assert merges(cafe, other, third, "k7").refused == "merged"
    assert merges(cafe, keep, left, "k8").done
    assert len(audited(cafe)) == 2
    with cafe.club.reading() as work:
        assert preview(work, keep, other) == Refusal("merged")


def test_the_old_card_leads_to_the_keeper_and_takes_nothing_itself(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    third = cafe.joins("U3")
    merges(cafe, keep, other)
    merges(cafe, third, keep, "staff:n")
    with cafe.store.read() as uow:
        number = members.by_code(uow, "number", cafe.member(other).number)
        assert number == other
        assert members.keeper(uow, other) == third
        assert members.absorbed(uow, third) == [keep, other]
        assert profiles.search(uow, name_query(cafe.member(other).number)) == [third]
        assert profiles.unsearchable(uow, limit=9) == []
    assert cafe.visits(other).refused == "merged"
    with cafe.work() as work:
        back = change_membership(work.acting("staff").under("b"), other, "active", at=work.now)
    assert back.refused == "merged"
    assert cafe.differences(keep, other, third) == []


def test_the_line_account_speaks_of_the_keeper(cafe: SmallClub) -> None:
    line, paper = family(cafe)
    merges(cafe, paper, line)
    assert speaks_of(cafe, "U1") == paper
    assert cafe.member(paper).line_user_id == "U1"
    assert cafe.member(line).line_user_id is None


def test_a_shared_card_has_the_messages_go_where_they_went(cafe: SmallClub) -> None:
    mother, father = cafe.joins("U1"), cafe.joins("U2")
    merges(cafe, mother, father)
    assert speaks_of(cafe, "U1") == speaks_of(cafe, "U2") == mother
    assert cafe.member(mother).line_user_id == "U1"


def test_what_staff_know_is_kept_and_the_gaps_are_filled(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    with cafe.store.begin() as uow:
        profiles.put(uow, keep, Profile("花子", note="いつもラテ"), at=cafe.now)
        theirs = Profile("はなこ", "ハナコ", "+819012345678", "窓の席")
        profiles.put(uow, other, theirs, at=cafe.now)
        members.set_topics_left(uow, keep, ["news"])
        members.set_topics_left(uow, other, ["points"])
    merges(cafe, keep, other)
    with cafe.store.read() as uow:
        assert profiles.get(uow, keep) == Profile("花子", "ハナコ", "+819012345678", "いつもラテ")
    assert cafe.member(keep).topics_left == ("news", "points")


def test_a_visit_from_before_that_arrives_late_is_judged_in_its_place(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    earlier = cafe.now - 20 * DAY
    merges(cafe, keep, other)
    with cafe.work() as work:
        late = Request(keep, Visit("staff"), earlier, "ekimae")
        assert check_in(work.acting("staff").under("scan:late"), late).done
    assert cafe.member(keep).facts.visits == 3
    assert cafe.differences(keep, other) == []


def test_erasing_the_keeper_erases_who_was_merged_into_them(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    with cafe.work() as work:
        tell_birthday(
            work.acting("member").under("b"), ToldBirthday(other, Birthday(5, 12, 1990), work.now)
        )
    merges(cafe, keep, other)
    with cafe.work() as work:
        assert erase(work.acting("staff").under("x1"), other).refused == "merged"
        assert erase(work.acting("staff").under("x2"), keep).done
    assert cafe.member(keep).number == cafe.member(other).number == ""
    assert cafe.differences(keep, other) == []
    assert speaks_of(cafe, "U1") is None
    with cafe.store.read() as uow:
        everything = uow.connection.exec_driver_sql("SELECT what FROM activities").fetchall()
    assert not [row for row in everything if "1990" in row[0] or "U1" in row[0]]


def test_a_parents_account_stays_when_a_childs_card_is_erased(cafe: SmallClub) -> None:
    parent, child = cafe.joins("U1"), cafe.joins()
    with cafe.store.begin() as uow:
        members.set_line_account(uow, child, "U1")
        line_accounts.link(uow, "U1", child)
    with cafe.work() as work:
        erase(work.acting("staff").under("x"), child)
    assert speaks_of(cafe, "U1") == parent
    with cafe.work() as work:
        erase(work.acting("staff").under("y"), parent)
    with cafe.store.read() as uow:
        assert line_accounts.get(uow, "U1") is None


def test_who_shared_an_erased_card_stays_on_line_without_one(cafe: SmallClub) -> None:
    mother, father = cafe.joins("U1"), cafe.joins("U2")
    merges(cafe, mother, father)
    with cafe.work() as work:
        erase(work.acting("member").under("x"), mother)
    with cafe.store.read() as uow:
        assert line_accounts.get(uow, "U1") is None
        father_now = line_accounts.get(uow, "U2")
    assert father_now is not None
    assert father_now.member_id is None


@given(steps=STEPS)
@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_histories_merge_without_a_difference(
    fresh_sqlite: FreshDatabase, steps: list[tuple[str, int]]
) -> None:
    with fresh_sqlite() as url, club_on(url) as cafe:
        who = {"keep": cafe.joins("U1"), "other": cafe.joins()}
        for name, days in steps:
            cafe.visits(who[name])
            cafe.passes(days=days, hours=3)
        keep, other = who["keep"], who["other"]
        before = [cafe.member(each).facts for each in (keep, other)]
        outcome = merges(cafe, keep, other)
        assert outcome.done
        won = sum(g.points for g in outcome.grants if not g.rule.startswith("merged:"))
        after = cafe.member(keep).facts
        assert after.visits == sum(facts.visits for facts in before)
        assert after.balance == sum(facts.balance for facts in before) + won - 50
        assert cafe.visits(keep).done or steps
        assert cafe.differences(keep, other) == []


# A merging taken back: both are as they were, with what came since


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
