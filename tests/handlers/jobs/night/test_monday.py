"""Monday's five lines: told once a week, by whichever process, in the owner's language."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.alarms import Alarms
from bot.store.finding import ticks
from bot.store.staff import staff
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.night import nightly
from handlers.jobs.night.monday import MORNING, MondayTelling
from handlers.showing.monday import NIGHT_LATE_AFTER
from rules.wording.texts import say
from tests.bot.ears import Ears, listening
from tests.handlers.clubs import SmallClub

DAY = timedelta(days=1)


@pytest.fixture
def ears() -> Iterator[Ears]:
    with listening() as ears:
        yield ears


@pytest.fixture
def clockwork(cafe: SmallClub, ears: Ears) -> Clockwork:
    return made(cafe, ears)


def made(cafe: SmallClub, ears: Ears) -> Clockwork:
    return Clockwork(cafe.club, alarms=Alarms((SecretStr(ears.people),)))


def owner(cafe: SmallClub, login: str, language: str) -> None:
    with cafe.store.begin() as uow:
        staff.add(
            uow, login=login, name=login, role="owner", store=None,
            language="en" if language == "en" else "ja", at=cafe.now,
        )  # fmt: skip


def at_monday(cafe: SmallClub, **after: float) -> None:
    """So long after seven in the morning of the next Monday."""
    shop = cafe.club.timeline().at(cafe.now).programme.shop
    day = shop.business_date(cafe.now)
    ahead = (7 - day.weekday()) % 7 or 7
    at = datetime.combine(day + ahead * DAY, MORNING, tzinfo=shop.zone)
    cafe.clock.set(at + timedelta(**after))


def test_five_lines_are_told_once_on_monday_morning_and_name_nobody(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears
) -> None:
    owner(cafe, "boss", "ja")
    cafe.visits(cafe.joins("U1"))
    at_monday(cafe, minutes=-5)
    clockwork.tick()
    assert ears.told == []
    at_monday(cafe, days=-7)
    clockwork.tick()
    [told] = ears.told
    lines = told["message"].splitlines()
    assert [line[:3] for line in lines[:5]] == ["1. ", "2. ", "3. ", "4. ", "5. "]
    assert "https://kayoi.example/owner/" in told["message"]
    assert "さくら" not in told["message"]
    assert "Visits" not in told["message"]
    clockwork.tick()
    # Nor again by a process that comes after it, nor later in the week.
    made(cafe, ears).tick()
    cafe.passes(days=1)
    made(cafe, ears).tick()
    assert len(ears.told) == 1
    at_monday(cafe)
    clockwork.tick()
    assert len(ears.told) == 2


def test_they_come_in_the_language_that_the_owners_chose(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears
) -> None:
    owner(cafe, "boss", "en")
    cafe.visits(cafe.joins())
    at_monday(cafe)
    clockwork.tick()
    assert "Visits in four weeks" in ears.told[0]["message"]
    assert "4週間" not in ears.told[0]["message"]
    owner(cafe, "aoi", "ja")
    at_monday(cafe)
    clockwork.tick()
    assert "4週間" in ears.told[1]["message"]
    assert "Visits in four weeks" in ears.told[1]["message"]


def test_where_nobody_heard_it_is_tried_again(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears
) -> None:
    cafe.visits(cafe.joins())
    at_monday(cafe)
    ears.status = 500
    clockwork.tick()
    tried = len(ears.told)
    clockwork.tick()
    assert len(ears.told) == tried
    ears.status = 200
    cafe.passes(minutes=11)
    clockwork.tick()
    assert len(ears.told) == tried + 1
    made(cafe, ears).tick()
    assert len(ears.told) == tried + 1


def test_a_monday_that_was_missed_is_told_on_tuesday_and_not_on_wednesday(
    cafe: SmallClub, ears: Ears
) -> None:
    cafe.visits(cafe.joins())
    at_monday(cafe, days=2)
    made(cafe, ears).tick()
    assert ears.told == []
    at_monday(cafe, days=1)
    made(cafe, ears).tick()
    assert len(ears.told) == 1


def test_a_night_that_failed_keeps_nobody_from_hearing_and_is_told_first(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe.visits(cafe.joins())
    at_monday(cafe, days=-1)
    clockwork.tick()

    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(nightly, "audit_slice", fails)
    at_monday(cafe)
    with pytest.raises(ZeroDivisionError):
        clockwork.tick()
    mondays = [each for each in ears.told if "/owner/" in each["message"]]
    assert mondays == []
    cafe.clock.set(cafe.now + NIGHT_LATE_AFTER)
    with pytest.raises(ZeroDivisionError):
        clockwork.tick()
    [told] = [each for each in ears.told if "/owner/" in each["message"]]
    assert say("ja", "owner.monday.matter.night") in told["message"].splitlines()[0]


def test_a_club_without_members_tells_nobody(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears
) -> None:
    at_monday(cafe)
    clockwork.tick()
    assert ears.told == []


def test_what_cannot_be_noted_is_told_once_all_the_same(
    cafe: SmallClub, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe.visits(cafe.joins())
    at_monday(cafe)

    def full(*_: object, **__: object) -> None:
        raise OSError

    telling = MondayTelling(cafe.club, Alarms((SecretStr(ears.people),)))
    nightly.run_if_due(cafe.club)
    with monkeypatch.context() as patch:
        patch.setattr(ticks, "mark_tick", full)
        for _ in range(3):
            telling.follow()
            cafe.passes(minutes=11)
    telling.follow()
    assert len(ears.told) == 1
