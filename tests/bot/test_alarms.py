import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot.alarms import Alarms
from tests.bot.ears import Ears, listening


@pytest.fixture
def ears() -> Iterator[Ears]:
    with listening() as ears:
        yield ears


def test_people_are_told_by_whatever_way_apprise_knows(ears: Ears) -> None:
    alarms = Alarms((SecretStr(ears.people),))
    assert alarms.tell("件名", "本文").by_all
    [said] = ears.told
    assert (said["title"], said["message"]) == ("件名", "本文")


def test_the_check_is_asked_for_and_followed_nowhere_else(ears: Ears) -> None:
    alarms = Alarms(check=SecretStr(ears.check))
    assert alarms.ping()
    ears.status = 302
    assert not alarms.ping()
    assert ears.pinged == 2


def _loud(caplog: pytest.LogCaptureFixture) -> str:
    """What an installation's log shows of any library."""
    return "\n".join(each.getMessage() for each in caplog.records if each.levelno >= logging.INFO)


@pytest.mark.parametrize("status", [404, 500])
def test_who_is_not_reached_is_told_to_the_log_without_an_address(
    ears: Ears,
    status: int,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    ears.status = status
    alarms = Alarms((SecretStr(ears.people),), SecretStr(ears.check))
    assert not alarms.tell("件名", "本文").by_any
    assert not alarms.ping()
    said = "".join(capsys.readouterr()) + _loud(caplog)
    assert "alarm_not_told" in said
    assert "ping_failed" in said
    assert "secret-path" not in said


def test_a_way_that_apprise_does_not_know_is_said_by_its_place(
    ears: Ears, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    odd = ("pigeon://secret-path@roof", "slack://secret-path")
    alarms = Alarms(tuple(map(SecretStr, (odd[0], ears.people, odd[1]))))
    told = alarms.tell("件名", "本文")
    assert (told.by_all, told.by_any) == (False, True)
    assert len(ears.told) == 1, "the others are told all the same"
    said = "".join(capsys.readouterr()) + _loud(caplog)
    assert said.count("alarm_address_unknown") == 2
    assert "number=3" in said
    assert "secret-path" not in said


def test_with_nobody_to_tell_all_are_told() -> None:
    nobody = Alarms().tell("件名", "本文")
    assert nobody.by_all
    assert nobody.by_any
    assert Alarms().ping()
    assert not Alarms(check=SecretStr("http://127.0.0.1:9/nobody")).ping()
