"""A card onto a LINE account by a code, once; whatever else is sent changes nothing."""

import pytest

from bot.store.members import line_accounts, link_codes, members
from bot.store.members.link_codes import Purpose
from handlers.actions.members import one_time_codes
from handlers.actions.members.link import PRINTED, SHOWN, add_card, look_up, make_code, merge_card
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.outcome import Acknowledgement, Outcome
from rules.base import Refusal
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DESK, MANAGER, SmallClub


def code(
    cafe: SmallClub,
    member: int,
    purpose: Purpose = "link",
    *,
    key: str = "s1",
    printed: bool = False,
) -> str:
    with cafe.work() as work:
        desk = MANAGER if printed else DESK
        made = make_code(work.acting(desk).under(key), member, purpose, printed=printed)
    assert isinstance(made, str), made
    return made


def adds(cafe: SmallClub, user_id: str, text: str, key: str = "line:1:link") -> Acknowledgement:
    with cafe.work() as work:
        return add_card(work.under(key), user_id, text)


def merges(cafe: SmallClub, user_id: str, own: int, text: str, key: str = "line:2") -> Outcome:
    with cafe.work() as work:
        return merge_card(work.under(key), user_id, own, text)


def test_a_paper_card_is_added_beside_the_own_one(cafe: SmallClub) -> None:
    parent, child = cafe.joins("U1"), cafe.joins()
    made = code(cafe, child)
    assert adds(cafe, "U1", f" {one_time_codes.readable(made).lower()} ").done
    with cafe.store.read() as uow:
        assert members.cards(uow, "U1") == [parent, child]
        account = line_accounts.get(uow, "U1")
    assert account is not None
    assert account.member_id == parent
    assert audited(cafe) == [("link_code", 7, "ekimae", 3, child)]


def test_who_has_no_card_speaks_of_the_linked_one(cafe: SmallClub) -> None:
    paper = cafe.joins()
    with cafe.store.begin() as uow:
        line_accounts.ensure(uow, "U9", display_name="さくら", language="ja", at=cafe.now)
    assert adds(cafe, "U9", code(cafe, paper)).done
    with cafe.store.read() as uow:
        account = line_accounts.get(uow, "U9")
    assert account is not None
    assert account.member_id == paper


def test_a_paper_card_is_merged_into_the_own_one(cafe: SmallClub) -> None:
    paper, own = cafe.joins(), cafe.joins("U1")
    cafe.visits(paper)
    outcome = merges(cafe, "U1", own, code(cafe, paper))
    assert outcome.member_id == own
    assert cafe.member(paper).merged_into == own
    assert cafe.member(own).facts.visits == 1
    assert cafe.differences(own, paper) == []


def test_a_shared_card_takes_the_own_one_in(cafe: SmallClub) -> None:
    mother, father = cafe.joins("U1"), cafe.joins("U2")
    outcome = merges(cafe, "U2", father, code(cafe, mother, "share"))
    assert outcome.member_id == mother
    assert cafe.member(father).merged_into == mother
    assert cafe.member(mother).line_user_id == "U1"
    with cafe.store.read() as uow:
        assert line_accounts.attached(uow, mother) == ["U1", "U2"]


def test_a_code_works_once(cafe: SmallClub) -> None:
    cafe.joins("U1"), cafe.joins("U2")
    made = code(cafe, cafe.joins())
    assert adds(cafe, "U1", made).done
    assert adds(cafe, "U1", made).done
    assert adds(cafe, "U2", made, "line:2:link").refused == "link_used"


def test_a_card_that_is_on_line_is_not_linked_again(cafe: SmallClub) -> None:
    cafe.joins("U1"), cafe.joins("U2")
    card = cafe.joins()
    first, second = code(cafe, card, key="s1"), code(cafe, card, key="s2")
    assert adds(cafe, "U1", first).done
    assert adds(cafe, "U2", second, "line:2:link").refused == "link_taken"
    with cafe.work() as work:
        assert make_code(work.acting(DESK).under("s3"), card, "link") == Refusal("link_taken")


def test_a_code_that_shares_links_nothing(cafe: SmallClub) -> None:
    cafe.joins("U2")
    made = code(cafe, cafe.joins("U1"), "share")
    assert adds(cafe, "U2", made).refused == "link_unknown"


@pytest.mark.parametrize("printed", [True, False])
def test_a_code_works_for_its_time(cafe: SmallClub, printed: bool) -> None:
    made = code(cafe, cafe.joins(), printed=printed)
    life = PRINTED if printed else SHOWN
    with cafe.club.reading() as work:
        last = cafe.now + life
        assert not isinstance(look_up(work.moment(last - life / 100), made), Refusal)
        assert look_up(work.moment(last), made) == Refusal("link_expired")


@pytest.mark.parametrize("text", ["", "あ", "AAAAAAAAA", "23456789B", "x" * 500, "2345-6789"])
def test_what_is_no_code_of_ours_is_unknown(cafe: SmallClub, text: str) -> None:
    cafe.joins("U1")
    assert adds(cafe, "U1", text).refused == "link_unknown"


def test_a_code_of_an_erased_card_is_unknown_and_of_a_merged_one_its_keepers(
    cafe: SmallClub,
) -> None:
    gone, other, keep = cafe.joins(), cafe.joins(), cafe.joins()
    of_gone, of_other = code(cafe, gone, key="s1"), code(cafe, other, key="s2")
    with cafe.work() as work:
        erase(work.acting("staff").under("x"), gone)
        merge(work.acting("staff").under("m"), MergeRequest(keep, other))
        assert look_up(work, of_gone) == Refusal("link_unknown")
        found = look_up(work, of_other)
        assert make_code(work.acting(DESK).under("s3"), gone, "link") == Refusal("erased")
        assert make_code(work.acting(DESK).under("s4"), other, "link") == Refusal("merged")
    assert isinstance(found, link_codes.LinkCode)
    assert found.member_id == keep


def test_ones_own_card_is_not_merged_with_itself(cafe: SmallClub) -> None:
    own = cafe.joins("U1")
    assert merges(cafe, "U1", own, code(cafe, own, "share")).refused == "link_same"


def test_the_same_form_sent_twice_makes_one_code(cafe: SmallClub) -> None:
    card = cafe.joins()
    assert code(cafe, card) == code(cafe, card)
    assert len(audited(cafe)) == 1


def test_wrong_codes_are_counted_by_member_and_day(cafe: SmallClub) -> None:
    member, other = cafe.joins("U1"), cafe.joins("U2")
    today = cafe.now.date()
    with cafe.work() as work:
        for _ in range(one_time_codes.WRONG_MAX):
            assert one_time_codes.may_try(work.uow, member, today)
            one_time_codes.note_wrong(work, member, today)
        assert not one_time_codes.may_try(work.uow, member, today)
        assert one_time_codes.may_try(work.uow, other, today)
        cafe.passes(days=1)
        assert one_time_codes.may_try(work.uow, member, cafe.now.date())
