"""Two cards of one person put together, on both databases."""

from datetime import date

from hypothesis import HealthCheck, given, settings

from bot.store.history import ledger
from bot.store.members import line_accounts, members, mergers, profiles, searching
from bot.store.members.profiles import Profile
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergePreview, MergeRequest, merge, preview
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.record import Request
from rules.activity import Visit
from rules.base import Refusal
from rules.facts import Birthday
from rules.programme.points import Lot
from rules.wording.name_search import name_query
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.actions.members.two_cards import STEPS, family, merges, speaks_of
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DAY, DESK, SmallClub, club_on
from tests.rules.examples import CAFE, changed


def lots(cafe: SmallClub, member: int) -> list[tuple[int, date, date | None]]:
    def known(lot: Lot) -> tuple[int, date, date | None]:
        return lot.left, lot.given_on, lot.expires_on

    with cafe.store.read() as uow:
        return sorted(map(known, ledger.open_lots(uow, member)))


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


def test_who_waited_for_a_card_merges_it_after_what_was_done_meanwhile(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    began = cafe.clock.now()
    cafe.passes(seconds=1)
    cafe.visits(other)
    points = cafe.balance(keep) + cafe.balance(other) - 50
    with cafe.work() as work:
        merging = MergeRequest(keep, other)
        outcome = merge(work.acting(DESK).under("staff:m").moment(began), merging)
    assert outcome.done
    assert cafe.balance(keep) == points
    assert cafe.member(keep).facts.visits == 3
    assert cafe.differences(keep, other) == []


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
        assert mergers.absorbed(uow, third) == [keep, other]
        assert searching.search(uow, name_query(cafe.member(other).number)) == [third]
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


def test_a_rank_that_left_the_programme_today_comes_over_under_its_new_name(
    cafe: SmallClub,
) -> None:
    keep, other = cafe.joins("U1"), cafe.joins()
    for _ in range(6):
        cafe.passes(days=1)
        cafe.visits(other)
    assert cafe.member(other).facts.rank.id == "silver"
    renamed = (('id = "silver"', 'id = "s"'), ('["silver", "gold"]', '["s", "gold"]'))
    cafe.publishes(changed(CAFE, *renamed))
    with cafe.club.reading() as work:
        seen = preview(work, keep, other)
    assert isinstance(seen, MergePreview)
    assert merges(cafe, keep, other).done
    assert seen.after.rank.id == cafe.member(keep).facts.rank.id == "s"
    assert cafe.differences(keep, other) == []
