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
    assert alarms.tell("件名", "本文")
    [said] = ears.told
    assert (said["title"], said["message"]) == ("件名", "本文")


def test_the_check_is_asked_for_and_followed_nowhere_else(ears: Ears) -> None:
    alarms = Alarms(check=SecretStr(ears.check))
    assert alarms.ping()
    ears.status = 302
    assert not alarms.ping()
    assert ears.pinged == 2


@pytest.mark.parametrize("status", [404, 500])
def test_who_is_not_reached_is_told_to_the_log_without_an_address(
    ears: Ears, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ears.status = status
    alarms = Alarms((SecretStr(ears.people),), SecretStr(ears.check))
    assert not alarms.tell("件名", "本文")
    assert not alarms.ping()
    said = "".join(capsys.readouterr())
    assert "alarm_not_told" in said
    assert "ping_failed" in said
    assert "secret-path" not in said


def test_a_way_that_apprise_does_not_know_is_said_by_its_place(
    ears: Ears, capsys: pytest.CaptureFixture[str]
) -> None:
    alarms = Alarms((SecretStr(ears.people), SecretStr("pigeon://secret-path@roof")))
    assert not alarms.tell("件名", "本文")
    assert len(ears.told) == 1, "the others are told all the same"
    said = "".join(capsys.readouterr())
    assert "alarm_address_unknown" in said
    assert "secret-path" not in said


def test_with_nobody_to_tell_all_are_told() -> None:
    assert Alarms().tell("件名", "本文")
    assert Alarms().ping()
    assert not Alarms(check=SecretStr("http://127.0.0.1:9/nobody")).ping()
