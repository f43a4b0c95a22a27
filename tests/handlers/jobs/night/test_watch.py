"""Who hears how the night went: a check when it ended well, people when it didn't."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.alarms import Alarms
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.night import nightly
from handlers.jobs.night.watch import LATE_AFTER, NightWatch
from tests.bot.ears import Ears, listening
from tests.handlers.clubs import SmallClub


@pytest.fixture
def ears() -> Iterator[Ears]:
    with listening() as ears:
        yield ears


@pytest.fixture
def clockwork(cafe: SmallClub, ears: Ears) -> Clockwork:
    return Clockwork(cafe.club, alarms=Alarms((SecretStr(ears.people),), SecretStr(ears.check)))


def night(cafe: SmallClub, *, after: timedelta = timedelta(0)) -> None:
    """So long after the next night's work is due."""
    programme = cafe.club.timeline().at(cafe.now).programme
    cafe.clock.set(nightly.next_run(programme, cafe.now) + after)


def ticks(clockwork: Clockwork, *, fails: bool = False) -> None:
    for _ in range(2):
        if fails:
            with pytest.raises(ZeroDivisionError):
                clockwork.tick()
        else:
            clockwork.tick()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A night whose work fails, until it is undone."""

    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(nightly, "audit_slice", fails)
    return monkeypatch


def test_a_good_night_is_said_to_the_check_once(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears
) -> None:
    night(cafe)
    ticks(clockwork)
    assert (ears.pinged, ears.told) == (1, [])
    # Nor again by a process that comes after it.
    ticks(Clockwork(cafe.club, alarms=Alarms(check=SecretStr(ears.check))))
    assert ears.pinged == 1
    night(cafe)
    ticks(clockwork)
    assert ears.pinged == 2


def test_a_check_that_does_not_hear_is_told_later(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears
) -> None:
    ears.status = 500
    night(cafe)
    ticks(clockwork)
    assert ears.pinged == 1
    ears.status = 200
    cafe.clock.set(cafe.now + timedelta(minutes=11))
    ticks(clockwork)
    ticks(clockwork)
    assert ears.pinged == 2


def test_a_night_that_fails_is_told_within_the_hour_and_once(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears, broken: pytest.MonkeyPatch
) -> None:
    night(cafe)
    ticks(clockwork, fails=True)
    assert (ears.pinged, ears.told) == (0, [])
    night(cafe, after=-timedelta(days=1) + LATE_AFTER)
    ticks(clockwork, fails=True)
    [told] = ears.told
    assert timedelta(hours=1) > LATE_AFTER
    assert "夜の処理" in told["message"]
    assert "The night's work" in told["message"]
    assert "/readyz" in told["message"]
    ticks(clockwork, fails=True)
    assert len(ears.told) == 1
    assert ears.pinged == 0


def test_that_it_was_caught_up_is_told_to_those_who_were_alarmed(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears, broken: pytest.MonkeyPatch
) -> None:
    night(cafe, after=LATE_AFTER)
    ticks(clockwork, fails=True)
    broken.undo()
    ticks(clockwork)
    assert len(ears.told) == 2
    assert "遅れて終わりました" in ears.told[1]["message"]
    assert ears.pinged == 1


def test_a_check_that_does_not_hear_has_nobody_told_again(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears, broken: pytest.MonkeyPatch
) -> None:
    night(cafe, after=LATE_AFTER)
    ticks(clockwork, fails=True)
    broken.undo()
    ears.check_status = 500
    for pinged in (1, 2, 3):
        ticks(clockwork)
        assert (len(ears.told), ears.pinged) == (2, pinged)
        cafe.clock.set(cafe.now + timedelta(minutes=11))
    ears.check_status = 200
    ticks(clockwork)
    ticks(Clockwork(cafe.club, alarms=Alarms((SecretStr(ears.people),), SecretStr(ears.check))))
    assert (len(ears.told), ears.pinged) == (2, 4)


def test_what_cannot_be_noted_is_told_once_all_the_same(
    cafe: SmallClub, clockwork: Clockwork, ears: Ears, broken: pytest.MonkeyPatch
) -> None:
    """Where the disk is full the night's work fails, and so does noting that people know."""

    def full(*_: object, **__: object) -> None:
        raise OSError

    night(cafe, after=LATE_AFTER)
    with broken.context() as patch:
        patch.setattr(NightWatch, "_mark", full)
        for _ in range(3):
            ticks(clockwork, fails=True)
            cafe.clock.set(cafe.now + timedelta(minutes=11))
    assert len(ears.told) == 1
    ticks(clockwork, fails=True)
    assert len(ears.told) == 1


def test_one_way_that_fails_has_nobody_told_again(
    cafe: SmallClub, ears: Ears, broken: pytest.MonkeyPatch
) -> None:
    clockwork = Clockwork(
        cafe.club, alarms=Alarms((SecretStr("pigeon://roof"), SecretStr(ears.people)))
    )
    night(cafe, after=LATE_AFTER)
    for _ in range(3):
        ticks(clockwork, fails=True)
        cafe.clock.set(cafe.now + timedelta(minutes=11))
    assert len(ears.told) == 1


def test_who_cannot_be_told_keeps_nobody_from_the_nights_work(cafe: SmallClub, ears: Ears) -> None:
    nobody = SecretStr("http://127.0.0.1:9/nobody")
    clockwork = Clockwork(cafe.club, alarms=Alarms((SecretStr("pigeon://roof"),), nobody))
    night(cafe)
    ticks(clockwork)
    day = cafe.club.timeline().at(cafe.now).programme.shop.business_date(cafe.now)
    with cafe.store.read() as uow:
        assert nightly.is_done(uow, day)
