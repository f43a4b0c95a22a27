"""A "no" in the chat says well when it turns into a yes."""

from datetime import timedelta

import pytest

from .conftest import World, words


@pytest.mark.parametrize(
    ("local_hour", "again"),
    [(12, "あすから"), (1, "きょうの4:00から")],
)
def test_the_moment_is_said_by_the_calendar_people_live_by(
    world: World, local_hour: int, again: str
) -> None:
    person = world.member()
    here = world.club.timeline().latest.programme.shop.local(world.now())
    world.travel(timedelta(hours=(local_hour - here.hour) % 24 + 24))
    person.check_in()
    assert again in words(person.check_in())
