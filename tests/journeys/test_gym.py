"""The gym: beacons at the door, streaks of weeks, ranks over a rolling window, no purchases."""

from datetime import timedelta

from rules.shop import days
from tests.journeys.town import Town


def _beacon(town: Town) -> str:
    stores = town.club.timeline().latest.programme.stores
    return next(hwid for store in stores for hwid in store.beacons)


def test_walking_past_the_beacon_counts_as_a_visit(gym: Town) -> None:
    taro = gym.newcomer("太郎")
    taro.follows()
    said = taro.passes_beacon(_beacon(gym))
    assert "来館" in said
    assert taro.member.facts.visits == 1


def test_a_beacon_of_somebody_else_s_counts_for_nothing(gym: Town) -> None:
    taro = gym.newcomer()
    taro.follows()
    taro.passes_beacon("ffffffffff")
    assert taro.member.facts.visits == 0


def test_a_regular_climbs_the_ladder_and_keeps_a_streak(gym: Town) -> None:
    taro = gym.newcomer()
    taro.follows()
    programme = gym.club.timeline().latest.programme
    assert programme.ranks is not None
    start = gym.today()
    weeks = 5
    for day in days(start, start + timedelta(weeks=weeks)):
        if day.weekday() in (0, 2, 5) and programme.shop.is_open(day):
            gym.travels_to_day(day)
            taro.passes_beacon(_beacon(gym))
    facts = taro.member.facts
    assert facts.rank.id in {step.id for step in programme.ranks.steps}
    assert max(state.best for state in facts.streaks.values()) >= weeks - 1
    assert facts.badges
    assert gym.adds_up()
