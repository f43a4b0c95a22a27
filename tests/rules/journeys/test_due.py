"""When each journey is due, to whom, and for which period; and when not, with the reason."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import BirthdayTold, Membership, Offered
from rules.facts import Facts, changed
from rules.journeys.arms import is_held_back
from rules.journeys.case import Known
from rules.journeys.due import Due, NotDue, journey_named, journeys_of, to_call
from rules.programme.programme import Programme
from rules.wording.texts import keys
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    badge,
    becomes,
    buys,
    does,
    gets,
    ladder,
    of_day,
    visits,
)
from tests.rules.examples import ROOT
from tests.rules.journeys.people import (
    KINDS,
    Person,
    ask,
    came,
    due_to,
    everything,
    later,
    period,
    why_not,
)

CLUB = everything()


def only(kind: str, **keys: Any) -> Programme:
    """A club with one journey, and what keys say of it."""
    return everything({"kind": kind, **keys})


def born(month: int, day: int, *, on: str, club: Programme = CLUB) -> Person:
    """Somebody with that birthday, looked at on a day (`"05-01"` of 2026 or a full date)."""
    life = Life(club)
    life.does(does(BirthdayTold(month, day), JOINED, 8))
    when = of_day(on) if len(on) == 5 else of_day("01-01").fromisoformat(on)
    return Person(life.until(when), when)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_due_to_somebody(kind: str) -> None:
    answer = ask(CLUB, kind, due_to(kind, CLUB))

    assert isinstance(answer, Due), answer
    assert answer.useful_until > CLUB.shop.opens(due_to(kind, CLUB).day)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_due_to_somebody_who_paused_or_left(kind: str) -> None:
    person = due_to(kind, CLUB)
    for state in ("paused", "left"):
        gone = replace(person, facts=changed(person.facts, membership=state))
        assert why_not(CLUB, kind, gone) == state


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_too_late_some_day_or_not_true_any_more(kind: str) -> None:
    person = later(due_to(kind, CLUB), CLUB, 63)
    person = replace(person, known=replace(person.known, lots=()))
    answer = ask(CLUB, kind, person)

    assert isinstance(answer, NotDue) or kind in ("lapsed", "rank_lost"), answer


def test_every_reason_has_its_sentence() -> None:
    said = re.compile(r"""(?:return|else|NotDue\() ?"(\w+)"|return "(\w+)" if""")
    reasons = set(get_args(Membership))
    for file in ("triggers.py", "due.py"):
        source = (ROOT / "rules" / "journeys" / file).read_text(encoding="utf-8")
        reasons |= {name for found in said.findall(source) for name in found if name}
    sentences = {key.split(".")[2] for key in keys("ja") if key.startswith("journey.not_due.")}

    assert reasons == sentences


# ── Birthdays ──


@pytest.mark.parametrize(
    ("day", "due"), [("04-30", False), ("05-01", True), ("05-31", True), ("06-01", False)]
)
def test_a_birth_month_is_celebrated_from_its_first_day_to_its_last(day: str, due: bool) -> None:
    assert isinstance(ask(CLUB, "birthday", born(5, 12, on=day)), Due) == due


@pytest.mark.parametrize(
    ("day", "due"), [("05-11", False), ("05-12", True), ("05-14", True), ("05-15", False)]
)
def test_a_birthday_is_wished_for_on_the_day_or_soon_after(day: str, due: bool) -> None:
    club = only("birthday", when="day")
    assert isinstance(ask(club, "birthday", born(5, 12, on=day, club=club)), Due) == due


@pytest.mark.parametrize(("day", "due"), [("05-04", False), ("05-05", True)])
def test_it_may_come_some_days_before(day: str, due: bool) -> None:
    club = only("birthday", when="day", days_before=7)
    assert isinstance(ask(club, "birthday", born(5, 12, on=day, club=club)), Due) == due


def test_before_new_year_it_is_next_years_birthday() -> None:
    club = only("birthday", when="day", days_before=7)
    assert period(club, "birthday", born(1, 3, on="12-28", club=club)) == "2027"


@pytest.mark.parametrize(("day", "due"), [("2027-02-27", False), ("2027-02-28", True)])
def test_the_29th_of_february_has_its_day_every_year(day: str, due: bool) -> None:
    club = only("birthday", when="day")
    assert isinstance(ask(club, "birthday", born(2, 29, on=day, club=club)), Due) == due
    assert period(club, "birthday", born(2, 29, on="2028-02-29", club=club)) == "2028"


def test_without_a_birthday_there_is_no_wish() -> None:
    assert why_not(CLUB, "birthday", came(CLUB, "01-10", until="05-01")) == "no_birthday"


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_nobody_gets_one_birthday_twice_however_often_it_is_corrected(
    told: list[tuple[int, int]],
) -> None:
    club = only("birthday", when="day", days_before=10)
    life = Life(everything({"kind": "birthday"}, profile={"birthday_changes_max": 10}))
    sent: list[tuple[str, Any]] = []
    day = JOINED
    for n in range(900):
        day += DAY
        if n % 120 == 0 and n // 120 < len(told):
            month, born_on = told[n // 120]
            life.does(does(BirthdayTold(month, born_on), day, 8))
        last = sent[-1][1] if sent else None
        answer = ask(club, "birthday", Person(life.facts, day, Known(sent_on=last)))
        if isinstance(answer, Due) and answer.period not in [before for before, _ in sent]:
            sent.append((answer.period, day))

    days = [on for _, on in sent]
    assert all(b - a >= timedelta(days=180) for a, b in pairwise(days))
    assert len(sent) == len({on.year for on in days}) or len(sent) <= 3


# ── Away ──


@pytest.mark.parametrize(
    ("days", "step"), [(59, None), (60, 0), (73, 0), (74, None), (90, 1), (150, 2), (164, None)]
)
def test_lapsed_has_its_steps_and_then_stops(days: int, step: int | None) -> None:
    answer = ask(CLUB, "lapsed", later(came(CLUB, "01-10", until="01-10"), CLUB, days))
    assert (answer.step if isinstance(answer, Due) else None) == step


def test_each_absence_has_its_own_period() -> None:
    first = period(CLUB, "lapsed", came(CLUB, "01-10", until="03-11"))
    second = period(CLUB, "lapsed", came(CLUB, "01-10", "03-12", until="05-11"))
    assert first != second


def test_days_on_which_the_shop_was_shut_are_no_absence() -> None:
    shut = {"closed": [{"on": of_day("02-01"), "until": of_day("02-20")}]}
    club = everything(shop=shut)
    assert why_not(club, "lapsed", came(club, "01-10", until="03-11")) == "came_lately"
    assert isinstance(ask(club, "lapsed", came(club, "01-10", until="03-31")), Due)


def test_somebody_just_back_from_a_pause_is_not_missed() -> None:
    life = Life(CLUB)
    life.comes(of_day("01-10"))
    life.does(becomes("paused", of_day("01-20")), becomes("active", of_day("03-01")))
    person = Person(life.until(of_day("03-11")), of_day("03-11"))
    assert why_not(CLUB, "lapsed", person) == "came_lately"


def test_a_journey_for_those_who_rest_reaches_them_alone() -> None:
    club = only("lapsed", states=["paused"], steps=[{"days": 30}])
    life = Life(club)
    life.comes(of_day("01-10"))
    active = Person(life.until(of_day("02-20")), of_day("02-20"))
    life.does(becomes("paused", of_day("02-20")))
    resting = Person(life.until(of_day("03-22")), of_day("03-22"))

    assert why_not(club, "lapsed", active) == "active"
    assert isinstance(ask(club, "lapsed", resting), Due)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("02-02", "came_lately"), ("02-03", None), ("02-07", None), ("02-08", "too_late")],
)
def test_a_rhythm_is_broken_after_twice_its_gap(day: str, expected: str | None) -> None:
    days = ["01-10", "01-14", "01-18", "01-22", "01-26"]
    answer = ask(CLUB, "rhythm", came(CLUB, *days, until=day))
    assert (answer.reason if isinstance(answer, NotDue) else None) == expected


def test_who_comes_every_day_is_left_in_peace_for_a_week() -> None:
    days = [f"01-{n}" for n in range(10, 16)]
    assert why_not(CLUB, "rhythm", came(CLUB, *days, until="01-21")) == "came_lately"
    assert isinstance(ask(CLUB, "rhythm", came(CLUB, *days, until="01-22")), Due)


def test_a_slow_rhythm_is_left_to_other_words() -> None:
    days = ["01-10", "02-10", "03-10", "04-10", "05-10"]
    assert why_not(CLUB, "rhythm", came(CLUB, *days, until="07-20")) == "rhythm_too_slow"


def test_the_same_journey_rests_before_it_comes_again() -> None:
    days = ["01-10", "01-14", "01-18", "01-22", "01-26"]
    person = came(CLUB, *days, until="02-03")
    lately = replace(person, known=Known(sent_on=of_day("01-10")))
    long_ago = replace(person, known=Known(sent_on=of_day("01-04")))
    assert why_not(CLUB, "rhythm", lately) == "written_lately"
    assert isinstance(ask(CLUB, "rhythm", long_ago), Due)


def test_a_good_customer_who_stays_away_is_first_called_and_then_asked() -> None:
    person = due_to("ask_why", CLUB)
    calling = later(replace(person, day=JOINED + DAY * 81), CLUB, 0)
    assert why_not(CLUB, "ask_why", calling) == "call_first"
    assert calls(calling)
    called = Known(called_on=calling.day)
    assert not calls(replace(calling, known=called))
    assert not calls(person)
    assert why_not(CLUB, "ask_why", replace(person, known=called)) == "called"


def calls(person: Person, club: Programme = CLUB, *, salt: str = "1") -> bool:
    """Whether staff are to telephone them."""
    return to_call(club, person.facts, day=person.day, known=person.known, salt=salt)


def test_who_is_held_back_is_not_called_either_and_all_others_are() -> None:
    club = only("ask_why", holdout=0.5)
    journey = journey_named(club, "ask_why")
    assert journey is not None
    calling = later(replace(due_to("ask_why", club), day=JOINED + DAY * 81), club, 0)
    salts = [str(n) for n in range(40)]
    called = [salt for salt in salts if calls(calling, club, salt=salt)]
    assert called == [salt for salt in salts if not is_held_back(journey, salt)]
    assert 5 < len(called) < 35


def test_a_call_about_an_earlier_absence_counts_for_nothing() -> None:
    known = Known(called_on=JOINED)
    assert isinstance(ask(CLUB, "ask_why", replace(due_to("ask_why", CLUB), known=known)), Due)


# ── One short, lost, missed ──


@pytest.mark.parametrize(
    ("day", "expected"), [("03-20", "not_one_short"), ("03-22", None), ("03-27", "too_late")]
)
def test_one_short_waits_for_the_last_days_and_some_peace(day: str, expected: str | None) -> None:
    answer = ask(CLUB, "one_short", came(CLUB, "03-05", "03-19", until=day))
    assert (answer.reason if isinstance(answer, NotDue) else None) == expected


def test_nobody_is_one_short_after_the_visit() -> None:
    person = came(CLUB, "03-05", "03-19", "03-24", until="03-24")
    assert why_not(CLUB, "one_short", person) == "not_one_short"


def test_one_short_of_a_badge_is_told_once_for_the_badge() -> None:
    club = everything(badges=[badge({"kind": "visits", "count": 3})], ranks=None)
    assert period(club, "one_short", came(club, "03-05", "03-19", until="03-22")) == "badge:badge"
    no_badges = everything(
        {"kind": "one_short", "to": ["rank"]},
        badges=[badge({"kind": "visits", "count": 3})],
        ranks=None,
    )
    person = came(no_badges, "03-05", "03-19", until="03-22")
    assert why_not(no_badges, "one_short", person) == "not_one_short"


def test_nobody_is_called_when_the_shop_is_shut_till_the_month_ends() -> None:
    shut = {"closed": [{"on": of_day("03-24"), "until": of_day("03-31")}]}
    club = everything(shop=shut)
    person = came(club, "03-05", "03-19", until="03-24")
    assert why_not(club, "one_short", person) == "not_one_short"


def test_a_lost_rank_is_spoken_of_while_it_can_come_back() -> None:
    days = ["01-10", "01-11", "01-12"]
    assert why_not(CLUB, "rank_lost", came(CLUB, *days, until="03-07")) == "not_yet"
    assert why_not(CLUB, "rank_lost", came(CLUB, *days, until="03-31")) == "no_revival"
    back = came(CLUB, *days, "03-05", until="03-08")
    assert why_not(CLUB, "rank_lost", back) == "no_rank_lost"


def test_a_badge_is_missed_by_one_and_by_no_more() -> None:
    assert why_not(CLUB, "badge_missed", came(CLUB, "02-05", until="02-11")) == "no_badge_missed"
    assert period(CLUB, "badge_missed", due_to("badge_missed", CLUB)) == "winter:2026"


# ── Points, years, yen, rewards ──


def test_a_milestone_is_passed_once_however_it_is_passed_again() -> None:
    club = only("spend", every_yen=10_000)
    life = Life(club)
    life.does(buys(of_day("01-20"), 9_000), buys(of_day("01-21"), 12_000))
    assert period(club, "spend", Person(life.until(of_day("01-22")), of_day("01-22"))) == "20000"
    assert why_not(club, "spend", Person(life.until(of_day("01-28")), of_day("01-28"))) == (
        "too_late"
    )


def test_who_joined_on_the_29th_of_february_has_the_anniversary_on_1_march() -> None:
    leap = of_day("02-28").replace(year=2028) + DAY
    facts = Facts(joined_on=leap, settled=leap, last_at=CLUB.shop.opens(leap))
    assert why_not(CLUB, "anniversary", Person(facts, leap.replace(year=2029, day=28))) == (
        "first_year"
    )
    answer = ask(CLUB, "anniversary", Person(facts, leap.replace(year=2029, month=3, day=1)))
    assert isinstance(answer, Due)
    assert answer.period == "1"


def test_an_invitation_told_in_the_chat_is_not_sent_again() -> None:
    person = due_to("fan_steps", CLUB)
    told = replace(person, known=Known(told_steps=True))
    assert why_not(CLUB, "fan_steps", told) == "told_in_chat"


def test_who_came_again_needs_no_word_after_the_first_visit() -> None:
    person = came(CLUB, "01-10", "01-12", until="01-13")
    assert why_not(CLUB, "first_visit", person) == "came_again"


def test_a_reward_that_is_out_of_stock_is_not_ready() -> None:
    person = replace(due_to("reward_ready", CLUB), known=Known(gone=("cake",)))
    assert why_not(CLUB, "reward_ready", person) == "no_reward_ready"


def test_a_promise_is_spoken_of_before_it_ends() -> None:
    life = Life(CLUB)
    life.does(does(Offered("lapsed", None, 50, of_day("03-31")), of_day("03-01"), 12))
    early, day = Person(life.until(of_day("03-24")), of_day("03-24")), of_day("03-25")
    assert why_not(CLUB, "reward_expiring", early) == "nothing_ends"
    assert period(CLUB, "reward_expiring", Person(life.until(day), day)) == (
        "promise:lapsed:2026-03-31"
    )


def test_a_promise_kept_is_not_spoken_of() -> None:
    life = Life(CLUB)
    life.does(does(Offered("lapsed", None, 50, of_day("03-31")), of_day("03-01"), 12))
    life.does(visits(of_day("03-20")))
    day = of_day("03-25")
    assert why_not(CLUB, "reward_expiring", Person(life.until(day), day)) == "nothing_ends"


# ── Whom it is for, and which there are ──


def test_a_journey_can_be_for_some_ranks_languages_and_regulars_only() -> None:
    person = came(CLUB, "01-10", until="03-11")
    assert why_not(only("lapsed", ranks=["r1"]), "lapsed", person) == "other_rank"
    assert why_not(only("lapsed", languages=["en"]), "lapsed", person) == "other_language"
    assert why_not(only("lapsed", visits_min=2), "lapsed", person) == "few_visits"


def test_the_warnings_that_are_promised_are_always_there() -> None:
    nothing = everything().model_copy(update={"journeys": ()})
    assert [journey.kind for journey in journeys_of(nothing)] == ["points_expiring", "rank_at_risk"]
    assert len(journeys_of(CLUB)) == len(KINDS)


FIVE = ("birthday", "lapsed", "one_short", "points_expiring", "first_visit")


@pytest.mark.parametrize("kind", KINDS)
def test_naming_one_takes_none_of_the_five_away(kind: str) -> None:
    kinds = [journey.kind for journey in journeys_of(everything({"kind": kind}))]
    assert sorted(kinds) == sorted({*FIVE, kind, "rank_at_risk"})


def test_one_of_the_five_can_be_changed_or_switched_off() -> None:
    club = everything(
        {"kind": "lapsed", "id": "long_away", "steps": [{"days": 80}]},
        {"kind": "first_visit", "off": True},
        {"kind": "rhythm", "id": "birthday"},
    )
    assert sorted(journey.id for journey in journeys_of(club)) == [
        "birthday", "long_away", "one_short", "points_expiring", "rank_at_risk",
    ]  # fmt: skip
    assert journey_named(club, "first_visit") is None


def test_a_journey_is_found_by_its_name() -> None:
    found = journey_named(CLUB, "rhythm")
    assert found is not None
    assert found.kind == "rhythm"
    assert journey_named(CLUB, "dropped") is None


def test_points_in_danger_are_those_of_the_lots_that_go_soonest() -> None:
    life = Life(CLUB)
    life.does(gets(50, JOINED))
    assert why_not(CLUB, "points_expiring", Person(life.facts, JOINED)) == "no_points_expiring"


def test_a_club_without_ranks_puts_none_at_risk() -> None:
    club = everything({"kind": "rhythm"}, ranks=None)
    assert why_not(club, "rank_at_risk", came(club, "01-10", until="02-25")) == "rank_is_safe"


def test_ranks_by_points_are_not_one_visit_away() -> None:
    club = everything(ranks=ladder(30, measure="points"))
    person = came(club, "03-05", "03-19", until="03-24")
    assert why_not(club, "one_short", person) == "not_one_short"
