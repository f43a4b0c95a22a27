"""Whatever was recorded is told once, whichever door it came by."""

from sqlalchemy import select

from bot.store.history.slips import Slip, SlipWorth
from bot.store.members import members
from bot.store.tables import outbox
from handlers.actions.calendar.occasions import celebrate_anniversary, celebrate_birthday
from handlers.actions.calendar.settle import settle
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.purchase import purchase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.orders.slips import claim_slip, make_slip
from handlers.actions.recording.record import Request
from handlers.actions.telling import messages
from handlers.actions.telling.messages import SayReached
from handlers.actions.telling.news import highlights_of
from rules.activity import Purchase, Visit
from rules.facts import Birthday
from rules.wording.highlights import Thanks
from tests.handlers.clubs import DESK, MANAGER, SmallClub

USER, FRIEND = "U" + "1" * 32, "U" + "2" * 32


def news(cafe: SmallClub, member: int) -> list[SayReached]:
    """What waits to be told to the member."""
    mine = select(outbox).where(outbox.c.member_id == member, outbox.c.status == "queued")
    with cafe.store.read() as uow:
        said = [messages.read(row.say) for row in uow.run(mine.order_by(outbox.c.period))]
    return [each for each in said if isinstance(each, SayReached)]


def nearly_bronze(cafe: SmallClub, user_id: str = USER) -> int:
    """Somebody with two visits this month, who heard of everything so far."""
    member = cafe.joins(user_id)
    for _ in range(2):
        cafe.passes(days=1)
        cafe.visits(member, by="member")
    cafe.passes(days=1)
    return member


def test_a_slip_that_makes_bronze_is_told_whoever_claims_it(cafe: SmallClub) -> None:
    member = nearly_bronze(cafe)
    with cafe.work(DESK, key="staff:1") as work:
        slip = make_slip(work, SlipWorth(visit=True, yen=1_200), at=work.now)
    assert isinstance(slip, Slip)
    with cafe.work(DESK, key="staff:2") as work:
        assert claim_slip(work, member, slip.code).done
    (said,) = news(cafe, member)
    assert said.rank is not None
    assert said.rank.after == "bronze"


def test_a_receipt_brought_later_tells_what_it_brought_into_reach(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    with cafe.work(DESK, key="staff:1") as work:
        bought = Purchase(8_000, receipt_on=work.day)
        assert purchase(work, Request(member, bought, work.now, "ekimae", "0001")).done
    (said,) = news(cafe, member)
    assert "off_100" in said.rewards


def test_both_sides_of_a_referral_hear_of_it(cafe: SmallClub) -> None:
    referrer = cafe.joins(USER)
    cafe.passes(days=1)
    friend = cafe.joins(FRIEND, referred_by=referrer)
    cafe.passes(days=1)
    cafe.visits(friend)
    (said,) = news(cafe, referrer)
    assert said.rewards != ()
    assert said.thanks == Thanks("referral", 100)
    assert len(news(cafe, friend)) == 1


def test_who_brought_a_friend_is_thanked_though_nothing_more_comes_into_reach(
    cafe: SmallClub,
) -> None:
    referrer = cafe.joins(USER)
    friends = []
    for n in range(5):
        cafe.passes(days=1)
        friends.append(cafe.joins(f"U{n:032d}", referred_by=referrer))
    for friend in friends:
        cafe.passes(minutes=5)
        cafe.visits(friend)
    # The fourth and the fifth of a month bring no points, and the same thanks.
    found = [said.thanks for said in news(cafe, referrer)]
    assert sorted(thanks.points for thanks in found if thanks) == [0, 0, 100, 100, 100]


def test_what_two_cards_reach_together_is_told(cafe: SmallClub) -> None:
    cards = [cafe.joins(USER), cafe.joins(FRIEND)]
    for day in range(4):
        cafe.passes(days=1)
        cafe.visits(cards[day % 2], by="member")
    with cafe.work(MANAGER, key="staff:1") as work:
        assert merge(work, MergeRequest(cards[0], cards[1])).done
    (said,) = news(cafe, cards[0])
    assert said.rank is not None
    assert said.rank.after == "bronze"


def test_points_by_a_managers_hand_tell_what_they_brought_into_reach(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    with cafe.work(MANAGER, key="staff:1") as work:
        assert adjust(work, member, 60, reason="お詫び").done
    assert [said.rewards != () for said in news(cafe, member)] == [True]


def test_what_a_birthday_puts_into_the_hand_is_its_own_message_to_tell(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    with cafe.work("member", key="b") as work:
        told = ToldBirthday(member, Birthday(1, 20), work.now)
        assert tell_birthday(work, told).done
        work.answered.add(member)
    with cafe.work() as work:
        outcome = celebrate_birthday(work, member, day=work.day)
    assert outcome is not None
    assert outcome.vouchers
    assert all(said.vouchers == () and said.rewards == () for said in news(cafe, member))


def test_a_badge_for_a_year_of_membership_is_told(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.passes(days=366)
    with cafe.work() as work:
        assert celebrate_anniversary(work, member, day=work.day) is not None
    assert [said.badges for said in news(cafe, member)] == [("year_1",)]


def test_an_ordinary_visit_sends_nothing(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    cafe.visits(member, by="member")
    cafe.passes(days=1)
    cafe.visits(member)
    assert news(cafe, member) == []


def test_all_that_one_work_brought_is_one_message(cafe: SmallClub) -> None:
    member = nearly_bronze(cafe)
    with cafe.work(DESK, key="scan:1") as work:
        assert check_in(work, Request(member, Visit("staff"), work.now, "ekimae")).done
        bought = Request(member, Purchase(8_000), work.now, "ekimae")
        assert purchase(work.under("scan:2"), bought).done
        shown = highlights_of(work, member)
    (said,) = news(cafe, member)
    assert said.rank == shown.rank
    assert said.rewards == shown.rewards != ()


def test_who_reads_the_answer_is_sent_nothing_more(cafe: SmallClub) -> None:
    member = nearly_bronze(cafe)
    cafe.visits(member, by="member")
    assert news(cafe, member) == []


def test_who_has_no_line_or_paused_is_not_written_to(cafe: SmallClub) -> None:
    paper = cafe.joins()
    cafe.visits(paper)
    assert news(cafe, paper) == []


def test_what_came_to_nothing_is_told_to_nobody(cafe: SmallClub) -> None:
    member = nearly_bronze(cafe)
    try:
        with cafe.work(DESK, key="scan:1") as work:
            check_in(work, Request(member, Visit("staff"), work.now, "ekimae"))
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with cafe.work(DESK) as work:
        try:
            with work.apart():
                check_in(work.under("scan:2"), Request(member, Visit("staff"), work.now, "ekimae"))
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert work.recorded == []
        known = members.get(work.uow, member)
    assert known is not None
    assert known.facts.visits == 2
    assert news(cafe, member) == []


def test_a_repeat_tells_nothing_again(cafe: SmallClub) -> None:
    member = nearly_bronze(cafe)
    for _ in range(2):
        cafe.visits(member, key="scan:1")
        cafe.passes(seconds=5)
    assert len(news(cafe, member)) == 1


def test_a_visit_that_comes_late_tells_what_it_made_of_later_ones(cafe: SmallClub) -> None:
    member = cafe.joins(USER)
    came = []
    for _ in range(3):
        cafe.passes(days=1)
        came.append(cafe.now)
    for at in (came[0], came[2]):
        cafe.visits(member, at=at, by="member")
    assert cafe.visits(member, at=came[1]).rank_changes[-1].after == "bronze"
    (said,) = news(cafe, member)
    assert said.rank is not None
    assert (said.rank.after, said.rank.reason) == ("bronze", "reached")
    assert cafe.differences(member) == []


def test_a_rank_that_was_never_lost_after_all_is_told_to_be_back(cafe: SmallClub) -> None:
    member = nearly_bronze(cafe)
    cafe.visits(member, by="member")
    # Of February and March one may fall short.
    cafe.passes(days=78)
    for _ in range(2):
        cafe.passes(days=1)
        cafe.visits(member, by="member")
    late = cafe.passes(days=1)
    cafe.passes(days=3)
    with cafe.work() as work:
        [lost] = settle(work, member, day=work.day)
    assert (lost.after, lost.reason) == (None, "short")
    assert cafe.visits(member, at=late).done
    (said,) = news(cafe, member)
    assert said.rank is not None
    assert (said.rank.before, said.rank.after, said.rank.reason) == (None, "bronze", "revived")
    assert cafe.differences(member) == []


def test_who_left_the_news_of_ranks_hears_the_rest(cafe: SmallClub) -> None:
    member = nearly_bronze(cafe)
    with cafe.store.begin() as uow:
        members.set_topics_left(uow, member, ["ranks"])
    with cafe.work(DESK, key="scan:1") as work:
        assert check_in(work, Request(member, Visit("staff"), work.now, "ekimae")).done
        bought = Request(member, Purchase(8_000), work.now, "ekimae")
        assert purchase(work.under("scan:2"), bought).done
    (said,) = news(cafe, member)
    assert (said.rank, said.rewards != ()) == (None, True)
