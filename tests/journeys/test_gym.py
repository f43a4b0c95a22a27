"""The gym: beacons at the door, streaks of weeks, ranks over a rolling window, no purchases."""

import re
from datetime import timedelta

import pytest

from rules.base import Lang
from rules.shop import days
from tests.journeys.surfaces import EVERYTHING
from tests.journeys.town import Town
from tests.rules.wording.test_terms import CAFES, SHOP

#: What somebody may ask for in the chat.
ASKED = (*EVERYTHING, "earn", "profile", "help", "check_in_how", "referral", "topics", "birthday")


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


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_nothing_that_is_said_there_has_a_cafes_words(gym: Town, lang: Lang) -> None:
    taro = gym.newcomer("Taro")
    said = [taro.follows().text, taro.taps(f"do=language&to={lang}").text]
    said += [taro.passes_beacon(_beacon(gym)).text, *(taro.taps(f"do={it}").text for it in ASKED)]
    if lang == "ja":
        asked = {"マイル": "マイル", "マイルの貯め方": "マイルの貯め方", "マイルいつまで": "マイル"}
        for text, title in asked.items():
            said.append(taro.writes(text).text)
            assert re.match(rf"{title}\s", said[-1]), (text, said[-1])
    whole = "\n".join(said[2:])
    assert len(whole) > 1500
    for pattern in (CAFES[lang], SHOP[lang]):
        assert not pattern.search(whole), pattern.findall(whole)
