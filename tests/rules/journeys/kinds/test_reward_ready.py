"""Which rewards lie ready."""

from dataclasses import replace

from rules.journeys.member import Background
from rules.programme.rewards import Withheld
from tests.rules.journeys.people import CLUB, due_to, why_not


def test_a_reward_that_is_out_of_stock_is_not_ready() -> None:
    person = replace(
        due_to("reward_ready", CLUB), background=Background(withheld=Withheld({"cake": 0}))
    )
    assert why_not(CLUB, "reward_ready", person) == "no_reward_ready"
