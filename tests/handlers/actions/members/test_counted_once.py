"""One person, several cards: one welcome, one invitation, on both databases."""

import pytest

from bot.store.finding.prune import JOININGS_KEPT, prune
from bot.store.members.profiles import Profile
from handlers.actions.calendar.occasions import celebrate_anniversary, celebrate_birthday
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.card_numbers import referral_code
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergePreview, MergeRequest, merge, preview
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.members.referral import bring
from rules.base import Refusal
from rules.facts import Birthday
from tests.handlers.clubs import DESK, MANAGER, SmallClub


def invited(cafe: SmallClub, by: int, user_id: str | None = None) -> int:
    """Somebody who joined by the code of `by`."""
    cafe.passes(hours=1)
    return cafe.joins(user_id, referred_by=by)


def merges(cafe: SmallClub, keep: int, other: int) -> str:
    """The key under which it was done, just as the preview says."""
    cafe.passes(hours=3)
    key = cafe.key()
    with cafe.club.reading() as work:
        seen = preview(work, keep, other)
    with cafe.work(DESK, key=key) as work:
        assert merge(work, MergeRequest(keep, other)).done
    assert isinstance(seen, MergePreview)
    assert seen.after == cafe.member(keep).facts
    return key


def undoes(cafe: SmallClub, member: int, key: str) -> None:
    cafe.passes(hours=1)
    with cafe.work(MANAGER, key=cafe.key()) as work:
        undone = undo(work, UndoRequest(member, key, "別の方でした"))
    assert undone.done


def counts(cafe: SmallClub, member: int, what: str) -> int:
    return cafe.member(member).facts.counts.get(what, 0)


@pytest.mark.parametrize("keeps_first", [True, False])
def test_there_is_one_welcome(cafe: SmallClub, *, keeps_first: bool) -> None:
    first = cafe.joins()
    cafe.passes(days=40)
    later = cafe.joins("U1")
    keep, other = (first, later) if keeps_first else (later, first)
    merges(cafe, keep, other)
    assert cafe.balance(keep) == 50
    third = cafe.joins("U3")
    merges(cafe, third, keep)
    assert cafe.balance(third) == 50
    assert cafe.differences(first, later, third) == []


def test_a_welcome_that_was_spent_is_made_good_by_purchases(cafe: SmallClub) -> None:
    first, later = cafe.joins(), cafe.joins("U1")
    with cafe.work(MANAGER, key="staff:a") as work:
        assert adjust(work, later, -40, reason="交換").done
    merges(cafe, first, later)
    facts = cafe.member(first).facts
    assert (facts.balance, facts.shortfall) == (50, 40)
    assert cafe.differences(first, later) == []


@pytest.mark.parametrize("keeps_first", [True, False])
def test_profile_birthday_and_years_are_one_persons(cafe: SmallClub, *, keeps_first: bool) -> None:
    first = cafe.joins()
    cafe.passes(days=40)
    later = cafe.joins("U1")
    both = (first, later)
    for card in both:
        told = Birthday(2, 20)
        with cafe.work("member", key=cafe.key()) as work:
            assert tell_birthday(work, ToldBirthday(card, told, work.now)).done
    cafe.passes(days=366)
    visits = [cafe.visits(card).points for card in both]
    for card in both:
        for celebrate in (celebrate_birthday, celebrate_anniversary):
            with cafe.work() as work:
                assert celebrate(work, card, day=work.day)
    facts = [cafe.member(card).facts for card in both]
    assert facts[0].vouchers != () != facts[1].vouchers
    keep, other = both if keeps_first else (later, first)
    key = merges(cafe, keep, other)
    after = cafe.member(keep).facts
    # All that the later card has by itself is its visit.
    assert after.balance == facts[0].balance + visits[1]
    assert (after.birthday, after.vouchers) == (facts[0].birthday, facts[0].vouchers)
    assert [counts(cafe, keep, what) for what in ("profile", "birthday", "anniversary")] == [1] * 3
    assert cafe.differences(first, later) == []
    undoes(cafe, keep, key)
    assert [cafe.member(card).facts.counts for card in both] == [each.counts for each in facts]
    assert [cafe.balance(card) for card in both] == [each.balance for each in facts]
    assert cafe.differences(first, later) == []


def test_a_third_card_brings_no_birthday_again(cafe: SmallClub) -> None:
    cards = [cafe.joins(), cafe.joins("U1"), cafe.joins("U2")]
    for card in cards:
        with cafe.work("member", key=cafe.key()) as work:
            assert tell_birthday(work, ToldBirthday(card, Birthday(2, 20), work.now)).done
    cafe.passes(days=40)
    for card in cards[1:]:
        with cafe.work() as work:
            assert celebrate_birthday(work, card, day=work.day)
    merges(cafe, cards[0], cards[1])
    before = cafe.balance(cards[0])
    merges(cafe, cards[0], cards[2])
    assert cafe.balance(cards[0]) == before
    assert cafe.differences(*cards) == []


def test_a_friend_with_two_cards_is_one_friend(cafe: SmallClub) -> None:
    regular = cafe.joins()
    one, two = invited(cafe, regular), invited(cafe, regular, "U2")
    cafe.passes(days=1)
    cafe.visits(one)
    cafe.visits(two)
    before = [cafe.member(each).facts for each in (regular, one, two)]
    assert counts(cafe, regular, "referral") == 2
    key = merges(cafe, two, one)
    assert counts(cafe, regular, "referral") == 1
    assert counts(cafe, two, "referred") == 1
    assert cafe.balance(regular) * 2 == before[0].balance + 50
    assert cafe.balance(two) == sum(f.balance for f in before[1:]) - 50 - _referred(cafe)
    assert cafe.differences(regular, one, two) == []
    undoes(cafe, two, key)
    after = [cafe.member(each).facts for each in (regular, one, two)]
    assert [f.balance for f in after] == [f.balance for f in before]
    assert [f.counts for f in after] == [f.counts for f in before]
    assert cafe.differences(regular, one, two) == []


def _referred(cafe: SmallClub) -> int:
    """What a friend gets."""
    [rule] = cafe.timeline.latest.programme.earning_on("referred")
    points = getattr(rule.award, "points", 0)
    assert isinstance(points, int)
    return points


@pytest.mark.parametrize("visited", [True, False])
@pytest.mark.parametrize("keeps_new", [True, False])
def test_nobody_invites_themselves(cafe: SmallClub, *, keeps_new: bool, visited: bool) -> None:
    old = cafe.joins("U1")
    new = invited(cafe, old)
    cafe.passes(days=1)
    if visited:
        cafe.visits(new)
    keep, other = (new, old) if keeps_new else (old, new)
    key = merges(cafe, keep, other)
    assert cafe.balance(keep) == 50 + (10 if visited else 0)
    cafe.passes(days=1)
    cafe.visits(keep, key="staff:v")
    assert cafe.balance(keep) == 50 + (20 if visited else 10)
    assert counts(cafe, keep, "referral") == counts(cafe, keep, "referred") == 0
    assert cafe.differences(old, new) == []
    assert cafe.undoes(keep, "staff:v").done
    undoes(cafe, keep, key)
    assert cafe.member(new).referred_by == old
    assert counts(cafe, old, "referral") == visited
    assert cafe.differences(old, new) == []


def test_who_was_a_member_is_no_new_friend(cafe: SmallClub) -> None:
    old, regular = cafe.joins(), cafe.joins()
    new = invited(cafe, regular, "U1")
    merges(cafe, new, old)
    cafe.passes(days=1)
    cafe.visits(new)
    assert counts(cafe, regular, "referral") == counts(cafe, new, "referred") == 0
    assert cafe.differences(old, new, regular) == []


def test_the_first_cards_invitation_goes_on(cafe: SmallClub) -> None:
    regular = cafe.joins()
    first = invited(cafe, regular)
    cafe.passes(days=1)
    new = cafe.joins("U1")
    merges(cafe, new, first)
    cafe.passes(days=1)
    cafe.visits(new)
    assert counts(cafe, regular, "referral") == counts(cafe, new, "referred") == 1
    assert cafe.differences(regular, first, new) == []


def erases(cafe: SmallClub, member: int) -> None:
    cafe.passes(hours=1)
    with cafe.work("member", key=cafe.key()) as work:
        assert erase(work, member).done
    cafe.passes(hours=1)


def test_erased_and_back_on_one_account_brings_nothing_again(cafe: SmallClub) -> None:
    regular = cafe.joins()
    erases(cafe, cafe.joins("U1"))
    back = invited(cafe, regular, "U1")
    assert cafe.balance(back) == 0
    with cafe.work("member", key="code") as work:
        code = referral_code(work.uow, regular)
        assert bring(work, back, code, at=cafe.now) == Refusal("referral_member")
    cafe.passes(days=1)
    cafe.visits(back)
    assert (cafe.balance(back), counts(cafe, regular, "referral")) == (10, 0)
    assert cafe.differences(regular, back) == []
    assert cafe.balance(cafe.joins("U2")) == 50


def at_counter(cafe: SmallClub, phone: str) -> int:
    with cafe.work(DESK, key=cafe.key()) as work:
        profile = Profile("花子", phone=phone)
        joined = join_at_counter(work, Newcomer("ja", "ポイントのため", profile, another=True))
    assert joined.done
    return joined.member_id


def test_a_telephone_number_is_known_again_for_two_years(cafe: SmallClub) -> None:
    erases(cafe, at_counter(cafe, "090-1234-5678"))
    assert cafe.balance(at_counter(cafe, "０９０１２３４５６７８")) == 0
    assert cafe.balance(at_counter(cafe, "090-1234-5679")) == 50
    cafe.passes(days=JOININGS_KEPT.days - 2)
    prune(cafe.store, now=cafe.now, wall=cafe.now, most=100)
    assert cafe.balance(at_counter(cafe, "09012345678")) == 0
    cafe.passes(days=3)
    prune(cafe.store, now=cafe.now, wall=cafe.now, most=100)
    assert cafe.balance(at_counter(cafe, "09012345678")) == 50
