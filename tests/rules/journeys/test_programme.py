"""Which journeys a club sends: those it names, the six, and what is promised."""

import pytest

from rules.journeys.programme import journey_named, journeys_of
from rules.programme.programme import Programme
from tests.rules.journeys.people import CLUB, KINDS, everything

SIX = (
    "birthday", "lapsed", "one_short", "points_expiring", "first_visit", "reward_expiring",
)  # fmt: skip


def test_the_warnings_that_are_promised_are_always_there() -> None:
    nothing = everything().model_copy(update={"journeys": ()})
    assert [journey.kind for journey in journeys_of(nothing)] == ["points_expiring", "rank_at_risk"]
    assert len(journeys_of(CLUB)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_naming_one_takes_none_of_the_six_away(kind: str) -> None:
    kinds = [journey.kind for journey in journeys_of(everything({"kind": kind}))]
    assert sorted(kinds) == sorted({*SIX, kind, "rank_at_risk"})


def test_one_of_the_six_can_be_changed_or_switched_off() -> None:
    club = everything(
        {"kind": "lapsed", "id": "long_away", "steps": [{"days": 80}]},
        {"kind": "first_visit", "off": True},
        {"kind": "rhythm", "id": "birthday"},
    )
    assert sorted(journey.id for journey in journeys_of(club)) == [
        "birthday", "long_away", "one_short", "points_expiring", "rank_at_risk",
        "reward_expiring",
    ]  # fmt: skip
    assert journey_named(club, "first_visit") is None


def test_a_journey_is_found_by_its_name() -> None:
    found = journey_named(CLUB, "rhythm")
    assert found is not None
    assert found.kind == "rhythm"
    assert journey_named(CLUB, "dropped") is None


def test_a_programme_without_its_journeys_is_not_asked_for_them() -> None:
    parts = {name: getattr(CLUB, name) for name in Programme.model_fields}

    with pytest.raises(TypeError, match="without its journeys"):
        journeys_of(Programme.model_validate(parts))
