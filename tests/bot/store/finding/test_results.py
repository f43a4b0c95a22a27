"""What is counted of those a journey was due to: once each, on the side drawn for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from bot.store.finding import results
from bot.store.finding.results import JourneyCounts
from bot.store.messages import outbox, outbox_by_member
from bot.store.messages.outbox import PlannedMessage
from bot.store.tables import outbox as table
from handlers.actions.members.membership import change_membership, erase
from rules.journeys.counts import SideCounts
from rules.science.difference import SideSums
from tests.handlers.clubs import DAY, HOUR, SmallClub, club_on
from tests.journeys.counting import counting, plans

WINDOW = 14 * DAY
JOURNEY = "journey:lapsed"


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        club.passes(seconds=0.25)
        yield club


def due(
    club: SmallClub,
    member: int,
    *,
    arm: str = "a",
    held: bool = False,
    period: str = "1",
    journey: str = JOURNEY,
    chance: float | None = 0.25,
    share: float = 0.3,
) -> None:
    """What was drawn for an episode; of before, for the member, where `chance` is None."""
    plan = PlannedMessage(
        member, journey, period, "{}", "comeback", club.now, club.now, club.now + DAY, arm=arm,
        status="held_out" if held else "queued",
        chance=chance, share=None if chance is None else share,
    )  # fmt: skip
    with club.store.begin() as uow:
        assert outbox.queue_many(uow, [plan]) == 1


def counted(club: SmallClub, *, since: datetime | None = None) -> JourneyCounts:
    with club.store.read() as uow:
        found = results.journey_counts(uow, JOURNEY, window=WINDOW, since=since, now=club.now)
    order = sorted(found.sides, key=lambda side: (side.share or 0, side.arm or ""))
    return JourneyCounts(tuple(order), found.first_at)


def sides(club: SmallClub, *, since: datetime | None = None) -> tuple[SideCounts, ...]:
    return counted(club, since=since).sides


def side(
    arm: str | None, complete: int, came: int = 0, share: float | None = 0.3, **more: int
) -> SideCounts:
    """One side, all of whose episodes had a chance of a quarter, or none."""
    x = 0.0 if share is None else 0.25
    sums = SideSums(complete, complete * x, complete * x * x, came, came * x)
    return SideCounts(arm, share, sums, **more)


def _sent(club: SmallClub, member: int, period: str = "1") -> None:
    with club.store.begin() as uow:
        uow.run(
            update(table)
            .where(table.c.member_id == member, table.c.period == period)
            .values(status="sent", sent_at=club.now)
        )


def test_of_nobody_there_is_nothing(club: SmallClub) -> None:
    due(club, club.joins(), journey="journey:other")
    assert counted(club) == JourneyCounts((), None)


def test_who_was_drawn_to_an_arm_for_others_counts_on_its_side(club: SmallClub) -> None:
    member, plan = club.joins(), club.now
    row = PlannedMessage(
        member, JOURNEY, "1", "{}", "comeback", plan, plan, plan + DAY, arm="regulars",
        status="held_out", reason="other_audience", chance=0.4, share=0.3,
    )  # fmt: skip
    with club.store.begin() as uow:
        assert outbox.queue_many(uow, [row]) == 1
    club.visits(member, at=club.passes(days=2))
    club.clock.set(plan + WINDOW)
    (found,) = sides(club)
    assert (found.arm, found.sums.episodes, found.sums.came) == ("regulars", 1, 1)


def test_each_side_counts_whose_windows_are_over_and_who_came_in_them(club: SmallClub) -> None:
    started = club.now
    came, stayed, held, held_came = (club.joins() for _ in range(4))
    for member in (came, stayed):
        due(club, member)
    for member in (held, held_came):
        due(club, member, held=True)
    due(club, club.joins(), arm="b")
    club.visits(came, at=club.passes(days=2))
    club.visits(held_came, at=club.passes(days=2))
    due(club, club.joins())
    club.clock.set(started + WINDOW - timedelta(microseconds=1))
    assert [each.sums.episodes for each in sides(club)] == [0, 0, 0]
    club.clock.set(started + WINDOW)
    assert counted(club) == JourneyCounts(
        (
            side(None, 2, came=1),
            side("a", 2, came=1, still_open=1),
            side("b", 1),
        ),
        started,
    )


def test_a_window_is_from_the_moment_on_up_to_its_end(club: SmallClub) -> None:
    """Who came that day before it was due, or when the window was over, did not come in it."""
    before, first, last, after = (club.joins() for _ in range(4))
    club.visits(before, at=club.now)
    started = club.passes(seconds=1)
    for member in (before, first, last, after):
        due(club, member)
    club.visits(first, at=started)
    club.clock.set(started + WINDOW + HOUR)
    club.visits(last, at=started + WINDOW - timedelta(microseconds=1))
    club.visits(after, at=started + WINDOW)
    assert sides(club) == (side("a", 4, came=2),)


def test_visits_undone_were_not_made_and_several_are_one_visitor(club: SmallClub) -> None:
    undone, often = club.joins(), club.joins()
    due(club, undone)
    due(club, often)
    club.passes(days=1)
    club.visits(undone, key="test:gone")
    club.undoes(undone, "test:gone")
    for _ in range(3):
        club.visits(often, at=club.passes(days=2))
    club.passes(days=30)
    assert sides(club) == (side("a", 2, came=1),)


def test_what_was_skipped_counts_like_what_was_sent(club: SmallClub) -> None:
    """Who came before it could go out is not written to, and is on the other side just the same."""
    early = club.joins()
    due(club, early)
    club.visits(early, at=club.passes(hours=1))
    with club.store.begin() as uow:
        outbox_by_member.skip_queued(uow, early, reason="no_longer_true")
    club.passes(days=20)
    assert sides(club) == (side("a", 1, came=1),)


def test_every_episode_counts_with_its_own_chance_on_the_side_it_fell_on(club: SmallClub) -> None:
    """Two windows of the same member may overlap: a visit is in both."""
    member = club.joins()
    due(club, member, held=True, chance=0.5)
    club.passes(days=7)
    due(club, member, period="2", chance=0.2)
    club.passes(minutes=1)
    _sent(club, member, "2")
    club.visits(member, at=club.passes(days=1))
    club.passes(days=30)
    due(club, member, period="3", chance=0.125, share=0.1)
    club.passes(days=14)
    assert sides(club) == (
        SideCounts("a", 0.1, SideSums(1, 0.125, 0.015625, 0, 0.0)),
        SideCounts(None, 0.3, SideSums(1, 0.5, 0.25, 1, 0.5)),
        SideCounts("a", 0.3, SideSums(1, 0.2, 0.2 * 0.2, 1, 0.2), sent=1),
    )


def test_what_was_drawn_for_a_member_counts_once_from_the_first_time(club: SmallClub) -> None:
    member = club.joins()
    due(club, member, held=True, chance=None)
    club.passes(days=30)
    due(club, member, period="2", chance=None)
    club.visits(member, at=club.passes(days=1))
    assert sides(club) == (side(None, 1, share=None),)
    # The version of the test that began since knows only the second.
    club.passes(days=20)
    assert sides(club, since=club.now - 40 * DAY) == (side("a", 1, came=1, share=None),)


def test_a_test_runs_on_when_draws_are_made_for_episodes(club: SmallClub) -> None:
    """Who was drawn before counts as then, and from then on with each new episode besides."""
    member, other = club.joins(), club.joins()
    due(club, member, held=True, chance=None)
    due(club, other, chance=None)
    club.visits(member, at=club.passes(days=3))
    club.passes(days=30)
    due(club, member, period="2")
    due(club, member, period="3", held=True)
    club.visits(member, at=club.passes(days=3))
    club.passes(days=30)
    assert sides(club) == (
        side(None, 1, came=1, share=None),
        side("a", 1, share=None),
        side(None, 1, came=1),
        side("a", 1, came=1),
    )


def test_all_messages_of_before_that_were_sent_in_the_window_are_counted(club: SmallClub) -> None:
    member = club.joins()
    for period, days in (("1", 0), ("2", 7), ("3", 7)):
        club.passes(days=days)
        due(club, member, period=period, chance=None)
        club.passes(minutes=1)
        _sent(club, member, period)
    assert sides(club) == (side("a", 1, share=None, sent=2),)


def test_who_left_is_counted_and_who_is_gone_is_on_no_side(club: SmallClub) -> None:
    leaves, erased, held = (club.joins() for _ in range(3))
    for member in (leaves, erased):
        due(club, member)
    due(club, held, held=True)
    club.passes(days=1)
    with club.work() as work:
        for member in (leaves, held):
            change_membership(work.acting("member").under(club.key()), member, "left", at=club.now)
        erase(work.acting("member").under(club.key()), erased)
    club.passes(days=30)
    assert sides(club) == (
        side(None, 1, left=1),
        side("a", 1, left=1, gone=1),
    )


def test_each_journey_is_counted_by_one_statement_that_reads_its_own_rows(
    club: SmallClub,
) -> None:
    mine, other = club.joins(), club.joins()
    due(club, mine)
    rows = [
        PlannedMessage(
            other, "journey:other", str(n), "{}", "comeback", club.now, club.now, club.now + DAY,
            arm="a", chance=0.25, share=0.3,
        )
        for n in range(3_000)
    ]  # fmt: skip
    with club.store.begin() as uow:
        outbox.queue_many(uow, rows)
    with counting(club.store) as counted:
        assert sides(club) == (SideCounts("a", 0.3, still_open=1),)
    with club.store.begin() as uow:
        if not uow.is_sqlite:
            uow.run(text("ANALYZE outbox"))
    [asked] = [ran for ran in counted.statements if "outbox" in ran.sql]
    assert "ix_outbox_journey" in " ".join(plans(club.store, [asked]))
