from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from bot.store.history import history
from bot.store.members import members
from bot.store.tables import members as rows
from bot.store.tables import outbox
from handlers.actions.calendar.settle import settle, warn_of_rank
from rules.programme.ranks import RankChange
from tests.handlers.clubs import SmallClub

USER = "U" + "1" * 32


def _bronze(cafe: SmallClub) -> int:
    member = cafe.joins(USER)
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member)
    assert cafe.member(member).facts.rank.id == "bronze"
    return member


def _begins(cafe: SmallClub, day: date) -> None:
    shop = cafe.timeline.latest.programme.shop
    cafe.clock.set(shop.opens(day) + timedelta(minutes=5))


def _settles(cafe: SmallClub, member: int, day: date) -> tuple[RankChange, ...]:
    _begins(cafe, day)
    with cafe.work() as work:
        changes = settle(work, member, day=day)
    assert cafe.differences(member) == []
    return changes


def _queued(cafe: SmallClub) -> int:
    """How many messages about a rank that goes, or went, are waiting."""
    of_ranks = outbox.c.journey.in_(["rank", "rank_at_risk"])
    with cafe.store.read() as uow:
        return len(uow.run(select(outbox).where(of_ranks, outbox.c.status == "queued")).all())


def test_a_rank_goes_after_a_short_month_of_grace_and_another(cafe: SmallClub) -> None:
    member = _bronze(cafe)
    assert _settles(cafe, member, date(2026, 2, 1)) == ()
    assert _settles(cafe, member, date(2026, 3, 1)) == ()
    assert cafe.member(member).facts.rank.short == 1
    (change,) = _settles(cafe, member, date(2026, 4, 1))
    assert (change.before, change.after, change.on) == ("bronze", None, date(2026, 4, 1))
    assert _queued(cafe) == 1
    assert _settles(cafe, member, date(2026, 4, 1)) == ()
    assert _queued(cafe) == 1


def test_one_visit_revives_a_lost_rank(cafe: SmallClub) -> None:
    member = _bronze(cafe)
    _settles(cafe, member, date(2026, 4, 1))
    cafe.passes(days=3)
    (change,) = cafe.visits(member).rank_changes
    assert (change.after, change.reason) == ("bronze", "revived")
    with cafe.store.read() as uow:
        assert [c.after for c in history.rank_history(uow, member)] == ["bronze", None, "bronze"]


def test_a_visit_settles_what_the_nights_did_not(cafe: SmallClub) -> None:
    member = _bronze(cafe)
    _begins(cafe, date(2026, 4, 3))
    reasons = [change.reason for change in cafe.visits(member).rank_changes]
    assert reasons == ["short", "revived"]
    assert cafe.differences(member) == []


def test_what_happened_long_ago_is_no_news(cafe: SmallClub) -> None:
    member = _bronze(cafe)
    assert _settles(cafe, member, date(2026, 4, 20)) != ()
    assert _queued(cafe) == 0


def test_a_warning_comes_in_the_last_week_of_the_month_that_would_cost_the_rank(
    cafe: SmallClub,
) -> None:
    member = _bronze(cafe)

    def warned(day: date) -> bool:
        _begins(cafe, day)
        with cafe.work() as work:
            return warn_of_rank(work, member, day=day)

    assert not warned(date(2026, 2, 27))  # the month of grace
    assert not warned(date(2026, 3, 24))
    assert warned(date(2026, 3, 25))
    assert not warned(date(2026, 3, 26))  # once a month
    assert _queued(cafe) == 1


def test_a_member_is_looked_at_only_while_something_can_be_lost(cafe: SmallClub) -> None:
    from bot.store.finding.due_members import settling
    from bot.store.members.crowds import forget

    member, idle = _bronze(cafe), cafe.joins()
    assert list(settling(cafe.store, day=date(2026, 2, 1))) == [member]
    assert idle not in settling(cafe.store, day=date(2027, 1, 1))
    with cafe.store.begin() as uow:
        locked = members.lock(uow, member)
        forget(uow, [locked], cafe.club.foresight(), at=datetime.now().astimezone())
    assert list(settling(cafe.store, day=date(2027, 1, 1))) == []


def test_only_who_takes_a_step_is_counted_anew(cafe: SmallClub) -> None:
    member = _bronze(cafe)
    assert _is_counted_anew(cafe, member)
    for first, steps in ((date(2026, 2, 1), 0), (date(2026, 3, 1), 0), (date(2026, 4, 1), 1)):
        with cafe.store.begin() as uow:
            uow.run(update(rows).values(figures_due=False))
        assert len(_settles(cafe, member, first)) == steps
        assert _is_counted_anew(cafe, member) == bool(steps)


def test_who_lived_and_is_judged_before_they_are_counted_is_still_counted(cafe: SmallClub) -> None:
    member = _bronze(cafe)
    assert _settles(cafe, member, date(2026, 2, 1)) == ()
    assert _is_counted_anew(cafe, member)


def test_who_took_no_step_drifts_on_the_day_that_was_known(cafe: SmallClub) -> None:
    member = _bronze(cafe)
    noted = date(2099, 1, 1)
    with cafe.store.begin() as uow:
        uow.run(update(rows).values(drift_on=noted))
    _begins(cafe, date(2026, 2, 1))
    with cafe.work() as work:
        assert settle(work, member, day=date(2026, 2, 1)) == ()
    assert _drifts_on(cafe, member) == noted
    cafe.visits(member)
    assert _drifts_on(cafe, member) < noted


def test_who_lived_in_the_same_transaction_is_counted_though_they_are_judged_last(
    cafe: SmallClub,
) -> None:
    member, noted = _bronze(cafe), date(2099, 1, 1)
    with cafe.store.begin() as uow:
        uow.run(update(rows).values(figures_due=False, drift_on=noted))
    with cafe.work() as work:
        members.save(work.uow, members.lock(work.uow, member), work.foresight)
        assert settle(work, member, day=date(2026, 2, 1)) == ()
    assert _is_counted_anew(cafe, member)
    assert _drifts_on(cafe, member) < noted


def _drifts_on(cafe: SmallClub, member: int) -> date:
    with cafe.store.read() as uow:
        day: date = uow.run(select(rows.c.drift_on).where(rows.c.id == member)).scalar_one()
    return day


def _is_counted_anew(cafe: SmallClub, member: int) -> bool:
    with cafe.store.read() as uow:
        return bool(uow.run(select(rows.c.figures_due).where(rows.c.id == member)).scalar_one())
