from datetime import UTC, date, datetime, timedelta

from bot.line.messages import text_message
from bot.store.members import members
from handlers.actions.telling.messages import SayMessages, tell
from handlers.jobs.clockwork import Clockwork
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import BROKEN, Line
from tests.rules.examples import CAFE, changed

USER = "U" + "1" * 32


def test_travel_does_every_night_and_delivery_at_its_own_time(cafe: SmallClub, line: Line) -> None:
    member = cafe.joins(USER)
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member, by="member")
    moments: list[datetime] = []
    line.during_push = lambda: moments.append(cafe.now)
    Clockwork(cafe.club).travel(datetime(2026, 4, 3, 3, tzinfo=UTC), cafe.clock.set)
    assert cafe.now == datetime(2026, 4, 3, 3, tzinfo=UTC)
    # Two months away on 9 March, the warning of the 25th, and the news of 1 April, each at ten in
    # the morning; the day after, when those leave room for it, the gift that is about to end.
    days = [(3, 9, 0), (3, 25, 0), (4, 1, 0), (4, 2, 5)]
    assert moments == [datetime(2026, month, day, 1, late, tzinfo=UTC) for month, day, late in days]
    assert cafe.differences(member) == []


def test_travel_repeats_what_failed_after_its_wait(cafe: SmallClub, line: Line) -> None:
    member = cafe.joins(USER)
    line.answers = [BROKEN, BROKEN]
    with cafe.work() as work:
        tell(
            work,
            members.lock(work.uow, member),
            SayMessages(messages=(text_message("答え"),)),
            period="p",
            topic=None,
            useful=timedelta(hours=1),
        )
    Clockwork(cafe.club).travel(cafe.now + timedelta(minutes=10), cafe.clock.set)
    assert len(line.pushed) == 3
    assert len(line.accepted) == 1


def test_travel_to_now_moves_nothing(cafe: SmallClub) -> None:
    now = cafe.now
    Clockwork(cafe.club).travel(now, cafe.clock.set)
    assert cafe.now == now


def test_a_programme_published_on_the_way_counts_from_its_day(
    database_url: str, line: Line
) -> None:
    """A version known to another process only, whose news have not come round yet."""
    from bot.store.history import programs

    with club_on(database_url, line_url=line.url) as cafe:
        member = cafe.joins()
        assert cafe.timeline.latest.number == 1
        with cafe.store.begin() as uow:
            visit = 'on = "visit"\naward = {{ kind = "fixed", points = {} }}'
            text = changed(CAFE, (visit.format(10), visit.format(11)))
            programs.publish(uow, text, since=cafe.now + timedelta(seconds=10))
        Clockwork(cafe.club).travel(cafe.now + timedelta(days=1), cafe.clock.set)
        assert cafe.visits(member, by="member").grants[0].points == 11
        assert cafe.timeline.latest.number == 2
        assert cafe.member(member).facts.last_visit_on == date(2026, 1, 6)


def test_a_tick_while_somebody_travels_leaves_it_to_them(cafe: SmallClub) -> None:
    clockwork = Clockwork(cafe.club)
    ticked: list[datetime] = []

    def arrive(moment: datetime) -> None:
        cafe.clock.set(moment)
        clockwork.tick()
        ticked.append(moment)

    target = cafe.now + timedelta(days=1)
    clockwork.travel(target, arrive)
    assert ticked[-1] == target
