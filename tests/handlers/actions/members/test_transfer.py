"""A new telephone: the old card onto the new LINE account."""

from bot.store.members import line_accounts, members
from handlers.actions.counter.scan import Scan, scan
from handlers.actions.counter.scanned_code import read
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.membership import erase
from handlers.actions.members.reissue import reissue
from handlers.actions.members.transfer import Transfer, transfer
from handlers.actions.recording.outcome import Outcome
from tests.handlers.audit_log import audited
from tests.handlers.clubs import DESK, SmallClub


def transfers(cafe: SmallClub, old: int, new: int, key: str = "staff:t") -> Outcome:
    with cafe.work() as work:
        return transfer(work.acting(DESK).under(key), Transfer(old, new, "birthday"))


def speaks_of(cafe: SmallClub, user_id: str) -> int | None:
    with cafe.store.read() as uow:
        account = line_accounts.get(uow, user_id)
    assert account is not None
    return account.member_id


def test_the_old_card_goes_onto_the_new_account_and_its_code_is_closed(cafe: SmallClub) -> None:
    old = cafe.joins("OLD")
    cafe.visits(old)
    cafe.passes(days=30)
    new = cafe.joins("NEW")
    points = cafe.balance(old)
    assert transfers(cafe, old, new).done
    assert transfers(cafe, old, new).done
    card = cafe.member(old)
    assert (card.line_user_id, card.issue, card.facts.balance) == ("NEW", 2, points)
    assert speaks_of(cafe, "NEW") == old
    assert speaks_of(cafe, "OLD") is None
    assert cafe.member(new).merged_into == old
    assert cafe.differences(old, new) == []
    assert audited(cafe) == [("transfer", 7, "ekimae", 3, old)]


def test_who_still_has_the_old_account_may_join_anew_without_a_second_welcome(
    cafe: SmallClub,
) -> None:
    old, new = cafe.joins("OLD"), cafe.joins("NEW")
    welcome = cafe.balance(old)
    assert welcome > 0
    assert transfers(cafe, old, new).done
    again = cafe.joins("OLD")
    assert again != old
    assert (cafe.balance(old), cafe.balance(again)) == (welcome, 0)


def test_a_parents_other_cards_come_along(cafe: SmallClub) -> None:
    old, child = cafe.joins("OLD"), cafe.joins()
    with cafe.store.begin() as uow:
        members.set_line_account(uow, child, "OLD")
    new = cafe.joins("NEW")
    assert transfers(cafe, old, new).done
    with cafe.store.read() as uow:
        assert members.cards(uow, "NEW") == [old, child]
        assert members.cards(uow, "OLD") == []


def test_a_card_that_was_never_on_line_can_move_too(cafe: SmallClub) -> None:
    paper, new = cafe.joins(), cafe.joins("NEW")
    assert transfers(cafe, paper, new).done
    assert speaks_of(cafe, "NEW") == paper


def test_what_can_not_be_transferred(cafe: SmallClub) -> None:
    old, new, paper = cafe.joins("OLD"), cafe.joins("NEW"), cafe.joins()
    gone = cafe.joins("GONE")
    with cafe.work() as work:
        erase(work.acting("staff").under("x"), gone)
    assert transfers(cafe, old, paper, "t1").refused == "transfer_no_line"
    assert transfers(cafe, old, old, "t2").refused == "merge_self"
    assert transfers(cafe, gone, new, "t3").refused == "erased"
    assert transfers(cafe, old, new, "t4").done
    assert transfers(cafe, old, new, "t5").refused == "merged"
    assert cafe.member(old).issue == 2


def test_no_issue_of_a_card_is_used_twice(cafe: SmallClub) -> None:
    old, new = cafe.joins("OLD"), cafe.joins("NEW")
    first = cafe.member(old)
    assert transfers(cafe, old, new).done
    with cafe.work(DESK, key="staff:undo") as work:
        assert undo(work, UndoRequest(old, "staff:t")).done
    # The first counts again, and the second, which the other account has seen, does not.
    assert cafe.member(old).issue == 1
    with cafe.work(DESK, key="staff:reissue") as work:
        assert reissue(work, old).done
    assert cafe.member(old).issue == 3
    codes = cafe.club.codes
    for issue, result in ((1, "refused"), (2, "refused"), (3, "checked_in")):
        text = codes.card_code(first.number, issue)
        shown = read(codes, text, stores=("ekimae",), now=cafe.now)
        with cafe.work(DESK, key=f"scan:{issue}") as work:
            assert scan(work, Scan(shown, text)).result == result
