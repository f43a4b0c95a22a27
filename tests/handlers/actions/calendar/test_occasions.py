from datetime import date, datetime, timedelta

from handlers.actions.calendar.occasions import celebrate_anniversary, celebrate_birthday
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.outcome import Outcome
from rules.facts import Birthday
from rules.programme.earning import Grant
from tests.handlers.clubs import SmallClub


def _born(cafe: SmallClub, month: int) -> int:
    member = cafe.joins()
    with cafe.work() as work:
        tell_birthday(
            work.acting("member").under("b"),
            ToldBirthday(member, Birthday(month, 12, 1990), work.now),
        )
    return member


def _birthday(cafe: SmallClub, member: int, day: date) -> Outcome | None:
    with cafe.work() as work:
        outcome = celebrate_birthday(work, member, day=day)
    assert cafe.differences(member) == []
    return outcome


def _at(cafe: SmallClub, day: date) -> None:
    shop = cafe.timeline.latest.programme.shop
    cafe.clock.set(shop.opens(day) + timedelta(minutes=5))


def test_a_birth_month_is_celebrated_once_a_year(cafe: SmallClub) -> None:
    member = _born(cafe, 3)
    for year in (2026, 2027):
        _at(cafe, date(year, 2, 28))
        assert _birthday(cafe, member, date(year, 2, 28)) is None
        _at(cafe, date(year, 3, 1))
        outcome = _birthday(cafe, member, date(year, 3, 1))
        assert outcome is not None
        assert Grant("birthday", 100) in outcome.grants
        _at(cafe, date(year, 3, 2))
        assert _birthday(cafe, member, date(year, 3, 2)) is None


def test_a_december_made_good_in_january_leaves_the_next_december(cafe: SmallClub) -> None:
    member = _born(cafe, 12)
    _at(cafe, date(2027, 1, 2))
    missed = _birthday(cafe, member, date(2026, 12, 31))
    assert missed is not None
    assert missed.done
    _at(cafe, date(2027, 12, 1))
    outcome = _birthday(cafe, member, date(2027, 12, 1))
    assert outcome is not None
    assert outcome.done


def test_an_anniversary_is_celebrated_for_each_full_year(cafe: SmallClub) -> None:
    cafe.clock.set(datetime(2025, 1, 5, 3, tzinfo=cafe.now.tzinfo))
    member = cafe.joins()

    def celebrated(day: date) -> Outcome | None:
        _at(cafe, day)
        with cafe.work() as work:
            return celebrate_anniversary(work, member, day=day)

    assert celebrated(date(2026, 1, 4)) is None
    first = celebrated(date(2026, 1, 5))
    assert first is not None
    assert Grant("anniversary", 200) in first.grants
    assert celebrated(date(2026, 1, 5)) == first
    second = celebrated(date(2027, 1, 5))
    assert second is not None
    assert second != first
    assert cafe.differences(member) == []
