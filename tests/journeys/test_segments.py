"""What is for who is in a saved segment, as those and the others live it: nobody reads its name."""

from datetime import timedelta

from bot.store.messages import segments
from rules.broadcasts.broadcast import Whom
from tests.journeys.test_charity import publishes
from tests.journeys.test_events import does, joined, makes
from tests.journeys.town import Customer, Town
from tests.rules.examples import CAFE, changed

NAME = "離れそうで心配な方"


def saves(town: Town, slug: str = "worried") -> None:
    """Those who read English."""
    with town.club.store.begin() as uow:
        now = town.club.now()
        assert segments.add(uow, NAME, slug, Whom(languages=("en",)), by=None, at=now)


def in_english(town: Town, name: str) -> Customer:
    customer = town.newcomer(name, language="en")
    customer.follows()
    return customer


def test_an_event_of_a_segment_is_told_to_it_shown_to_it_and_kept_from_the_others(
    cafe: Town,
) -> None:
    anna, ken = in_english(cafe, "Anna"), joined(cafe, "けん")
    saves(cafe)
    cafe.travels(days=2)
    event = makes(cafe, places=5, guests="segments", segments=["worried"])
    does(cafe, event, "invite")
    cafe.travels(days=1)
    assert "Spring tasting" in anna.reads()
    assert "試食会" not in ken.reads()
    assert "試食会" not in ken.writes("イベント")
    no = ken.taps(f"do=event_join&of={event}&n=1")
    assert "一部の会員さまへのご案内です" in no
    shown = anna.taps(f"do=events&of={event}")
    assert "For some of our members." in shown
    assert "You have a place" in anna.taps(shown.data("do=event_join"))
    assert NAME not in "".join([no.text, shown.text])


def test_a_reward_opens_to_a_segment_first_and_the_others_read_until_when(cafe: Town) -> None:
    anna, ken = in_english(cafe, "Anna"), joined(cafe, "けん")
    saves(cafe)
    until = cafe.today() + timedelta(days=5)
    said = f'id = "cookie"\nfirst = {{ segments = ["worried"], until = {until} }}'
    publishes(cafe, changed(CAFE, ('id = "cookie"', said)))
    told = ken.writes("特典")
    assert "までは一部の会員さまに先行してご案内" in told
    assert NAME not in told.text
    assert "for everybody after that" in anna.writes("rewards"), "they read that it is theirs first"
    cafe.travels(days=6)
    assert "先行してご案内" not in ken.writes("特典")


def test_a_campaign_begins_for_a_segment_first(cafe: Town) -> None:
    anna, ken = in_english(cafe, "Anna"), joined(cafe, "けん")
    saves(cafe)
    day = cafe.today()
    campaign = f"""
[[campaigns]]
id = "spring"
name = {{ ja = "春のポイント祭り", en = "Spring points" }}
effect = {{ kind = "bonus", points = 5 }}
starts = {day}
first = {{ segments = ["worried"], until = {day + timedelta(days=9)} }}
"""
    publishes(cafe, CAFE + campaign)
    assert "Spring points" in anna.writes("today")
    assert "から：春のポイント祭り" in ken.writes("今日"), "for them it is still to come"
    before = [each.member.facts.balance for each in (anna, ken)]
    for each in (anna, ken):
        each.opens(cafe.counter_link())
    gained = [
        each.member.facts.balance - was for each, was in zip((anna, ken), before, strict=True)
    ]
    assert gained[0] == gained[1] + 5
    assert cafe.adds_up()
