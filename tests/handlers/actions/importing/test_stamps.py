"""A list of old cards of stamps: each moved once, to whoever it belongs."""

from datetime import date

import pytest
from sqlalchemy import func, select

from bot.store.members.members import Member
from bot.store.tables import members as everybody
from handlers.actions.counter.stamp_card import OldCard, move_stamp_card
from handlers.actions.members.membership import erase
from handlers.jobs.night.audit import audit
from handlers.jobs.night.figures import FigureKeeping
from tests.handlers.actions.importing.test_many_rows import (
    brought_in,
    counted,
    fates,
    letters,
    looked_at,
    of_card,
    taken_back,
)
from tests.handlers.clubs import DESK, SmallClub
from tests.rules.examples import CAFE
from tests.waiting import SECONDS_MAX

CARDS = 1_000
STAMPS = "\n[stamp_cards]\npoints = 10\nstamps_max = 20\n"


@pytest.fixture(name="cafe")
def _takes_old_cards(cafe: SmallClub) -> SmallClub:
    cafe.publishes(CAFE + STAMPS)
    return cafe


def cards(count: int) -> str:
    rows = (f"P{n:05},{n % 20 + 1}" for n in range(count))
    return "\n".join(["カード番号,スタンプ", *rows])


def people(cafe: SmallClub) -> int:
    with cafe.store.read() as uow:
        return int(uow.run(select(func.count()).select_from(everybody)).scalar_one())


def moves(cafe: SmallClub, member: Member, stamps: int) -> str | None:
    with cafe.work(DESK, key=cafe.key()) as work:
        return move_stamp_card(work, member.id, OldCard(stamps, stamps * 10)).refused


def test_a_thousand_paper_stamp_cards_come_in_once_and_go_as_a_whole(cafe: SmallClub) -> None:
    before = letters(cafe)
    made = brought_in(cafe, cards(CARDS), "stamps")
    assert fates(cafe, made) == {"head": 1, "done": CARDS}
    assert people(cafe) == CARDS
    last = of_card(cafe, "P00999")
    assert (last.facts.balance, last.facts.visits, last.facts.earned) == (200, 0, 0)
    # The very same file, and another with the same cards, move nothing.
    assert fates(cafe, looked_at(cafe, cards(CARDS), "stamps")) == {
        "head": 1, "import_known": CARDS,
    }  # fmt: skip
    again = looked_at(cafe, cards(CARDS) + "\n", "stamps")
    assert fates(cafe, again) == {"head": 1, "stamps_again": CARDS}
    # Whoever brings the card to the counter has it already.
    assert moves(cafe, last, 3) == "stamps_again"
    assert letters(cafe) == before
    taken_back(cafe, made)
    assert fates(cafe, made) == {"head": 1, "back": CARDS}
    assert not any(audit(cafe.club))


def test_who_is_a_member_gets_them_and_keeps_being_one_when_it_is_taken_back(
    cafe: SmallClub,
) -> None:
    known, paper = cafe.joins("U1"), cafe.joins()
    numbers = [cafe.member(each).number for each in (known, paper)]
    rows = f"カード番号,氏名,スタンプ\n{numbers[0]},,７個\n{numbers[1]},,4\nP1,花子,3\n"
    made = brought_in(cafe, rows, "stamps")
    assert fates(cafe, made) == {"head": 1, "done": 3}
    assert [cafe.balance(known), of_card(cafe, "P1").facts.balance] == [120, 30]
    taken_back(cafe, made)
    assert fates(cafe, made) == {"head": 1, "back": 3}
    assert [cafe.balance(known), cafe.balance(paper)] == [50, 50]
    # And can be moved at the counter then.
    assert moves(cafe, cafe.member(known), 2) is None
    assert cafe.balance(known) == 70
    assert not any(audit(cafe.club))


def test_each_row_that_can_not_be_moved_says_why(cafe: SmallClub) -> None:
    known, gone = cafe.joins(), cafe.joins()
    assert moves(cafe, cafe.member(known), 5) is None
    numbers = [cafe.member(each).number for each in (known, gone)]
    with cafe.work(DESK, key=cafe.key()) as work:
        assert erase(work, gone).done
    rows = [
        f"{numbers[0]},,4", "P1,,0", "P2,,21", "P3,,", "P4,,many", "P5,,3", "P5,,2", ",花子,1",
        ",,3",
    ]  # fmt: skip
    made = looked_at(cafe, "\n".join(["カード番号,氏名,スタンプの数", *rows]), "stamps")
    assert fates(cafe, made) == {
        "head": 1, "stamps_again": 1, "stamps_none": 1, "stamps_most": 1, "import_needs_more": 1,
        "import_number": 1, "import_twice": 1, "import_needs_name": 1, "new": 2,
    }  # fmt: skip


def test_a_club_that_takes_none_or_none_any_more_moves_none(cafe: SmallClub) -> None:
    cafe.publishes(CAFE + STAMPS + "until = 2026-01-31\n")
    cafe.passes(days=(date(2026, 2, 1) - date(2026, 1, 5)).days)
    assert fates(cafe, looked_at(cafe, cards(2), "stamps")) == {"head": 1, "stamps_over": 2}
    cafe.publishes(CAFE)
    assert fates(cafe, looked_at(cafe, cards(3), "stamps")) == {"head": 1, "stamps_off": 3}


def test_a_balance_of_another_system_comes_beside_the_stamps(cafe: SmallClub) -> None:
    brought_in(cafe, "カード番号,スタンプ\nP1,5\n", "stamps")
    brought_in(cafe, "カード番号,ポイント\nP1,80\n", "balances")
    # 50 of the stamps, and the 80 that the other system says.
    assert of_card(cafe, "P1").facts.balance == 130
    assert not any(audit(cafe.club))


def test_its_points_stand_among_those_given_and_no_visit_does(cafe: SmallClub) -> None:
    keeper = FigureKeeping(cafe.club)
    cafe.joins()
    keeper.follow(seconds_max=SECONDS_MAX)
    before = counted(cafe)
    made = brought_in(cafe, "カード番号,スタンプ\nP1,5\n", "stamps")
    keeper.follow(seconds_max=SECONDS_MAX)
    assert counted(cafe) != before
    taken_back(cafe, made)
    keeper.follow(seconds_max=SECONDS_MAX)
    assert counted(cafe) == before
