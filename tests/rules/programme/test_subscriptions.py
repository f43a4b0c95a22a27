"""Subscriptions (定期): a dated mark, what it brings, and that it ends when it ends."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from rules.activity import Activity, Delivered, PerkGiven, Subscribed, Unsubscribed
from rules.base import Refusal
from rules.explaining.explain import explain
from rules.explaining.explain_perks import counter_perks
from rules.explaining.explain_subscriptions import delivered_line, held_lines
from rules.facts import SubscriptionMark
from rules.judging.decide import Decision
from rules.judging.merging import absorb
from rules.judging.replay import RecordedActivity, replay_like
from rules.programme.ranks import Perk
from rules.programme.subscriptions import Subscription, held_on, of_line
from rules.wording.words import Words
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    becomes,
    club,
    does,
    fixed,
    joins,
    ladder,
    reward,
    rule,
    text,
    visits,
)

PRICE = {"name": text("定期の方は1割引"), "kind": "price", "percent": 10}


def plan(named: str = "rice", **more: object) -> Part:
    return {"id": named, "name": text("お米の定期便"), "perks": [PRICE], **more}


def subscribes(day: date, *, since: date | None = None, until: date | None = None) -> Activity:
    return does(Subscribed("rice", since, until), day, 10, by="staff")


def ends(day: date) -> Activity:
    return does(Unsubscribed("rice"), day, 11, by="member")


def arrives(day: date, hour: int = 12) -> Activity:
    return does(Delivered("rice", day), day, hour, by="staff")


def mail_order(**more: object) -> Life:
    return Life(club(subscriptions=[plan()], **more))


def names(life: Life, day: date) -> list[str]:
    words = Words(life.timeline.at(life.facts.last_at).programme, "ja")
    return [each.name for each in counter_perks(words, life.facts, day)]


def is_held(life: Life, day: date) -> bool:
    programme = life.timeline.at(life.facts.last_at).programme
    return bool(held_on(programme.subscriptions, life.facts, day))


def test_a_subscription_holds_from_its_first_day_to_its_last() -> None:
    life = mail_order()
    life.does(subscribes(JOINED, since=JOINED + 2 * DAY, until=JOINED + 5 * DAY))
    assert [is_held(life, JOINED + n * DAY) for n in range(8)] == [
        *(False, False, True, True, True, True, False, False)
    ]


def test_without_a_last_day_it_goes_on_until_it_is_ended_and_is_gone_at_once() -> None:
    life = mail_order()
    life.does(subscribes(JOINED))
    assert is_held(life, JOINED + 900 * DAY)
    life.does(ends(JOINED + 40 * DAY))
    assert is_held(life, JOINED + 39 * DAY)
    assert not is_held(life, JOINED + 40 * DAY)


def test_what_is_said_without_a_day_of_what_runs_leaves_its_first_day() -> None:
    life = mail_order()
    life.does(subscribes(JOINED, since=JOINED - 60 * DAY), subscribes(JOINED + 30 * DAY))
    assert life.facts.subscriptions["rice"].since == JOINED - 60 * DAY


def test_ended_and_begun_anew_it_is_counted_from_then() -> None:
    life = mail_order()
    life.does(subscribes(JOINED), ends(JOINED + 10 * DAY), subscribes(JOINED + 20 * DAY))
    assert life.facts.subscriptions["rice"].since == JOINED + 20 * DAY


def test_an_end_that_came_first_and_happened_later_counts() -> None:
    life = mail_order()
    life.does(ends(JOINED + 3 * DAY))
    late = [
        RecordedActivity(1, joins()),
        RecordedActivity(2, ends(JOINED + 3 * DAY)),
        RecordedActivity(3, subscribes(JOINED + DAY)),
    ]
    after = replay_like(life.timeline, late, life.facts).facts
    assert not after.subscriptions["rice"].holds_on(JOINED + 4 * DAY)
    assert after.subscriptions["rice"].holds_on(JOINED + 2 * DAY)


def test_an_end_before_its_first_day_leaves_nothing_of_it() -> None:
    life = mail_order()
    life.does(subscribes(JOINED, since=JOINED + 30 * DAY), ends(JOINED + DAY))
    assert not any(is_held(life, JOINED + n * DAY) for n in (0, 1, 30, 31))


def test_an_end_that_is_told_again_moves_nothing() -> None:
    life = mail_order()
    life.does(subscribes(JOINED), ends(JOINED + 3 * DAY), ends(JOINED + 9 * DAY))
    assert life.facts.subscriptions["rice"].until == JOINED + 2 * DAY


def test_whoever_leaves_the_club_has_nothing_of_it_until_they_are_back() -> None:
    life = mail_order()
    life.does(subscribes(JOINED), becomes("left", JOINED + DAY))
    assert not is_held(life, JOINED + DAY)
    assert names(life, JOINED + DAY) == []
    life.does(becomes("active", JOINED + 2 * DAY))
    assert is_held(life, JOINED + 2 * DAY)


def test_a_pause_of_the_membership_leaves_the_deliveries_as_they_are() -> None:
    life = mail_order()
    life.does(subscribes(JOINED), becomes("paused", JOINED + DAY))
    assert is_held(life, JOINED + DAY)


def test_its_end_can_be_told_of_somebody_who_left() -> None:
    life = mail_order()
    life.does(subscribes(JOINED), becomes("left", JOINED + DAY), ends(JOINED + 2 * DAY))
    life.does(becomes("active", JOINED + 9 * DAY))
    assert not is_held(life, JOINED + 9 * DAY)


def test_a_subscription_that_the_programme_dropped_brings_nothing() -> None:
    life = mail_order()
    life.does(does(Subscribed("tea"), JOINED, by="staff"))
    assert not is_held(life, JOINED)


@pytest.mark.parametrize(
    ("of_rank", "of_plan", "said"),
    [
        ({"percent": 5}, {"percent": 10}, ["お米の定期便：定期"]),
        ({"percent": 20}, {"percent": 10}, ["ランク"]),
        ({"yen_off": 100}, {"yen_off": 300}, ["お米の定期便：定期"]),
        ({"percent": 5}, {"yen_off": 300}, ["ランク", "お米の定期便：定期"]),
    ],
)
def test_the_better_price_counts_and_never_both(
    of_rank: Part, of_plan: Part, said: list[str]
) -> None:
    ranks = ladder(1)
    ranks["steps"][0]["perks"] = [{"name": text("ランク"), "kind": "price", **of_rank}]
    subscribed = plan(perks=[{"name": text("定期"), "kind": "price", **of_plan}])
    life = Life(club(ranks=ranks, subscriptions=[subscribed]))
    life.does(visits(JOINED), subscribes(JOINED))
    assert names(life, JOINED) == said


def test_of_a_share_and_a_sum_the_till_is_told_to_take_one() -> None:
    subscribed = plan(perks=[PRICE, {"name": text("300円引き"), "kind": "price", "yen_off": 300}])
    life = Life(club(subscriptions=[subscribed]))
    life.does(subscribes(JOINED))
    words = Words(life.timeline.at(life.facts.last_at).programme, "ja")
    ways = [each.how for each in counter_perks(words, life.facts, JOINED)]
    assert all("値引きはどちらか" in way for way in ways)
    assert len(ways) == 2


def test_a_price_on_top_comes_with_the_rank_s() -> None:
    ranks = ladder(1)
    ranks["steps"][0]["perks"] = [{"name": text("ランク"), "kind": "price", "percent": 20}]
    life = Life(club(ranks=ranks, subscriptions=[plan(on_top=True)]))
    life.does(visits(JOINED), subscribes(JOINED))
    assert names(life, JOINED) == ["ランク", "お米の定期便：定期の方は1割引"]


def test_what_staff_give_subscribers_is_given_to_nobody_else() -> None:
    sip = {"name": text("新米の味見"), "every": "month"}
    life = Life(club(subscriptions=[plan(perks=[sip])]))
    key = Perk.model_validate(sip).key
    gives = [does(PerkGiven(key), JOINED + n * DAY, 16, by="staff") for n in range(3)]
    assert life.refused(gives[0]) == "perk_none"
    life.does(subscribes(JOINED), gives[0])
    assert life.refused(gives[1]) == "perk_given"


@pytest.mark.parametrize("kind", ["event", "presale", "early_access", "circle"])
def test_what_goes_by_rank_no_subscription_brings(kind: str) -> None:
    with pytest.raises(ValidationError, match="perk_of_subscription"):
        Subscription.model_validate(plan(perks=[{"name": text("会"), "kind": kind}]))


def test_a_delivery_counts_while_somebody_subscribes() -> None:
    life = mail_order(earning=[rule("delivery", fixed(5))])
    life.does(arrives(JOINED))
    assert life.facts.balance == 0
    life.does(subscribes(JOINED + DAY), arrives(JOINED + 2 * DAY))
    assert life.facts.balance == 5
    life.does(ends(JOINED + 3 * DAY), arrives(JOINED + 4 * DAY))
    assert (life.facts.balance, life.facts.counts["delivery"]) == (5, 1)


def test_the_third_delivery_brings_its_reward() -> None:
    gift = reward(cost=None, given={"kind": "nth_delivery", "at": [3]}, valid_days=30)
    life = mail_order(rewards=[gift])
    life.does(subscribes(JOINED))
    given = [life.does(arrives(JOINED + n * DAY)).vouchers for n in range(4)]
    assert [len(each) for each in given] == [0, 0, 1, 0]
    assert given[2][0].reason == "nth_delivery"


def test_every_second_delivery_earns_by_a_rule() -> None:
    life = mail_order(earning=[rule("delivery", {"kind": "nth", "points": 7, "every": 2})])
    life.does(subscribes(JOINED), *(arrives(JOINED + n * DAY) for n in range(5)))
    assert life.facts.balance == 14


def test_a_delivery_keeps_points_that_go_by_inactivity() -> None:
    points = {"expiry": {"kind": "inactivity", "months": 3, "warn_days": [60, 14]}}
    life = mail_order(points=points)
    life.does(subscribes(JOINED), arrives(JOINED + 50 * DAY))
    assert life.facts.active_on == JOINED + 50 * DAY


def test_of_two_cards_what_was_said_later_counts() -> None:
    mine, theirs = mail_order(), mail_order()
    mine.does(subscribes(JOINED), arrives(JOINED))
    theirs.does(subscribes(JOINED + DAY, until=JOINED + 9 * DAY), arrives(JOINED + DAY))
    both = absorb(None, mine.facts, theirs.facts)
    assert both.subscriptions["rice"] == theirs.facts.subscriptions["rice"]
    assert both.counts["delivery"] == 2
    assert absorb(None, theirs.facts, mine.facts).subscriptions == both.subscriptions


def test_a_plan_of_line_stands_for_the_one_that_names_it() -> None:
    programme = club(subscriptions=[plan(), plan("tea", line_memberships=[3189])])
    found = of_line(programme.subscriptions, 3189)
    assert found is not None
    assert found.id == "tea"
    assert of_line(programme.subscriptions, 7) is None


def test_it_is_told_to_members_and_explained() -> None:
    life = mail_order(ranks=ladder(1))
    life.does(subscribes(JOINED), arrives(JOINED))
    programme = life.timeline.at(life.facts.last_at).programme
    words = Words(programme, "ja")
    assert held_lines(words, life.facts, JOINED) == ("お米の定期便（2026年1月5日から）",)
    assert delivered_line(words, life.facts) == "これまでのお届け 1回"
    told = {section.name: section for section in explain(programme, "ja")}["subscriptions"]
    assert told.sentences == (
        "「お米の定期便」をご利用中の方の特典は「定期の方は1割引（レジで10%引き）」です。"
        "ランクの値引きと重なるときは、お得なほうをお使いいただけます。",
    )


def test_a_mark_of_what_never_was_holds_on_no_day() -> None:
    mark = SubscriptionMark(JOINED, JOINED - DAY, does(Unsubscribed("rice"), JOINED).at)
    assert not mark.holds_on(JOINED)
    assert replace(mark, until=None).holds_on(JOINED)


def test_a_decision_is_no_refusal_for_leavers_but_of_deliveries() -> None:
    life = mail_order()
    life.does(becomes("left", JOINED))
    assert isinstance(life.tries(subscribes(JOINED)), Decision)
    assert isinstance(life.tries(arrives(JOINED + DAY)), Refusal)
