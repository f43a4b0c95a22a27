"""What members tell, step by step: once over all their cards, the newest over what comes late."""

from datetime import datetime

import pytest

from bot.store.members import phone_proofs, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.profile.phone import ToldPhone, ask_code, codes_of, prove
from handlers.actions.profile.steps import StepAnswer, StepAnswers, take_away, tell_steps
from handlers.actions.recording.outcome import Outcome
from rules.activity import StepId
from rules.base import Refusal
from rules.facts import Birthday
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.clubs import DESK, SmallClub
from tests.handlers.profiles import ADDRESS, ASKING

ALL: dict[StepId, str] = {
    "name": "山田花子",
    "kana": "ヤマダハナコ",
    "age_band": "over_30",
    "interests": "back",
    "address": ADDRESS,
}


@pytest.fixture
def asking(cafe: SmallClub) -> SmallClub:
    cafe.publishes(ASKING)
    return cafe


def tells(
    club: SmallClub,
    member: int,
    step: StepId,
    typed: str,
    *,
    at: datetime | None = None,
    key: str = "",
) -> Outcome:
    answer = StepAnswer(step, (typed,), "同意" if step == "interests" else None)
    with club.work() as work:
        work = work.acting("member").under(key or club.key())
        return tell_steps(work, StepAnswers(member, (answer,), at or club.now))


def proves(club: SmallClub, member: int, number: str = "090-1234-5678") -> Outcome:
    with club.work() as work:
        proof = ask_code(work, ToldPhone(member, number, club.now))
        assert not isinstance(proof, Refusal)
        code = codes_of(work.codes, proof)[0]
        return prove(work.acting("member").under(club.key()), member, code, at=club.now)


def known(club: SmallClub, member: int) -> Profile:
    with club.store.read() as uow:
        return profiles.get(uow, member)


def test_a_late_answer_does_not_win_over_a_newer_one_and_the_step_counts_once(
    asking: SmallClub,
) -> None:
    member = asking.joins("U1")
    start = asking.passes(hours=1)
    asking.passes(hours=1)
    assert tells(asking, member, "name", "山田花").points == 7
    assert tells(asking, member, "name", "石井遥", at=start).points == 0
    assert known(asking, member).name == "山田花"
    # Nor does taking it away that comes late; at one moment, away is away.
    with asking.work() as work:
        assert take_away(work.under("gone:1"), member, "name", at=start).done
    assert known(asking, member).name == "山田花"
    with asking.work() as work:
        assert take_away(work.under("gone:2"), member, "name", at=asking.now).done
    assert known(asking, member).name == ""
    assert asking.differences(member) == []


def test_the_same_key_tells_once_and_a_refusal_changes_nothing(asking: SmallClub) -> None:
    member = asking.joins("U1")
    first = tells(asking, member, "name", "山田花子", key="k1")
    assert tells(asking, member, "name", "山田花子", key="k1") == first
    assert tells(asking, member, "gender", "x").refused == "step_unasked"
    assert tells(asking, member, "phone", "090-1234-5678").refused == "step_unasked"
    with asking.work() as work:
        assert change_membership(work.under("leave"), member, "left", at=asking.now).done
    assert tells(asking, member, "kana", "ヤマダ").refused == "left"
    with asking.work() as work:
        told = ask_code(work, ToldPhone(member, "090-1234-5678", asking.now))
    assert told == Refusal("left")
    assert known(asking, member) == Profile("山田花子")


@pytest.mark.parametrize("keeps_first", [True, False])
def test_over_two_cards_no_step_earns_twice_and_a_merging_taken_apart_gives_it_back(
    asking: SmallClub, *, keeps_first: bool
) -> None:
    first, later = asking.joins(), asking.joins("U1")
    for member in (first, later):
        asking.passes(hours=1)
        for step, typed in ALL.items():
            tells(asking, member, step, typed)
    assert proves(asking, later).points == 50
    keep, other = (first, later) if keeps_first else (later, first)
    # Each has 50 for joining, 7 and 5; the later one 20 for its number, and 30 for all of it.
    assert (asking.balance(first), asking.balance(later)) == (62, 112)
    key = merges(asking, keep, other)
    assert asking.balance(keep) == 50 + 7 + 5 + 20 + 30
    assert known(asking, keep).phone == "+819012345678"
    assert asking.differences(first, later) == []
    assert tells(asking, keep, "name", "山田花").points == 0
    assert asking.balance(keep) == 112
    undoes(asking, keep, key)
    assert (asking.balance(first), asking.balance(later)) == (62, 112)
    assert asking.differences(first, later) == []


def test_two_halves_of_a_profile_are_whole_when_they_are_merged(asking: SmallClub) -> None:
    first, later = asking.joins(), asking.joins("U1")
    for step, typed in ALL.items():
        tells(asking, first, step, typed)
    asking.passes(hours=1)
    assert proves(asking, later).points == 20
    key = merges(asking, first, later)
    assert asking.balance(first) == 50 + 7 + 5 + 20 + 30
    undoes(asking, first, key)
    assert (asking.balance(first), asking.balance(later)) == (62, 70)
    assert asking.differences(first, later) == []


def test_what_staff_type_at_joining_is_told_where_it_needs_no_consent(asking: SmallClub) -> None:
    with asking.work(DESK, key="staff:1") as work:
        typed = Profile("石井遥", phone="090-1234-5678")
        outcome = join_at_counter(work, Newcomer("ja", "目的", typed))
    assert outcome.points == 50 + 7 + 20
    assert asking.differences(outcome.member_id) == []
    assert tells(asking, outcome.member_id, "name", "石井遥").points == 0


def test_by_a_programme_of_before_the_birthday_alone_completes_the_profile(
    cafe: SmallClub,
) -> None:
    member = cafe.joins("U1")
    assert tells(cafe, member, "name", "山田花子").refused == "step_unasked"
    told = ToldBirthday(member, Birthday(5, 12), cafe.now)
    with cafe.work() as work:
        assert tell_birthday(work.acting("member").under("b1"), told).points == 30
    # Steps that are asked later earn each by itself, and the whole of them no second time.
    cafe.publishes(ASKING)
    for step, typed in ALL.items():
        tells(cafe, member, step, typed)
    assert proves(cafe, member).points == 20
    assert cafe.balance(member) == 50 + 30 + 7 + 5 + 20
    assert cafe.differences(member) == []


def test_an_erased_members_number_is_gone_and_codes_to_it_are_counted_still(
    asking: SmallClub,
) -> None:
    member = asking.joins("U1")
    for _ in range(3):
        asking.passes(minutes=2)
        with asking.work() as work:
            assert not isinstance(
                ask_code(work, ToldPhone(member, "090-1234-5678", asking.now)), Refusal
            )
    with asking.work() as work:
        assert erase(work.under("erase"), member).done
    with asking.store.read() as uow:
        assert phone_proofs.newest(uow, member) is None
    other = asking.joins("U2")
    with asking.work() as work:
        asked = ask_code(work, ToldPhone(other, "090-1234-5678", asking.now))
    assert asked == Refusal("codes_asked")
    asking.passes(days=1)
    assert proves(asking, other).points == 20
