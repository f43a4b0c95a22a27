"""Who is invited to the fan steps by a message."""

from dataclasses import replace

from rules.journeys.member import Background
from tests.rules.journeys.people import CLUB, due_to, why_not


def test_an_invitation_told_in_the_chat_is_not_sent_again() -> None:
    person = due_to("fan_steps", CLUB)
    told = replace(person, background=Background(told_steps=True))
    assert why_not(CLUB, "fan_steps", told) == "told_in_chat"
