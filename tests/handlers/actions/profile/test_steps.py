"""What members tell, step by step: once over all their cards, the newest over what comes late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest

from bot.store import UnitOfWork
from bot.store.members import consents, phone_proofs, profiles
from bot.store.members.phone_proofs import AskedLately, PhoneProof
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
from tests.conftest import FreshDatabase
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.clubs import DESK, SmallClub, club_on
from tests.handlers.profiles import ADDRESS, ASKING, CAFE
from tests.waiting import SECONDS_MAX

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
    # The telephone of a household earns once, whoever tells it first, also to who comes anew.
    with asking.work(DESK, key="staff:2") as work:
        typed = Profile("石井武", phone="090-1234-5678")
        other = join_at_counter(work, Newcomer("ja", "目的", typed, another=True))
    assert other.points == 50 + 7
    with asking.work() as work:
        assert erase(work.under("erase"), outcome.member_id).done
    third = asking.joins("U3")
    assert proves(asking, third).points == 0
    assert asking.differences(other.member_id, third) == []


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


def asks(club: SmallClub, member: int, *, agreed: str | None = None) -> PhoneProof:
    with club.work() as work:
        told = ToldPhone(member, "090-1234-5678", club.now, "card", agreed)
        proof = ask_code(work, told)
    assert not isinstance(proof, Refusal)
    return proof


def types(club: SmallClub, proof: PhoneProof) -> Outcome:
    with club.work() as work:
        code, work = codes_of(work.codes, proof)[0], work.acting("member").under(club.key())
        return prove(work, proof.member_id, code, at=club.now)


def agrees(club: SmallClub, member: int) -> bool:
    with club.store.read() as uow:
        return consents.agreed_to_step(uow, member, "phone")


def test_a_number_is_kept_only_where_it_is_asked_and_agreed_to_when_its_code_is_typed(
    cafe: SmallClub,
) -> None:
    wants = ASKING.replace('id = "phone"\n', 'id = "phone"\nconsent = { ja = "同意" }\n', 1)
    cafe.publishes(wants)
    member = cafe.joins("U1")
    proof = asks(cafe, member, agreed="同意")
    with cafe.work() as work:
        assert take_away(work.under("gone:1"), member, "phone", at=cafe.now).done
    assert types(cafe, proof).refused == "consent_missing"
    cafe.passes(minutes=1)
    # Asked again at once, with the consent given anew, it is as at first.
    again = asks(cafe, member, agreed="同意")
    with cafe.work() as work:
        consents.end_step(work.uow, member, "phone")
    assert asks(cafe, member, agreed="同意") == again
    assert agrees(cafe, member)
    # What the programme asks of it, it asks when the code is typed.
    cafe.publishes(CAFE)
    assert types(cafe, again).refused == "step_unasked"
    cafe.publishes(wants)
    assert types(cafe, again).points == 20
    assert known(cafe, member).phone == "+819012345678"


def test_taken_away_a_number_is_not_kept_by_the_code_that_was_on_its_way(
    asking: SmallClub,
) -> None:
    member = asking.joins("U1")
    proof = asks(asking, member)
    with asking.work() as work:
        assert take_away(work.under("gone:1"), member, "phone", at=asking.now).done
    assert types(asking, proof).refused == "phone_code_none"
    assert known(asking, member) == Profile()


@pytest.mark.parametrize(("most", "no"), [(100, "codes_asked"), (3, "codes_full")])
def test_members_who_ask_at_the_same_moment_are_sent_no_more_than_is_left(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, most: int, no: str
) -> None:
    few = ASKING.replace(
        "guardian_age = 16", f"phone_codes_per_day_max = {most}\nguardian_age = 16"
    )
    with fresh_database() as url, club_on(url) as club:
        club.publishes(few)
        asking = [club.joins(f"U{n}") for n in range(5)]
        for member in asking[:2]:
            sent_one(club, member, 0 if no == "codes_asked" else member)
        ready, counted = Barrier(3), phone_proofs.asked_lately

        def counts(uow: UnitOfWork, member: int, mark: str, *, since: datetime) -> AskedLately:
            """All have counted before any goes on, but for SQLite, where one writes at a time."""
            found = counted(uow, member, mark, since=since)
            if not uow.is_sqlite:
                ready.wait(SECONDS_MAX)
            return found

        monkeypatch.setattr(phone_proofs, "asked_lately", counts)

        def asks_too(member: int) -> str:
            return sent_one(club, member, 0 if no == "codes_asked" else member)

        with ThreadPoolExecutor(3) as pool:
            came = [each.result(SECONDS_MAX) for each in [
                pool.submit(asks_too, member) for member in asking[2:]
            ]]  # fmt: skip
        assert sorted(came) == sorted(["sent", no, no])


def sent_one(club: SmallClub, member: int, line: int) -> str:
    """What comes of asking for a code to that line."""
    with club.work() as work:
        proof = ask_code(work, ToldPhone(member, f"090-1234-{5000 + line}", club.now))
    return proof.code if isinstance(proof, Refusal) else "sent"
