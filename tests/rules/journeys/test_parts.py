"""What an offer, a step and an arm can be."""

import pytest
from pydantic import ValidationError

from rules.journeys.parts import Arm, JourneyOffer, RankText


@pytest.mark.parametrize("parts", [{}, {"points": 5, "reward": "gift"}, {"points": 0}])
def test_an_offer_is_of_one_thing(parts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        JourneyOffer.model_validate(parts)


def test_an_offer_is_good_for_a_month_unless_it_says_otherwise() -> None:
    assert JourneyOffer(points=5).valid_days == 30


def test_an_arm_takes_its_share_against_the_others_weights() -> None:
    assert Arm(id="a").weight == 1
    with pytest.raises(ValidationError):
        Arm(id="a", weight=0)


def test_words_for_ranks_name_one_at_least() -> None:
    with pytest.raises(ValidationError):
        RankText(ranks=())
