"""What opens to a segment first: a campaign and a reward, judged when something is done, and kept
so by the history."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.store.many import segment_members
from handlers.actions.counter.check_in import check_in
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request, record
from rules.activity import Purchase, Redemption, Visit
from tests.handlers.actions.members.two_cards import merges
from tests.handlers.clubs import DAY, MONDAY_NOON, TUESDAY_NOON, SmallClub, club_on
from tests.handlers.segments_saved import becomes, english, kept
from tests.journeys.counting import counting
from tests.rules.examples import CAFE, changed

UNTIL = "2026-01-07"
CAMPAIGN = """
[[campaigns]]
id = "spring"
name = { ja = "春のポイント祭り", en = "Spring points" }
on = ["visit"]
effect = { kind = "bonus", points = 7 }
starts = 2026-01-06
first = { segments = ["vip"], until = %s }
"""
FIRST = 'id = "off_100"\nfirst = { segments = ["vip"], until = %s }'


def text(until: str = UNTIL) -> str:
    reward = ('id = "off_100"', FIRST % until)
    return changed(CAFE, reward) + CAMPAIGN % until


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, text()) as club:
        club.clock.set(TUESDAY_NOON)
        yield club


def bonus(outcome: Outcome) -> int:
    return sum(each.points for each in outcome.grants if each.rule == "campaign:spring")


def uses(cafe: SmallClub, member_id: int) -> str | None:
    """The refusal's code of the reward, for points."""
    request = Request(member_id, Redemption("off_100", 100), cafe.now, "ekimae")
    with cafe.work("staff", key=cafe.key()) as work:
        return record(work, request).refused


def rich(cafe: SmallClub, member_id: int) -> int:
    request = Request(member_id, Purchase(100_000), cafe.now, "ekimae")
    with cafe.work("staff", key=cafe.key()) as work:
        assert record(work, request).done
    return member_id


def test_a_campaign_begins_for_a_segment_and_then_for_all(cafe: SmallClub) -> None:
    vip, other = english(cafe), cafe.joins()
    kept(cafe)
    assert [bonus(cafe.visits(each)) for each in (vip, other)] == [7, 0]
    cafe.passes(days=2)
    assert [bonus(cafe.visits(each)) for each in (vip, other)] == [7, 7]
    assert not cafe.differences(vip, other)


def test_a_reward_is_refused_to_others_and_given_to_them_from_the_day_after(
    cafe: SmallClub,
) -> None:
    vip, other = rich(cafe, english(cafe)), rich(cafe, cafe.joins())
    kept(cafe)
    assert [uses(cafe, each) for each in (vip, other)] == [None, "reward_early"]
    cafe.passes(days=2)
    assert uses(cafe, other) is None
    assert not cafe.differences(vip, other)


def test_what_was_given_stays_when_the_segment_says_something_else_or_is_gone(
    cafe: SmallClub,
) -> None:
    vip, other = rich(cafe, english(cafe)), rich(cafe, cafe.joins())
    saved = kept(cafe)
    assert bonus(cafe.visits(vip, key="staff:1")) == 7
    assert uses(cafe, vip) is None
    becomes(cafe, saved, name="日本語の方", languages=("ja",))
    assert uses(cafe, other) is None
    assert uses(cafe, vip) == "reward_early"
    # Something late has all that came after it judged anew: by what was so then.
    late = Request(vip, Purchase(500), cafe.now - timedelta(hours=1), "ekimae")
    with cafe.work("staff", key=cafe.key()) as work:
        assert record(work, late).done
    assert cafe.granted(vip)[cafe.history(vip)[2].seq, "campaign:spring"] == 7
    assert not cafe.differences(vip, other)
    assert cafe.undoes(vip, "staff:1").refused is None
    assert "campaign:spring" not in {
        rule for (_, rule), points in cafe.granted(vip).items() if points
    }
    assert not cafe.differences(vip, other)


def test_before_there_is_such_a_segment_nobody_comes_first(cafe: SmallClub) -> None:
    vip = english(cafe)
    assert bonus(cafe.visits(vip)) == 0
    assert cafe.history(vip)[-1].activity.segments == ()


def test_what_is_done_in_one_go_takes_nobody_out_of_a_segment(cafe: SmallClub) -> None:
    quiet = cafe.joins()
    cafe.visits(quiet, at=cafe.now)
    cafe.passes(days=1)
    kept(cafe, visited_before="2026-01-07")
    with cafe.work("staff", key="staff:1") as work:
        check_in(work, Request(quiet, Visit("staff"), cafe.now, "ekimae"))
        record(work.under("staff:2"), Request(quiet, Purchase(500), cafe.now, "ekimae"))
    noted = [each.activity.segments for each in cafe.history(quiet)]
    assert noted[-2:] == [("vip",), ("vip",)]
    assert not cafe.differences(quiet)


def test_two_cards_made_one_keep_what_each_had_and_go_on_as_who_keeps_them(
    cafe: SmallClub,
) -> None:
    paper, own = english(cafe), cafe.joins("U1")
    kept(cafe)
    assert bonus(cafe.visits(paper)) == 7
    before = cafe.balance(paper)
    cafe.passes(days=1)
    assert merges(cafe, own, paper).done
    assert cafe.balance(own) == before + cafe.member(own).facts.earned - before
    assert bonus(cafe.visits(own)) == 0, "it is still for the segment, and they are not in it"
    assert not cafe.differences(own, paper)


def test_what_a_friend_brought_keeps_the_segment_when_it_moves_to_another_visit(
    database_url: str,
) -> None:
    with club_on(database_url, text().replace('["visit"]', '["referral"]')) as cafe:
        cafe.clock.set(TUESDAY_NOON)
        vip = english(cafe)
        kept(cafe)
        friend = cafe.joins(referred_by=vip)
        for n in range(2):
            cafe.visits(friend, key=f"scan:{n}")
            cafe.passes(hours=20)
        # 50 for joining, 100 for the friend, and the campaign's 7.
        assert cafe.balance(vip) == 157
        assert cafe.undoes(friend, "scan:0").done
        assert cafe.balance(vip) == 157
        assert not cafe.differences(vip, friend)


def test_the_facts_that_are_kept_say_nothing_of_segments(cafe: SmallClub) -> None:
    vip = english(cafe)
    kept(cafe)
    cafe.visits(vip)
    assert cafe.member(vip).facts.segments == ()
    with cafe.club.reading() as work:
        assert work.settled(cafe.member(vip)).segments == ("vip",)


def test_a_scan_asks_twice_more_while_a_segment_comes_first_and_none_without(
    database_url: str,
) -> None:
    counts = []
    long_over = text("2025-11-30").replace("starts = 2026-01-06\n", "")
    with club_on(database_url) as club:
        club.clock.set(TUESDAY_NOON)
        kept(club)
        for programme in (CAFE, text(), long_over):
            club.publishes(programme)
            club.visits(english(club))
            vip = english(club)
            with counting(club.store) as counted:
                club.visits(vip)
            counts.append(counted.queries)
    plain, early, over = counts
    assert (early - plain, over - plain) == (2, 0)


def test_many_are_looked_at_by_two_statements(cafe: SmallClub) -> None:
    people = [english(cafe) if n % 2 else cafe.joins() for n in range(6)]
    kept(cafe)
    kept(cafe, "regulars", visited_since="2026-01-01")
    programme, day = cafe.timeline.latest.programme, MONDAY_NOON.date() + DAY
    cafe.visits(people[0])
    with counting(cafe.store) as counted, cafe.store.read() as uow:
        found = segment_members.held_by(
            uow, programme, day, wanted=("vip", "regulars", "no_such"), ids=people
        )
    assert len(counted.statements) == 2
    assert found == {people[0]: ("regulars",), **dict.fromkeys(people[1::2], ("vip",))}
