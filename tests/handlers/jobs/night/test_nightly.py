from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.store import UnitOfWork
from bot.store.finding import prune
from bot.store.members import profiles
from bot.store.members.profiles import unsearchable
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent
from bot.store.tables import codes, search_terms
from bot.store.tables import members as members_table
from bot.store.tables import outbox as table
from bot.store.tables import webhook_events as events_kept
from handlers.actions.calendar.occasions import celebrate_birthday
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.work import Work
from handlers.jobs.night import nightly
from rules.activity import Anniversary
from rules.facts import Birthday
from tests.handlers.clubs import SmallClub
from tests.journeys.counting import counting
from tests.rules.examples import CAFE
from tests.waiting import SECONDS_MAX

USER = "U" + "1" * 32


def _begins(cafe: SmallClub, day: date, **later: float) -> None:
    shop = cafe.timeline.latest.programme.shop
    cafe.clock.set(shop.opens(day) + nightly.AFTER_OPENING + timedelta(**later))


def _night(cafe: SmallClub, day: date) -> bool:
    _begins(cafe, day)
    return nightly.run_if_due(cafe.club)


def _queued(cafe: SmallClub) -> Counter[str]:
    with cafe.store.read() as uow:
        return Counter(uow.run(select(table.c.journey)).scalars())


def _born(cafe: SmallClub, month: int) -> int:
    member = cafe.joins()
    with cafe.work() as work:
        tell_birthday(
            work.acting("member").under(cafe.key()),
            ToldBirthday(member, Birthday(month, 12, 1990), work.now),
        )
    return member


def _bronze(cafe: SmallClub, user_id: str = USER) -> int:
    member = cafe.joins(user_id)
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member, by="member")
    return member


def test_the_work_is_due_once_a_business_day_from_a_little_after_it_begins(
    cafe: SmallClub,
) -> None:
    _begins(cafe, date(2026, 1, 6), seconds=-1)
    assert nightly.next_run(cafe.timeline.latest.programme, cafe.now) == cafe.now + timedelta(
        seconds=1
    )
    assert not nightly.run_if_due(cafe.club)
    cafe.passes(seconds=1)
    assert nightly.run_if_due(cafe.club)
    assert not nightly.run_if_due(cafe.club)
    cafe.passes(hours=20)
    assert not nightly.run_if_due(cafe.club)
    tomorrow = datetime(2026, 1, 6, 19, 5, tzinfo=UTC)
    assert nightly.next_run(cafe.timeline.latest.programme, cafe.now) == tomorrow


def test_a_month_end_takes_a_rank_tells_of_it_once_and_a_visit_revives_it(
    cafe: SmallClub,
) -> None:
    member = _bronze(cafe)
    day = date(2026, 1, 31)
    while day < date(2026, 4, 2):
        _night(cafe, day)
        day += timedelta(days=1)
    assert cafe.member(member).facts.rank.id is None
    assert _queued(cafe) == {"rank_at_risk": 1, "rank": 1}
    assert cafe.visits(member).rank_changes[-1].reason == "revived"
    assert cafe.differences(member) == []


def test_a_lost_rank_is_told_also_in_the_birth_month_which_begins_that_night(
    cafe: SmallClub,
) -> None:
    """A birthday's points settle the month too; the news must not get lost in that."""
    member = _bronze(cafe)
    with cafe.work() as work:
        tell_birthday(
            work.acting("member").under("b"), ToldBirthday(member, Birthday(4, 12, 1990), work.now)
        )
    _night(cafe, date(2026, 4, 1))
    assert cafe.member(member).facts.counts["birthday"] == 1
    assert _queued(cafe)["rank"] == 1


def test_after_an_outage_what_was_missed_is_made_good(cafe: SmallClub) -> None:
    _night(cafe, date(2026, 1, 6))
    january, february = _born(cafe, 1), _born(cafe, 2)
    cafe.clock.set(datetime(2025, 1, 20, 3, tzinfo=UTC))
    a_year = cafe.joins()
    _night(cafe, date(2026, 2, 3))
    for member in (january, february):
        assert cafe.member(member).facts.counts["birthday"] == 1
    assert cafe.member(a_year).facts.counts["anniversary"] == 1
    # Each has happened on its own day, not in the night that made it good.
    assert cafe.history(january)[-1].activity.day.month == 1
    on = {type(each.activity.what): each.activity.day for each in cafe.history(a_year)}
    assert on[Anniversary] == date(2026, 1, 20)
    assert cafe.differences(january, february, a_year) == []


def test_a_night_done_again_gives_nothing_twice(cafe: SmallClub) -> None:
    member = _born(cafe, 2)
    _night(cafe, date(2026, 2, 1))
    before = cafe.member(member)
    with cafe.store.begin() as uow:
        from bot.store.tables import ticks

        uow.run(ticks.delete())
    assert nightly.run_if_due(cafe.club)
    assert cafe.member(member) == before


def test_one_members_trouble_keeps_nothing_from_the_others_and_is_made_good(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = _born(cafe, 2), _born(cafe, 2)

    def fails_for_one(work: Work, member_id: int, *, day: date) -> object:
        if member_id == one:
            raise ZeroDivisionError
        return celebrate_birthday(work, member_id, day=day)

    with monkeypatch.context() as broken:
        broken.setattr("handlers.jobs.night.nightly.celebrate_birthday", fails_for_one)
        assert _night(cafe, date(2026, 2, 1))
    assert "birthday" not in cafe.member(one).facts.counts
    assert cafe.member(other).facts.counts["birthday"] == 1
    _night(cafe, date(2026, 2, 2))
    assert cafe.member(one).facts.counts["birthday"] == 1
    assert cafe.member(other).facts.counts["birthday"] == 1


def test_a_failed_anniversary_is_made_good_the_next_night(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe.clock.set(datetime(2025, 2, 1, 3, tzinfo=UTC))
    member = cafe.joins()
    _night(cafe, date(2026, 1, 31))
    with monkeypatch.context() as broken:
        broken.setattr("handlers.jobs.night.nightly.celebrate_anniversary", lambda *_, **__: 1 // 0)
        assert _night(cafe, date(2026, 2, 1))
    assert "anniversary" not in cafe.member(member).facts.counts
    _night(cafe, date(2026, 2, 2))
    assert cafe.history(member)[-1].activity.day == date(2026, 2, 1)


def test_old_events_are_emptied_and_open_ones_kept(cafe: SmallClub) -> None:
    events = [ArrivedEvent(f"e{n}", USER, '{"text": "私の言葉"}') for n in range(3)]
    with cafe.store.begin() as uow:
        webhook_events.store(uow, events, at=cafe.now)
        webhook_events.close(uow, "e0")
        webhook_events.put_aside(uow, "e1", "Trouble")
    _night(cafe, date(2026, 2, 20))
    with cafe.store.begin() as uow:
        (left,) = webhook_events.claim(uow, now=cafe.now, lease=timedelta(1), limit=9)
        assert (left.event_id, left.body) == ("e2", '{"text": "私の言葉"}')
        assert _bodies(cafe) == {"e0": "{}", "e1": "{}", "e2": left.body}


def test_a_backlog_is_emptied_in_pages(cafe: SmallClub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two of them others write."""
    monkeypatch.setattr(prune, "CHUNK", 2)
    events = [ArrivedEvent(f"e{n}", USER, '{"text": "私の言葉"}') for n in range(7)]
    with cafe.store.begin() as uow:
        webhook_events.store(uow, events, at=cafe.now)
        for n in range(7):
            webhook_events.close(uow, f"e{n}")
    wrote: list[int] = []
    begin = cafe.store.begin

    def counted(**how: Any) -> Any:
        wrote.append(len(wrote))
        return begin(**how)

    monkeypatch.setattr(cafe.store, "begin", counted)
    later = cafe.now + timedelta(days=31)
    assert prune.prune(cafe.store, now=later, wall=later, most=99)["webhook_events_emptied"] == 7
    assert len(wrote) == 4
    assert set(_bodies(cafe).values()) == {"{}"}


def _bodies(cafe: SmallClub) -> dict[str, str]:
    with cafe.store.read() as uow:
        rows = uow.run(select(events_kept.c.event_id, events_kept.c.body))
        return {row.event_id: row.body for row in rows}


def test_one_who_cannot_be_made_searchable_keeps_nobody_else_from_it(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    members_ = [cafe.joins() for _ in range(3)]
    with cafe.store.begin() as uow:
        uow.run(delete(search_terms))
    refresh = profiles.refresh

    def fails_for_one(uow: UnitOfWork, member_id: int) -> None:
        if member_id == members_[1]:
            raise ValueError("a row that can't be read")
        refresh(uow, member_id)

    monkeypatch.setattr(profiles, "refresh", fails_for_one)
    _night(cafe, date(2026, 2, 20))
    with cafe.store.read() as uow:
        assert unsearchable(uow, limit=9) == [members_[1]]


@pytest.mark.parametrize(
    ("day", "joined"),
    [
        (date(2026, 3, 1), {date(2025, 3, 1), date(2025, 2, 28), date(2024, 2, 29)}),
        (date(2028, 2, 29), {date(2024, 2, 29)}),
        (date(2026, 2, 28), {date(2025, 2, 28)}),
    ],
)
def test_a_leap_days_anniversary_comes_every_year(day: date, joined: set[date]) -> None:
    found = set(nightly._same_day_in_earlier_years(day, date(2015, 7, 1)))
    assert joined <= found
    assert all((d.month, d.day) in {(day.month, day.day), (2, 28), (2, 29)} for d in found)


def test_the_night_ends_where_members_have_nothing_to_be_found_by(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.jobs.night.nightly.SEARCHABLE_AT_ONCE", 2)
    nobody = [cafe.joins() for _ in range(5)]
    somebody = cafe.joins(USER)
    with cafe.store.begin() as uow:
        uow.run(search_terms.delete())
        uow.run(codes.delete().where(codes.c.member_id.in_(nobody)))
        uow.run(members_table.update().where(members_table.c.id.in_(nobody)).values(number=""))
    assert _night(cafe, date(2026, 2, 1))
    with cafe.store.read() as uow:
        found = uow.run(select(search_terms.c.member_id).distinct()).scalars().all()
    assert found == [somebody]


def test_who_holds_a_rank_that_was_taken_out_is_placed_in_the_night_and_told(
    cafe: SmallClub,
) -> None:
    silver, bronze, away = cafe.joins(USER), cafe.joins(), cafe.joins()
    for n in range(6):
        _begins(cafe, date(2026, 1, 6) + timedelta(days=n))
        cafe.visits(silver, by="member")
        if n < 3:
            cafe.visits(bronze)
    assert _night(cafe, date(2026, 1, 12))
    assert cafe.member(silver).facts.rank.id == "silver"
    cafe.publishes(CAFE.replace('"silver"', '"platinum"'))
    # Whoever looks sees it already, and what is stored follows in the night.
    with cafe.club.reading() as work:
        assert work.settled_to(cafe.member(silver), date(2026, 1, 13))[0].rank.id == "platinum"
    told = _queued(cafe)
    assert _night(cafe, date(2026, 1, 13))
    ranks = [cafe.member(each).facts.rank.id for each in (silver, bronze, away)]
    assert ranks == ["platinum", "bronze", None]
    assert (_queued(cafe) - told)["rank"] == 1
    with cafe.store.read() as uow:
        stored = uow.run(select(members_table.c.rank).order_by(members_table.c.id)).scalars().all()
    assert stored == ranks
    cafe.visits(silver)
    assert cafe.differences(silver, bronze, away) == []


def test_a_page_of_members_is_read_at_once_and_judged_in_one_transaction(cafe: SmallClub) -> None:
    everybody = [_bronze(cafe, f"U{n:032}") for n in range(5)]
    _begins(cafe, date(2026, 1, 26))
    night = nightly.due_night(cafe.club)
    assert night is not None
    with counting(cafe.store) as counted:
        night.parts()["settle"]()
    assert counted.transactions == 2
    # Found, read with their rows, and written.
    written = [ran for ran in counted.statements if ran.sql.startswith(("UPDATE members", "WITH"))]
    assert len(counted.statements) - len(written) == 2
    assert 1 <= len(written) <= len(everybody)
    assert counted.counts().facts_parsed == len(everybody)
    settled = [cafe.member(each).facts.settled for each in everybody]
    assert set(settled) == {date(2026, 1, 26)}


def test_whose_rank_is_safe_is_only_read(cafe: SmallClub) -> None:
    for n in range(5):
        _bronze(cafe, f"U{n:032}")
    _begins(cafe, date(2026, 1, 28))
    _only_reads(cafe, "rank_warning")


def test_whose_points_stay_is_only_read(cafe: SmallClub) -> None:
    cafe.publishes(
        CAFE.replace(
            'expiry = { kind = "inactivity", months = 12, warn_days = [60, 14] }',
            'expiry = { kind = "inactivity", months = 3, warn_days = [60, 14] }',
        )
    )
    cafe.passes(days=1)
    for _ in range(5):
        cafe.visits(cafe.joins())
    # In a few days they will hear of it.
    _begins(cafe, cafe.member(1).facts.active_on + timedelta(days=29))
    _only_reads(cafe, "expiry")


def _only_reads(cafe: SmallClub, part: str) -> None:
    """Nobody's row is held, and all are looked at in the statements that one would take."""
    night = nightly.due_night(cafe.club)
    assert night is not None
    with counting(cafe.store) as counted:
        night.parts()[part]()
    assert counted.counts().facts_parsed == 5
    assert len(counted.statements) <= 3
    assert not [ran for ran in counted.statements if "UPDATE" in ran.sql]


def test_a_row_that_cannot_be_read_keeps_nobody_else_from_a_warning(
    cafe: SmallClub,
) -> None:
    for n in range(3):
        _bronze(cafe, f"U{n:032}")
    with cafe.store.begin() as uow:
        uow.run(members_table.update().where(members_table.c.id == 2).values(facts="{"))
    # The second month without enough visits would cost the rank.
    _begins(cafe, date(2026, 3, 28))
    night = nightly.due_night(cafe.club)
    assert night is not None
    night.parts()["rank_warning"]()
    assert _queued(cafe)["rank_at_risk"] == 2


def test_how_those_who_are_warned_can_be_written_to_is_asked_once_for_a_page(
    cafe: SmallClub,
) -> None:
    for n in range(5):
        _bronze(cafe, f"U{n:032}")
    _begins(cafe, date(2026, 3, 28))
    night = nightly.due_night(cafe.club)
    assert night is not None
    with counting(cafe.store) as counted:
        night.parts()["rank_warning"]()
    assert _queued(cafe)["rank_at_risk"] == 5
    assert counted.counts().accounts == 1
    # Found, looked through, held with how they can be written to, and a message for each.
    assert counted.queries <= 10


def test_two_pages_are_judged_at_a_time_where_not_everybody_writes_in_turn(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [_bronze(cafe, f"U{number:032x}") for number in range(4)]
    monkeypatch.setattr("handlers.jobs.night.nightly.TOGETHER", 1)
    monkeypatch.setattr("handlers.jobs.night.nightly.TOGETHER_ON_POSTGRESQL", 1)
    at_a_time = 1 if cafe.store.is_sqlite else 2
    meeting, judged = Barrier(at_a_time), []

    def meets(work: Work, member_id: int, *, day: date) -> None:
        meeting.wait(SECONDS_MAX)
        judged.append(member_id)

    monkeypatch.setattr("handlers.jobs.night.nightly.settle", meets)
    assert _night(cafe, date(2026, 2, 2))
    assert sorted(judged) == sorted(members)
